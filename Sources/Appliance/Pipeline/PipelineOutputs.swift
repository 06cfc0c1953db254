// Rendering and writing, the end of the pipeline.

import NetTypes
import Outputs
import Pseudonyms

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
    /// Outputs that render for themselves, and the events that they want.
    private let messages: [MessageOutput]
    private let messageSources: FlowEventKinds
    private let messagesWantStatistics: Bool
    private let pseudonymKey: [UInt8]?

    /// - Parameters:
    ///   - options: what EVE lines hold and which types there are.
    ///   - eveSink: where EVE lines go; nil for nowhere.
    ///   - supplementSink: where lines go that EVE has no room for; nil for nowhere.
    ///   - messages: outputs that render for themselves.
    ///   - pseudonyms: key of pseudonyms, for all lines; nil to write addresses as they are.
    init(
        options: EVEOptions, eveSink: (any LineSink)?, supplementSink: (any LineSink)?, messages: [MessageOutput] = [],
        pseudonyms: [UInt8]? = nil
    ) {
        self.messages = messages
        messageSources = messages.reduce([]) { $0.union($1.sources) }
        messagesWantStatistics = messages.contains { $0.wantsStatistics }
        pseudonymKey = pseudonyms
        types = eveSink == nil && supplementSink == nil ? [] : options.types
        eve = EVERenderer(options)
        supplement = supplementSink == nil ? nil : SupplementRenderer(communityIDSeed: options.communityIDSeed)
        self.eveSink = eveSink
        self.supplementSink = supplementSink
    }

    /// The events that lines are made from.
    var sources: FlowEventKinds {
        types.sources.union(supplement == nil ? [] : SupplementRenderer.sources).union(wantsStatistics ? .tick : [])
            .union(messageSources)
    }

    var wantsStatistics: Bool { types.contains(.stats) || messagesWantStatistics }

    /// Renders one of the batch's parts.
    func render(part: Int, of batch: PipelineBatch) {
        guard eveSink != nil || supplementSink != nil || !messages.isEmpty else { return }
        let count = batch.merged.order.count
        let first = count * part / batch.lines.count
        let last = count * (part + 1) / batch.lines.count
        let lines = batch.lines[part]
        lines.clear()
        if !messages.isEmpty {
            lines.kept = keep(first..<last, isLastPart: part == batch.lines.count - 1, of: batch)
        }
        guard eveSink != nil || supplementSink != nil else { return }
        if first < last {
            var annotations = AnnotationReader(batch.annotations, from: first)
            for index in first..<last {
                let event = batch.merged.event(index, firstOrdinal: batch.firstOrdinal)
                if event.kind == .tick, let due = batch.statistics(at: event.time) {
                    render(due, into: lines)
                }
                if eveSink != nil { eve.render(event, at: index, annotations: &annotations, into: &lines.eve) }
                if let supplement {
                    if annotations.hasIncidents(index) {
                        annotations.forEachIncident(of: index) { supplement.render($0, into: &lines.supplement) }
                    }
                    supplement.render(event, into: &lines.supplement)
                }
            }
        }
        if part == batch.lines.count - 1, batch.purpose == .end, let last = batch.statistics.last {
            render(last, into: lines)
        }
    }

    /// Room for the lines of one part, with the pseudonyms of this run.
    func makeLines() -> RenderedLines {
        let lines = RenderedLines()
        lines.eve.pseudonyms = pseudonymKey.map { AddressPseudonyms(key: $0) }
        lines.supplement.pseudonyms = lines.eve.pseudonyms
        return lines
    }

    private func render(_ statistics: StatisticsSnapshot, into lines: RenderedLines) {
        eve.render(statistics, into: &lines.eve)
        supplement?.render(statistics, into: &lines.supplement)
    }

    /// Copies what outputs want that render for themselves.
    private func keep(_ events: Range<Int>, isLastPart: Bool, of batch: PipelineBatch) -> KeptEvents? {
        var keeper = EventKeeper(wanted: messageSources, AnnotationReader(batch.annotations, from: events.lowerBound))
        for index in events {
            let event = batch.merged.event(index, firstOrdinal: batch.firstOrdinal)
            if event.kind == .tick, let due = batch.statistics(at: event.time) {
                keeper.keep(due)
            }
            keeper.keep(event, at: index)
        }
        if isLastPart, batch.purpose == .end, let last = batch.statistics.last { keeper.keep(last) }
        return keeper.finish()
    }

    /// Writes a batch's lines.
    func write(_ batch: PipelineBatch) {
        for lines in batch.lines {
            if let kept = lines.kept { for output in messages { output.offer(kept) } }
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
