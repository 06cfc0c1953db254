// Flows by the second in which they were last seen.

/// Heads of the lists that hold a shard's flows: one list for each timeout class and second of packet time.
///
/// This is a timer wheel (Varghese and Lauck, Hashed and Hierarchical Timing Wheels, SOSP 1987) that is wound up lazily:
/// a flow is linked under the second in which it was last seen when it was last looked at, and looked at again when
/// that second falls due. So a packet touches no list, and both idle timeouts and the least recently seen flow come
/// from the same lists.
final class TimeLists {
    /// Record index + 1 of each list's first flow, zero when empty.
    private let heads: UnsafeMutableBufferPointer<UInt32>
    /// One bit for each list that holds something: a tick looks here, at two cache lines, before it looks at a list.
    private let occupied: UnsafeMutableBufferPointer<UInt64>
    private var starts = InlineArray<8, Int>(repeating: 0)
    /// Number of lists of each class, a power of two, less one.
    private var masks = InlineArray<8, Int64>(repeating: 0)
    /// Idle timeout of each class, in seconds.
    private(set) var timeouts = InlineArray<8, Int64>(repeating: 0)
    /// For each class, no list before this second holds anything.
    var oldest = InlineArray<8, Int64>(repeating: 0)
    /// Flows linked, by class.
    var counts = InlineArray<8, Int>(repeating: 0)

    init(timeouts: FlowTimeouts) {
        var next = 0
        for timeoutClass in TimeoutClass.allCases {
            let position = Int(timeoutClass.rawValue)
            let seconds = Int64(timeouts.seconds(timeoutClass))
            self.timeouts[position] = seconds
            // A list for each second from the one falling due to the present one, at least.
            var lists = 4
            while lists < Int(seconds) + 2 { lists *= 2 }
            masks[position] = Int64(lists - 1)
            starts[position] = next
            next += lists
        }
        heads = .allocate(capacity: next)
        heads.initialize(repeating: 0)
        occupied = .allocate(capacity: (next + 63) / 64)
        occupied.initialize(repeating: 0)
    }

    deinit {
        heads.deallocate()
        occupied.deallocate()
    }

    /// Seconds that a class has lists for.
    @inline(__always)
    func span(_ timeoutClass: Int) -> Int64 {
        masks[timeoutClass] + 1
    }

    /// Position of a class's list for a second.
    @inline(__always)
    func list(_ timeoutClass: Int, _ second: Int64) -> Int {
        starts[timeoutClass] + Int(second & masks[timeoutClass])
    }

    /// The first flow of a list: record index + 1, zero when empty.
    @inline(__always)
    subscript(list: Int) -> UInt32 {
        get {
            precondition(list >= 0 && list < heads.count)
            return heads[list]
        }
        set {
            precondition(list >= 0 && list < heads.count)
            heads[list] = newValue
            let bit: UInt64 = 1 << UInt64(list & 63)
            if newValue == 0 { occupied[list >> 6] &= ~bit } else { occupied[list >> 6] |= bit }
        }
    }

    /// Whether a list holds nothing.
    @inline(__always)
    func isEmpty(_ list: Int) -> Bool {
        precondition(list >= 0 && list < heads.count)
        return occupied[list >> 6] & (1 << UInt64(list & 63)) == 0
    }
}
