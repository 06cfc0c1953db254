// One shard of the flow table.

import NetTypes
import Synchronization

/// One of the table's shards: records, index, and lists by time.
///
/// Methods marked "owner" may be called only by the thread that has claimed the shard, and they are not reentrant. The
/// reading methods may be called by any thread at any time.
public final class FlowShard: @unchecked Sendable {
    public let index: Int
    /// Most flows it holds.
    public let capacity: Int

    let memory: TableMemory
    let table: IndexHandle
    let published: UnsafeMutablePointer<FlowDelta>
    let timeouts: FlowTimeouts
    let hasher: FlowHasher
    let timeLists: TimeLists
    /// Records handed out at least once; those above were never used.
    var highWater = 0
    /// Marks a free record in its `timeoutClass`. Its version goes on counting, so that a reader notices when a record is
    /// freed and taken again while it copies.
    static let freeMark: UInt8 = 0xff
    /// First free record + 1, linked by `next`.
    var firstFree: UInt32 = 0
    /// Records with a change that was not published yet, in the order of their first change.
    var changed: [UInt32] = []
    /// The tunnels of flows that travel in one.
    var tunnels = TunnelLedger()
    /// Records that `drain` has passed.
    var drained = 0
    /// Packet time as far as this shard has been told, in whole seconds.
    var second: Int64 = 0
    /// Counters since creation. Owner.
    public internal(set) var counters = TableCounters()

    private let owner = Atomic<UInt32>(0)

    private let recordBase: UnsafeMutableRawPointer

    init(
        index: Int, memory: TableMemory, layout: ShardLayout, configuration: TableConfiguration, hasher: FlowHasher
    ) {
        self.index = index
        self.memory = memory
        self.hasher = hasher
        capacity = layout.capacity
        timeouts = configuration.timeouts
        table = layout.index(of: index, in: memory)
        published = layout.deltas(of: index, in: memory)
        recordBase = layout.records(of: index, in: memory)
        timeLists = TimeLists(timeouts: configuration.timeouts)
    }

    @inline(__always)
    func handle(_ record: Int) -> RecordHandle {
        RecordHandle(recordBase + record &* RecordHandle.byteCount)
    }

    /// Hands out a record for the first time. Owner; requires `highWater < capacity`.
    func raiseHighWater() -> Int {
        precondition(highWater < capacity, "a full shard had no flow to evict")
        let end = (highWater + 1) * RecordHandle.byteCount
        if end >= TableMemory.hugePage, end % TableMemory.hugePage < RecordHandle.byteCount {
            // This record is the first to reach into another huge page: from here on they are worth it.
            let page = end / TableMemory.hugePage * TableMemory.hugePage
            memory.preferHugePages(from: recordBase + page, byteCount: TableMemory.hugePage)
            if page == TableMemory.hugePage { memory.makeHugePage(at: recordBase) }
        }
        highWater += 1
        return highWater - 1
    }

    // MARK: Ownership

    /// Takes the shard, if nobody owns it. What the last owner did is visible afterwards. Any thread.
    ///
    /// - Parameter worker: who takes it; not zero.
    public func claim(_ worker: UInt32) -> Bool {
        owner.compareExchange(expected: 0, desired: worker, successOrdering: .acquiring, failureOrdering: .relaxed)
            .exchanged
    }

    /// Gives the shard up, for anyone to claim. Owner.
    public func release(_ worker: UInt32) {
        let previous = owner.exchange(0, ordering: .releasing)
        precondition(previous == worker, "a shard was released by worker \(worker), but \(previous) owns it")
    }

    // MARK: Reading, by any thread at any time

    /// Tries before a reader gives up on a record that is always being written.
    static let readAttempts = 64

    func copy(_ key: FlowKey, hash: UInt64) -> FlowRecord? {
        var result: FlowRecord?
        _ = table.findWhileOwned(hash) { record in
            guard let copy = handle(record).copy(attempts: Self.readAttempts), copy.key == key else { return false }
            result = copy
            return true
        }
        return result
    }

    func forEachFlow(_ body: (FlowRecord) -> Void) {
        for record in 0..<capacity {
            if let copy = handle(record).copy(attempts: Self.readAttempts) { body(copy) }
        }
    }
}
