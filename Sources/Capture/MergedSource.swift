// Several captures as one, by time.

import NetTypes

/// Merges sources by packet time. Each source's own order is kept even where its times go back, and of packets with
/// equal times that of the earlier source comes first, so the result depends on the sources and their order alone.
///
/// Every source is read ahead into a batch of its own. Lent frames are passed on as they are; copied ones are copied
/// once more, since the look-ahead batch is reused. Clock ticks of sources are not passed on: the clock of a merge is
/// the packet it delivers next.
///
/// One thread at a time may call it.
public final class MergedSource: CaptureSource, @unchecked Sendable {
    /// Frames read ahead of a source.
    private static let lookAhead = 256

    /// One source and what was read ahead of it.
    private struct Lane {
        let source: any CaptureSource
        let batch: FrameBatch
        let lendsBytes: Bool
        var next = 0
        var isFinished = false

        var head: Frame? { next < batch.count ? batch[next] : nil }

        /// Reads ahead when nothing is left; false when the source has nothing right now.
        mutating func refill() -> Bool {
            guard next == batch.count else { return true }
            batch.clear()
            next = 0
            while batch.count == 0, !isFinished {
                switch source.read(into: batch) {
                case .finished: isFinished = true
                case .idle: return false
                case .open where batch.count == 0: return false
                case .open: break
                }
            }
            return true
        }
    }

    private var lanes: [Lane]
    /// Lanes that have a head, as a binary heap: the earliest head first, of equal heads the lowest lane.
    private var heap: [Entry] = []
    /// Lanes whose next frame has to be read before anything else can be delivered.
    private var waiting: [Int]

    private struct Entry {
        let time: Timestamp
        let lane: Int

        func comes(before other: Entry) -> Bool {
            time != other.time ? time < other.time : lane < other.lane
        }
    }

    /// - Parameter sources: at least one, in the order that decides between equal times.
    public init(_ sources: [any CaptureSource]) {
        lanes = sources.map { source in
            let lends = source.lendsBytes
            let storage = lends ? 0 : CaptureLimits.frameLength
            return Lane(
                source: source, batch: FrameBatch(capacity: Self.lookAhead, storageCapacity: storage),
                lendsBytes: lends)
        }
        lendsBytes = lanes.allSatisfy(\.lendsBytes)
        waiting = Array(lanes.indices)
        heap.reserveCapacity(lanes.count)
    }

    public let lendsBytes: Bool

    /// The damage of all sources, in the order of the sources.
    public var damage: [CaptureDamage] { lanes.flatMap(\.source.damage) }

    /// The sum over the sources; nil when one of them does not know its total.
    public var progress: (done: Int, total: Int)? {
        var sum = (done: 0, total: 0)
        for lane in lanes {
            guard let progress = lane.source.progress else { return nil }
            sum.done += progress.done
            sum.total += progress.total
        }
        return sum
    }

    /// - Precondition: the batch has `CaptureLimits.frameLength` bytes of storage unless `lendsBytes`.
    public func read(into batch: FrameBatch) -> SourceState {
        precondition(
            lendsBytes || batch.storageCapacity >= CaptureLimits.frameLength,
            "a merge of streams needs a batch that takes the longest frame")
        guard admitWaiting() else { return .open }
        while let first = heap.first {
            let limit = runnerUp
            repeat {
                guard deliver(from: first.lane, into: batch) else { return .open }
            } while mayContinue(first.lane, before: limit)
            advance(first.lane)
            guard waiting.isEmpty || admitWaiting() else { return .open }
        }
        return .finished
    }

    /// Moves the head of a lane into the batch; false when it finds no room.
    private func deliver(from lane: Int, into batch: FrameBatch) -> Bool {
        guard batch.hasRoom, let frame = lanes[lane].head else { return false }
        if lanes[lane].lendsBytes {
            batch.append(frame)
        } else {
            let isCopied = batch.appendCopy(
                of: frame.bytes, wireLength: frame.wireLength, time: frame.time, linkType: frame.linkType,
                interface: frame.interface)
            guard isCopied else { return false }
        }
        lanes[lane].next += 1
        return true
    }

    /// Whether the next frame of the lane, already read, still comes before every other lane's head.
    private func mayContinue(_ lane: Int, before limit: Entry?) -> Bool {
        guard let head = lanes[lane].head else { return false }
        guard let limit else { return true }
        return Entry(time: head.time, lane: lane).comes(before: limit)
    }

    /// The head that comes next after the earliest one.
    private var runnerUp: Entry? {
        switch heap.count {
        case ...1: nil
        case 2: heap[1]
        default: heap[1].comes(before: heap[2]) ? heap[1] : heap[2]
        }
    }

    /// Puts the lane on top of the heap, some of whose frames were delivered, back in its place.
    private func advance(_ lane: Int) {
        if let head = lanes[lane].head {
            heap[0] = Entry(time: head.time, lane: lane)
        } else {
            waiting.append(lane)
            let last = heap.removeLast()
            guard !heap.isEmpty else { return }
            heap[0] = last
        }
        siftDown()
    }

    /// Reads the heads that are missing; false when a source has nothing right now.
    private func admitWaiting() -> Bool {
        while let lane = waiting.last {
            guard lanes[lane].refill() else { return false }
            waiting.removeLast()
            guard let head = lanes[lane].head else { continue }
            heap.append(Entry(time: head.time, lane: lane))
            siftUp()
        }
        return true
    }

    private func siftUp() {
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].comes(before: heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private func siftDown() {
        var parent = 0
        while true {
            var earliest = parent
            // A range, not a list of the two children: the list would be allocated for every packet.
            for child in 2 * parent + 1...2 * parent + 2 where child < heap.count {
                if heap[child].comes(before: heap[earliest]) { earliest = child }
            }
            guard earliest != parent else { return }
            heap.swapAt(parent, earliest)
            parent = earliest
        }
    }
}
