// Spreads a small seed over the whole state of a generator.

/// The entropy pool of NumPy's `SeedSequence`, itself after O'Neill's `seed_seq_fe128`.
struct SeedHash {
    private var pool: [UInt32]

    init(entropy: UInt64) {
        var constant: UInt32 = 0x43b0_d7e5
        func hash(_ word: UInt32) -> UInt32 {
            var mixed = word ^ constant
            constant = constant &* 0x931e_8875
            mixed = mixed &* constant
            return mixed ^ mixed >> 16
        }
        let low = UInt32(truncatingIfNeeded: entropy)
        let high = UInt32(truncatingIfNeeded: entropy >> 32)
        pool = [low, high, 0, 0].map(hash)
        for source in pool.indices {
            for target in pool.indices where target != source {
                let mixed = pool[target] &* 0xca01_f9dd &- hash(pool[source]) &* 0x4973_f715
                pool[target] = mixed ^ mixed >> 16
            }
        }
    }

    /// Four words of 64 bits for a generator's state and increment.
    func words() -> [UInt64] {
        var constant: UInt32 = 0x8b51_f9dd
        let halves = (0..<8).map { position -> UInt64 in
            var mixed = pool[position % pool.count] ^ constant
            constant = constant &* 0x58f3_8ded
            mixed = mixed &* constant
            return UInt64(mixed ^ mixed >> 16)
        }
        return (0..<4).map { halves[2 * $0] | halves[2 * $0 + 1] << 32 }
    }
}
