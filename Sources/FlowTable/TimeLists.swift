// Flows by the second in which they were last seen.

/// Heads of the lists that hold a shard's flows: one list for each timeout class and second of packet time.
///
/// This is a timer wheel (Varghese and Lauck, Hashed and Hierarchical Timing Wheels, SOSP 1987) that is wound up lazily:
/// a flow is linked under the second in which it was last seen when it was last looked at, and looked at again when
/// that second falls due. So a packet touches no list, and both idle timeouts and the least recently seen flow come
/// from the same lists.
struct TimeLists {
    /// Record index + 1 of each list's first flow, zero when empty.
    private(set) var heads: [UInt32]
    private let starts: [Int]
    private let spans: [Int64]
    let timeouts: [Int64]
    /// For each class, no list before this second holds anything.
    var oldest: [Int64]
    /// Flows linked, by class.
    private(set) var counts: [Int]

    init(timeouts: FlowTimeouts) {
        self.timeouts = TimeoutClass.allCases.map { Int64(timeouts.seconds($0)) }
        // A list for each second from the one falling due to the present one.
        spans = self.timeouts.map { $0 + 2 }
        var next = 0
        starts = spans.map { span in
            defer { next += Int(span) }
            return next
        }
        heads = Array(repeating: 0, count: next)
        oldest = Array(repeating: 0, count: spans.count)
        counts = Array(repeating: 0, count: spans.count)
    }

    /// Position in `heads` of a class's list for a second.
    @inline(__always)
    func list(_ timeoutClass: Int, _ second: Int64) -> Int {
        let span = spans[timeoutClass]
        let rest = second % span
        return starts[timeoutClass] + Int(rest < 0 ? rest + span : rest)
    }

    @inline(__always)
    subscript(list: Int) -> UInt32 {
        get { heads[list] }
        set { heads[list] = newValue }
    }

    @inline(__always)
    mutating func count(_ timeoutClass: Int, _ difference: Int) {
        counts[timeoutClass] += difference
    }
}
