// The total order of a batch's events.

import NetTypes

/// Brings the events of all buffers of a batch into one order: by position, then by buffer, then as appended.
///
/// Every event of a packet comes from one buffer or from a fixed sequence of buffers, so the order does not depend on
/// which worker did what.
final class MergedEvents {
    /// Names one event.
    struct Reference {
        var buffer: UInt16
        var index: UInt32
    }

    private let sources: [EventBuffer]
    private(set) var order: [Reference] = []
    private var starts: [UInt32] = []

    init(sources: [EventBuffer]) {
        self.sources = sources
    }

    func clear() {
        order.removeAll(keepingCapacity: true)
    }

    /// Sorts the events of all buffers (counting sort by position).
    ///
    /// - Parameter positions: all positions are below this.
    func merge(positions: Int) {
        let total = sources.reduce(0) { $0 + $1.headers.count }
        order.removeAll(keepingCapacity: true)
        guard total > 0 else { return }
        starts.removeAll(keepingCapacity: true)
        starts.append(contentsOf: repeatElement(0, count: positions + 2))
        for source in sources {
            for header in source.headers { starts[Int(header.position) + 1] += 1 }
        }
        for position in 1..<starts.count { starts[position] += starts[position - 1] }
        order.append(contentsOf: repeatElement(Reference(buffer: 0, index: 0), count: total))
        for (buffer, source) in sources.enumerated() {
            for (index, header) in source.headers.enumerated() {
                let place = Int(starts[Int(header.position)])
                order[place] = Reference(buffer: UInt16(buffer), index: UInt32(index))
                starts[Int(header.position)] += 1
            }
        }
    }

    /// The event at `index` of the order.
    func event(_ index: Int, firstOrdinal: UInt64) -> StreamEvent {
        let reference = order[index]
        let buffer = sources[Int(reference.buffer)]
        let header = buffer.headers[Int(reference.index)]
        return StreamEvent(header: header, buffer: buffer, ordinal: firstOrdinal + UInt64(header.position))
    }
}
