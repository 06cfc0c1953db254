// The heaviest items of a stream in fixed memory.

/// Something that can be counted in a `SpaceSaving` table.
protocol SummaryKey: Equatable {
    /// Spreads keys over sets; the same in every run.
    var spread: UInt64 { get }
    /// Any key, to fill empty places with.
    static var filler: Self { get }
}

/// What is counted for an item.
protocol SummaryValue {
    init()
    /// What makes one item heavier than another.
    var weight: UInt64 { get }
}

/// Finds the heavy items of a weighted stream in fixed memory: Space-Saving (Metwally, Agrawal, El Abbadi: Efficient
/// Computation of Frequent and Top-k Elements in Data Streams, ICDT 2005).
///
/// The table is cut into sets of eight places; a key belongs to one set, and each set is a Space-Saving summary of the
/// items that fall into it, so that an update reads one line of tags instead of keeping a global order. A new item
/// takes the place of the lightest of its set and inherits its estimate as error: an item's true weight lies between
/// `value.weight` and `value.weight + error`, the error is at most an eighth of what its set has seen, and nothing
/// heavier than that is missing. As long as no item was displaced the table is exact.
struct SpaceSaving<Key: SummaryKey, Value: SummaryValue> {
    private static var ways: Int { 8 }

    private let mask: Int
    /// Eight tags a set; zero marks an empty place. Places of a set are filled in order and never emptied.
    private var tags: [UInt32]
    private(set) var keys: [Key]
    private(set) var errors: [UInt64]
    var values: [Value]
    /// Items that lost their place.
    private(set) var displaced = 0

    /// - Parameter capacity: places, a power of two of at least eight.
    init(capacity: Int) {
        precondition(capacity >= Self.ways && capacity & (capacity - 1) == 0, "capacity is a power of two")
        mask = capacity / Self.ways - 1
        tags = Array(repeating: 0, count: capacity)
        keys = Array(repeating: .filler, count: capacity)
        errors = Array(repeating: 0, count: capacity)
        values = Array(repeating: Value(), count: capacity)
    }

    /// The place of a key, or the place it should take: an empty one, or the lightest of its set.
    @inline(__always)
    func place(of key: Key) -> Place {
        let spread = key.spread
        let tag = Self.tag(spread)
        let first = (Int(truncatingIfNeeded: spread) & mask) &* Self.ways
        for index in first..<(first &+ Self.ways) {
            if tags[index] == tag, keys[index] == key { return .found(index) }
            if tags[index] == 0 { return .empty(index) }
        }
        return .occupied(lightest(of: first))
    }

    /// What `place(of:)` found.
    enum Place {
        case found(Int)
        case empty(Int)
        /// The place of another item, whose counts should be saved before `insert`.
        case occupied(Int)
    }

    /// Puts a key with fresh counts where `place(of:)` said.
    mutating func insert(_ key: Key, at index: Int) {
        if tags[index] != 0 {
            errors[index] += values[index].weight
            displaced += 1
        }
        tags[index] = Self.tag(key.spread)
        keys[index] = key
        values[index] = Value()
    }

    /// The occupied places, in the table's order.
    var occupied: [Int] { tags.indices.filter { tags[$0] != 0 } }

    private func lightest(of first: Int) -> Int {
        var best = first
        var least = UInt64.max
        for index in first..<(first + Self.ways) {
            let estimate = errors[index] + values[index].weight
            if estimate < least { (best, least) = (index, estimate) }
        }
        return best
    }

    @inline(__always)
    private static func tag(_ spread: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: spread >> 32) | 1 }
}

/// Folds the 128-bit product of two words, the mixing step of wyhash (Wang Yi, 2019).
@inline(__always)
func mixed(_ left: UInt64, _ right: UInt64) -> UInt64 {
    let product = (left ^ 0xa076_1d64_78bd_642f).multipliedFullWidth(by: right ^ 0xe703_7ed1_a0b4_28db)
    return product.high ^ product.low
}
