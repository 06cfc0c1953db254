// The keyed hash that spreads flows over shards and index.

/// SipHash-1-3 of a flow key under a secret (Aumasson and Bernstein, SipHash: a fast short-input PRF, 2012).
///
/// Nobody who does not know the secret can choose keys that collide more often than random ones. Live capture draws a
/// secret per run; replay uses a stated one, so that two runs agree.
@frozen
public struct FlowHasher: Sendable {
    @usableFromInline let firstKey: UInt64
    @usableFromInline let secondKey: UInt64

    /// The secret of replays unless the user gives another: runs must be repeatable.
    public static let replay = FlowHasher(firstKey: replayKeys.first, secondKey: replayKeys.second)

    /// The keys of `replay`.
    public static let replayKeys: (first: UInt64, second: UInt64) = (0x6c65_7074_6f6e_6e65, 0x7420_7265_706c_6179)

    @inlinable
    public init(firstKey: UInt64, secondKey: UInt64) {
        self.firstKey = firstKey
        self.secondKey = secondKey
    }

    /// The hash of a canonical key; equal for both directions of a flow.
    @inlinable
    public func hash(_ key: FlowKey) -> UInt64 {
        var state = SipState(firstKey, secondKey)
        if key.isIPv6 {
            state.absorb(key.firstHigh)
            state.absorb(key.firstLow)
            state.absorb(key.secondHigh)
            state.absorb(key.secondLow)
            state.absorb(key.portWord)
            return state.finish(tail: key.shapeWord, byteCount: 42)
        }
        state.absorb(key.firstLow << 32 | key.secondLow)
        state.absorb(key.portWord)
        return state.finish(tail: key.shapeWord, byteCount: 18)
    }

    /// The hash of two words, for what is not a flow key: fragments, identifiers.
    @inlinable
    public func hash(_ first: UInt64, _ second: UInt64) -> UInt64 {
        var state = SipState(firstKey, secondKey)
        state.absorb(first)
        state.absorb(second)
        return state.finish(tail: 0, byteCount: 16)
    }
}

/// The four words of a SipHash computation.
@frozen @usableFromInline
struct SipState {
    @usableFromInline var v0: UInt64
    @usableFromInline var v1: UInt64
    @usableFromInline var v2: UInt64
    @usableFromInline var v3: UInt64

    @inlinable @inline(__always)
    init(_ firstKey: UInt64, _ secondKey: UInt64) {
        v0 = firstKey ^ 0x736f_6d65_7073_6575
        v1 = secondKey ^ 0x646f_7261_6e64_6f6d
        v2 = firstKey ^ 0x6c79_6765_6e65_7261
        v3 = secondKey ^ 0x7465_6462_7974_6573
    }

    @inlinable @inline(__always)
    mutating func round() {
        v0 &+= v1
        v1 = (v1 << 13 | v1 >> 51) ^ v0
        v0 = v0 << 32 | v0 >> 32
        v2 &+= v3
        v3 = (v3 << 16 | v3 >> 48) ^ v2
        v0 &+= v3
        v3 = (v3 << 21 | v3 >> 43) ^ v0
        v2 &+= v1
        v1 = (v1 << 17 | v1 >> 47) ^ v2
        v2 = v2 << 32 | v2 >> 32
    }

    @inlinable @inline(__always)
    mutating func absorb(_ word: UInt64) {
        v3 ^= word
        round()
        v0 ^= word
    }

    /// `tail` holds the message's last `byteCount % 8` bytes in its low part.
    @inlinable @inline(__always)
    mutating func finish(tail: UInt64, byteCount: UInt64) -> UInt64 {
        absorb(byteCount << 56 | tail)
        v2 ^= 0xff
        round()
        round()
        round()
        return v0 ^ v1 ^ v2 ^ v3
    }
}
