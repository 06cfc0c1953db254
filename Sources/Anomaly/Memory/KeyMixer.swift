// Keys for the detector's tables.

import NetTypes

/// Makes well-mixed 64-bit keys from addresses, numbers and text under the run's secret.
///
/// Addresses and text go through the keyed hash, so that nobody outside can choose values that meet in one set; the
/// combination of already secret words is a plain mixer (the finalizer of SplitMix64: Steele, Lea, Flood, OOPSLA 2014).
struct KeyMixer {
    private let hasher: FlowHasher

    init(_ hasher: FlowHasher) {
        self.hasher = hasher
    }

    @inline(__always)
    func key(_ address: IPAddress) -> UInt64 {
        hasher.hash(address.high ^ (address.isIPv6 ? 1 : 0), address.low)
    }

    @inline(__always)
    func key(_ first: UInt64, _ second: UInt64) -> UInt64 {
        hasher.hash(first, second)
    }

    /// Key of text, ASCII letters in one case when `folded`.
    func key(_ text: UnsafeRawBufferPointer, folded: Bool = false) -> UInt64 {
        var state: UInt64 = UInt64(text.count)
        var word: UInt64 = 0
        var filled = 0
        for byte in text {
            let isCapital = folded && byte >= 65 && byte <= 90
            word = word << 8 | UInt64(isCapital ? byte | 32 : byte)
            filled += 1
            if filled == 8 {
                state = hasher.hash(state, word)
                word = 0
                filled = 0
            }
        }
        return hasher.hash(state, word)
    }

    /// A key in the half of a table that strangers share, or in the other one.
    @inline(__always)
    static func mark(_ key: UInt64, foreign: Bool) -> UInt64 { foreign ? key | 1 << 63 : key & ~(1 << 63) }

    @inline(__always)
    static func combine(_ first: UInt64, _ second: UInt64) -> UInt64 {
        var mixed = (first << 23 | first >> 41) ^ (second &* 0x9e37_79b9_7f4a_7c15)
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
