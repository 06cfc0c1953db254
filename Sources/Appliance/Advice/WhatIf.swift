// `leptonnet whatif`: a recommendation tried on past traffic.

import Advice
import Glibc
import NetTypes
import Outputs

/// Replays captures with a rule in force from their first packet on, and says what it would have hit.
public struct WhatIf {
    private let settings: ReplaySettings
    private let rule: FilterRule
    private let recommendation: Recommendation

    /// - Throws: `UserError` when the file is no recommendation, breaks an invariant, or filters nothing.
    public init(_ settings: ReplaySettings, recommendation path: String, site: SiteFile) throws(UserError) {
        let bytes = try FileBytes.read(path, expecting: "a recommendation of `leptonnet recommend`")
        recommendation = try RecommendationFile.recommendation(bytes, path: path, gate: Gate(site: site.site))
        guard let rule = recommendation.proposal.filter else {
            throw UserError("\(path): changes queues or routes, which drop nothing; `leptonnet verify` tries it")
        }
        self.rule = rule
        self.settings = settings
    }

    /// Replays and prints a table of the flows that would have lost most.
    ///
    /// - Returns: whether all of the input was read.
    public func run() throws(UserError) -> Bool {
        let observer = WhatIfObserver(rule)
        var settings = settings
        settings.output = nil
        settings.wantsSummary = false
        let report = try Replay(settings, observers: [observer]).run()
        let (radius, hardest) = observer.finish()
        var lines = ["\(recommendation.proposal.what)", "  \(radius.text)", ""]
        if !hardest.isEmpty { lines.append("  dropped      of           packets  score    flow") }
        for (flow, impact) in hardest {
            lines.append(
                "  "
                    + [
                        Self.column(HumanUnits.bytes(UInt64(impact.bytesDropped)), 13),
                        Self.column(HumanUnits.bytes(UInt64(impact.bytesMatched)), 13),
                        Self.column("\(Int(impact.packetsDropped.rounded()))", 9),
                        Self.column(flow.score.map { Self.score($0) } ?? "-", 9),
                        "\(IPProtocol.name(flow.transport).map { "\($0)" } ?? "\(flow.transport)") "
                            + "\(flow.client) \(flow.clientPort) -> \(flow.server) \(flow.serverPort)",
                    ].joined())
        }
        Terminal.write(lines.joined(separator: "\n") + "\n", to: STDOUT_FILENO)
        return report.isComplete
    }

    private static func column(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    private static func score(_ millionths: Int64) -> String {
        millionths < BlastRadius.normalBelow ? "normal" : "0.\(String(millionths + 1_000_000).dropFirst().prefix(3))"
    }
}

/// Passes everything that flows do through a rule.
final class WhatIfObserver: EventObserver {
    private var replay: RuleReplay
    private let rule: FilterRule
    private var flows: [ObservedFlow] = []
    private var live: [FlowKey: Int] = [:]
    private var seconds: (first: Int64, last: Int64)?
    private var total = 0

    init(_ rule: FilterRule) {
        self.rule = rule
        replay = RuleReplay(rule)
    }

    var interests: FlowEventKinds { [.changed, .closed] }

    func observe(_ event: StreamEvent, annotations: inout FlowAnnotations) {
        let record = event.flow
        guard event.kind == .changed else {
            total += 1
            if let number = live.removeValue(forKey: record.key) {
                flows[number].score = annotations.score
                flows[number].confirm(record)
            }
            return
        }
        let second = FlowHistory.second(of: event)
        seconds = (seconds?.first ?? second, max(second, seconds?.last ?? second))
        let flow = ObservedFlow(record)
        guard !flow.isTunnelled, touches(flow) else { return }
        let number: Int
        if let known = live[record.key] {
            number = known
        } else {
            number = flows.count
            flows.append(flow)
            live[record.key] = number
        }
        FlowHistory.forEachDirection(of: event, flow) {
            source, sourcePort, destination, destinationPort, packets, bytes in
            replay.add(
                second: second, flow: number, source: source, destination: destination, transport: flow.transport,
                sourcePort: sourcePort, destinationPort: destinationPort, packets: packets, bytes: bytes)
        }
    }

    /// Whether either direction can match; others need not be remembered.
    private func touches(_ flow: ObservedFlow) -> Bool {
        rule.matches(
            source: flow.client, destination: flow.server, transport: flow.transport, sourcePort: flow.clientPort,
            destinationPort: flow.serverPort)
            || rule.matches(
                source: flow.server, destination: flow.client, transport: flow.transport, sourcePort: flow.serverPort,
                destinationPort: flow.clientPort)
    }

    /// The whole effect, and the flows that lose most.
    func finish() -> (radius: BlastRadius, hardest: [(flow: ObservedFlow, impact: RuleReplay.Impact)]) {
        replay.finish()
        var radius = BlastRadius()
        radius.seconds = seconds.map { Int($0.last - $0.first + 1) } ?? 0
        radius.flows = total
        radius.count(replay.impacts) { flows[$0] }
        let hardest = replay.impacts.filter { $0.value.packetsDropped >= 0.5 }
            .sorted { ($1.value.bytesDropped, $0.key) < ($0.value.bytesDropped, $1.key) }.prefix(20)
        return (radius, hardest.map { (flows[$0.key], $0.value) })
    }
}
