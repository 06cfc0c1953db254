// Flows that wait for an answer.

/// A flow that is a failure unless it is answered in time.
struct AwaitedFlow {
    var flow: UInt64 = 0
    var started: UInt32 = 0
    var keys: FlowKeys
}

/// Waiting flows in the order of their starts: all wait equally long, so the first in is the first out.
struct FailureQueue {
    /// Most flows that wait; those beyond count as answered, which a flood of starts makes up for by its other evidence.
    static let capacity = 1 << 15
    /// Ticks a flow waits: three seconds.
    static let patience: UInt32 = 3 * DetectorClock.ticksPerSecond

    private var ring: [AwaitedFlow?] = Array(repeating: nil, count: Self.capacity)
    private var head = 0
    private var count = 0
    private(set) var shed = 0

    mutating func add(_ flow: AwaitedFlow) {
        guard count < Self.capacity else {
            shed += 1
            return
        }
        ring[(head + count) % Self.capacity] = flow
        count += 1
    }

    /// Takes the next flow that has waited long enough at `now`.
    mutating func takeOverdue(_ now: UInt32) -> AwaitedFlow? {
        guard count > 0, let first = ring[head], Int32(bitPattern: now &- first.started) >= Int32(Self.patience) else {
            return nil
        }
        head = (head + 1) % Self.capacity
        count -= 1
        return first
    }

    /// Saves the waiting flows, or takes them up into an empty queue.
    mutating func exchange(_ archive: ModelArchive) {
        var waiting = (0..<count).compactMap { ring[(head + $0) % Self.capacity] }
        archive.exchange(&waiting, atMost: Self.capacity)
        archive.exchange(&shed)
        guard archive.isReading else { return }
        for (place, flow) in waiting.enumerated() { ring[place] = flow }
        head = 0
        count = waiting.count
    }
}
