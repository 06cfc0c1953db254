// Counts over a sliding window.

/// Counts things in a sliding window of six slots; the window covers five slots and the current one's past part.
///
/// Counting distinct things is exact up to a slot's width: the caller says when it saw the thing last, and a thing seen
/// within the window moves to the current slot instead of being counted twice.
struct WindowCount {
    static let slots: UInt32 = 6

    private var counts: InlineArray<6, UInt16> = .init(repeating: 0)
    /// Number of the current slot since the clock's zero.
    private var slot: UInt32 = 0
    private var total: UInt32 = 0

    /// Counts a thing seen at tick `now`.
    ///
    /// - Parameters:
    ///   - last: when the same thing was counted last; zero to count every one.
    ///   - width: ticks in a slot, a sixth of the window.
    /// - Returns: the count, this one included.
    @inline(__always)
    mutating func add(_ now: UInt32, last: UInt32 = 0, width: UInt32) -> Int {
        let current = now / width
        advance(to: current)
        if last != 0 {
            let earlier = last / width
            if earlier <= current, current - earlier < Self.slots {
                let place = Int(earlier % Self.slots)
                if counts[place] > 0 {
                    counts[place] -= 1
                    total -= 1
                }
            }
        }
        let place = Int(current % Self.slots)
        if counts[place] < .max {
            counts[place] += 1
            total += 1
        }
        return Int(total)
    }

    /// The count at tick `now`.
    mutating func count(_ now: UInt32, width: UInt32) -> Int {
        advance(to: now / width)
        return Int(total)
    }

    /// Empties the slots that time has passed by. Time that goes back stays in the current slot.
    @inline(__always)
    private mutating func advance(to current: UInt32) {
        guard current > slot else { return }
        if current - slot >= Self.slots {
            if total > 0 { counts = .init(repeating: 0) }
            total = 0
        } else {
            var next = slot + 1
            while next <= current {
                let place = Int(next % Self.slots)
                total -= UInt32(counts[place])
                counts[place] = 0
                next += 1
            }
        }
        slot = current
    }
}
