// Rendering and writing, the end of the pipeline.

import NetTypes
import Outputs

/// Turns a batch's events into lines and writes them.
///
/// `render` may be called by several threads at a time for different parts of a batch; `write` by one at a time, batch
/// after batch.
final class PipelineOutputs: @unchecked Sendable {
    private let eve: EVERenderer
    private let supplement: SupplementRenderer?
    private let eveSink: (any LineSink)?
    private let supplementSink: (any LineSink)?
    private let types: EVEEventTypes

    /// - Parameters:
    ///   - options: what EVE lines hold and which types there are.
    ///   - eveSink: where EVE lines go; nil for nowhere.
    ///   - supplementSink: where lines go that EVE has no room for; nil for nowhere.
    init(options: EVEOptions, eveSink: (any LineSink)?, supplementSink: (any LineSink)?) {
        types = eveSink == nil && supplementSink == nil ? [] : options.types
        eve = EVERenderer(options)
        supplement = supplementSink == nil ? nil : SupplementRenderer(communityIDSeed: options.communityIDSeed)
        self.eveSink = eveSink
        self.supplementSink = supplementSink
    }

    /// The events that lines are made from.
    var sources: FlowEventKinds {
        types.sources.union(supplement == nil ? [] : SupplementRenderer.sources).union(wantsStatistics ? .tick : [])
    }

    var wantsStatistics: Bool { types.contains(.stats) }

    /// Renders one of the batch's parts.
    func render(part: Int, of batch: PipelineBatch) {
        guard eveSink != nil || supplementSink != nil else { return }
        let count = batch.merged.order.count
        let first = count * part / batch.lines.count
        let last = count * (part + 1) / batch.lines.count
        let lines = batch.lines[part]
        lines.clear()
        if first < last {
            var annotations = AnnotationReader(batch.annotations, from: first)
            for index in first..<last {
                let event = batch.merged.event(index, firstOrdinal: batch.firstOrdinal)
                if event.kind == .tick, let due = batch.statistics.first(where: { $0.time == event.time }) {
                    render(due, into: lines)
                }
                if eveSink != nil { eve.render(event, at: index, annotations: &annotations, into: &lines.eve) }
                supplement?.render(event, into: &lines.supplement)
            }
        }
        if part == batch.lines.count - 1, batch.purpose == .end, let last = batch.statistics.last {
            render(last, into: lines)
        }
    }

    private func render(_ statistics: StatisticsSnapshot, into lines: RenderedLines) {
        eve.render(statistics, into: &lines.eve)
        supplement?.render(statistics, into: &lines.supplement)
    }

    /// Writes a batch's lines.
    func write(_ batch: PipelineBatch) {
        for lines in batch.lines {
            eveSink?.write(lines.eve.buffer)
            supplementSink?.write(lines.supplement.buffer)
        }
    }

    /// Closes the sinks. Returns what went wrong with them, in words.
    func close() -> [String] {
        [eveSink, supplementSink].compactMap { sink in
            do {
                try sink?.close()
                return nil
            } catch {
                return "\(error)"
            }
        }
    }
}
