// What is done to a capture to make a variant of it.

/// Changes bytes at random places, the same for the same seed.
struct Mutation {
    private static let extremes: [UInt8] = [0, 0xff, 0x7f, 0x80, 0x01, 0x20]

    private var random: SplitMix

    init(seed: UInt64) {
        random = SplitMix(state: seed)
    }

    /// A changed copy of the bytes.
    ///
    /// In half of the variants only bytes of packets are flipped, which leaves the capture's records where they are, so
    /// that the readers of all packets get to see changes; in the others bytes are flipped, cut and inserted anywhere.
    ///
    /// - Parameter packets: where packets lie in the bytes, as far as that is known.
    mutating func change(_ bytes: [UInt8], packets: [Range<Int>]) -> [UInt8] {
        var bytes = bytes
        if !packets.isEmpty, random.below(2) == 0 {
            // From one change to about two a packet.
            for _ in 0..<(1 + random.below(2 * packets.count)) {
                let packet = packets[random.below(packets.count)]
                // Headers and the beginnings of messages are where most decisions are made.
                let count = random.below(2) == 0 ? min(packet.count, 100) : packet.count
                change(&bytes, at: packet.lowerBound + random.below(count), kinds: 3)
            }
        } else {
            for _ in 0..<(1 << random.below(4)) where !bytes.isEmpty {
                change(&bytes, at: random.below(bytes.count), kinds: 8)
            }
        }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8], at place: Int, kinds: Int) {
        switch random.below(kinds) {
        case 0:
            bytes[place] ^= 1 << UInt8(random.below(8))
        case 1:
            bytes[place] = UInt8(random.below(256))
        case 2:
            bytes[place] = Self.extremes[random.below(Self.extremes.count)]
        case 3:
            let value = Self.extremes[random.below(Self.extremes.count)]
            for index in place..<min(place + 1 << random.below(3), bytes.count) { bytes[index] = value }
        case 4:
            bytes.removeSubrange(place..<min(place + 1 + random.below(64), bytes.count))
        case 5:
            bytes.insert(contentsOf: (0...random.below(64)).map { _ in UInt8(random.below(256)) }, at: place)
        case 6:
            // A piece from elsewhere: records and messages that are sound, but in the wrong place.
            let source = random.below(bytes.count)
            let piece = Array(bytes[source..<min(source + 1 + random.below(2000), bytes.count)])
            bytes.insert(contentsOf: piece, at: place)
        default:
            if random.below(8) == 0 { bytes.removeSubrange(place...) }
        }
    }
}

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014).
private struct SplitMix {
    var state: UInt64

    /// A number below `limit`, which must be positive. The bias is of no interest here.
    mutating func below(_ limit: Int) -> Int {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return Int((mixed ^ (mixed >> 31)) % UInt64(limit))
    }
}
