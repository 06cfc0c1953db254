// Makes recommendations while events come in.

import NetTypes

/// Answers alerts with filters, some seconds after each, so that what raised it has been seen. Used by one thread.
public final class Advisor {
    /// What came of an alert.
    public enum Outcome: Sendable {
        case recommended(Recommendation)
        /// A rule was found and the gate refused it.
        case refused(Refusal, what: String, incident: String?)
        /// No rule would help, and why.
        case unanswered(reason: String, signature: String, incident: String)

        var isRecommended: Bool {
            if case .recommended = self { true } else { false }
        }
    }

    public let history: FlowHistory
    let gate: Gate
    private let siteDigest: String
    /// Alerts whose answer is due at the end of a second, and when it is asked for the last time.
    private var pending: [(due: Int64, last: Int64, alert: Alert)] = []
    private var places: [UInt64: Int] = [:]
    /// The latest outcome of each incident, in the order in which incidents began.
    public private(set) var outcomes: [Outcome] = []
    /// Seconds in which each outcome was found.
    private var found: [Int64] = []
    private let settling: ClosedRange<Int64>
    private let actsAlone: Bool
    /// Told every answer as it is found.
    public var onAnswer: ((Outcome) -> Void)?

    /// - Parameters:
    ///   - settling: seconds between an alert and its answer: the first attempt, and the last one when those before recommend
    ///     nothing.
    ///   - actsAlone: whether answers are applied without anybody's look; one host is then limited only for what it sends in
    ///     plenty.
    public init(site: Site, settling: ClosedRange<Int64> = 5...5, actsAlone: Bool = false) {
        self.actsAlone = actsAlone
        gate = Gate(site: site)
        self.settling = settling
        siteDigest = site.digest
        history = FlowHistory(window: site.limits.window)
    }

    /// Takes note of an event and the alerts it raised.
    public func observe(_ event: StreamEvent, score: Int64?, alerts: some Sequence<Alert>) {
        history.observe(event, score: score)
        if !digests.isEmpty { digests.removeAll(keepingCapacity: true) }
        for alert in alerts where pending.count < Self.mostPending {
            let second = alert.time.seconds
            pending.append((second + settling.lowerBound, second + settling.upperBound, alert))
        }
        if event.kind == .tick { answer(until: event.time.seconds) }
    }

    /// Answers what is still open, at the end of a capture.
    public func finish(at time: Timestamp) {
        for question in pending { answer(question.alert, before: min(question.last, time.seconds + 1)) }
        pending = []
    }

    /// Answers what is due, the riskiest first. Each answer looks through the whole window, so only so many are given in a
    /// second: a storm of alerts must not hold up the packets. The others come in the seconds after.
    private func answer(until second: Int64) {
        guard pending.contains(where: { $0.due <= second }) else { return }
        var due = pending.indices.filter { pending[$0].due <= second }
        due.sort { (pending[$1].alert.risk, $0) < (pending[$0].alert.risk, $1) }
        let now = due.prefix(Self.mostAnswers).sorted()
        let questions = now.map { pending[$0] }
        for index in now.reversed() { pending.remove(at: index) }
        for question in questions {
            if !answer(question.alert, before: question.due), question.due < question.last {
                pending.append((question.due + 1, question.last, question.alert))
            }
        }
    }

    /// Answers given in a second, and alerts that may wait for one.
    private static let mostAnswers = 8
    private static let mostPending = 4096
    /// Digests of the window before a second, as long as nothing is observed in between.
    private var digests: [Int64: String] = [:]

    private func digest(before end: Int64) -> String {
        if let known = digests[end] { return known }
        let digest = history.digest(before: end)
        digests[end] = digest
        return digest
    }

    /// Takes up a recommendation that an earlier run made and that still holds.
    public func adopt(_ recommendation: Recommendation, at time: Timestamp) {
        if let name = recommendation.proposal.incident, let incident = UInt64(name.dropFirst(2), radix: 16) {
            places[incident] = outcomes.count
        }
        outcomes.append(.recommended(recommendation))
        found.append(time.seconds)
    }

    /// Forgets outcomes that were found before a second, so that a run without end stays bounded.
    public func forget(before second: Int64) {
        guard found.contains(where: { $0 < second }) else { return }
        let kept = found.indices.filter { found[$0] >= second }
        var moved: [Int: Int] = [:]
        for (new, old) in kept.enumerated() { moved[old] = new }
        places = places.compactMapValues { moved[$0] }
        outcomes = kept.map { outcomes[$0] }
        found = kept.map { found[$0] }
    }

    /// Rules that are recommended at a time: their lifetimes overlap it.
    private func inForce(at time: Timestamp, besides place: Int?) -> Int {
        outcomes.enumerated().count { index, outcome in
            guard index != place, case .recommended(let recommendation) = outcome else { return false }
            return recommendation.expires > time
        }
    }

    /// Returns whether something is recommended.
    @discardableResult
    private func answer(_ alert: Alert, before end: Int64) -> Bool {
        let incident = Self.name(alert.incident)
        let place = places[alert.incident]
        let outcome = outcome(for: alert, incident: incident, before: end, place: place)
        // An escalation that is refused leaves the limit before it standing.
        if let place {
            if outcome.isRecommended {
                outcomes[place] = outcome
                found[place] = end
            }
        } else {
            places[alert.incident] = outcomes.count
            outcomes.append(outcome)
            found.append(end)
        }
        onAnswer?(outcome)
        return outcome.isRecommended
    }

    private func outcome(for alert: Alert, incident: String, before end: Int64, place: Int?) -> Outcome {
        let advisor = FilterAdvisor(site: gate.site, history: history, actsAlone: actsAlone)
        guard let (rule, handshakes) = advisor.rule(for: alert, before: end) else {
            return .unanswered(
                reason: "no filter of the network layer answers this", signature: alert.signature, incident: incident)
        }
        var proposal = proposal(rule.summary + ": " + alert.signature, before: end)
        proposal.incident = incident
        proposal.filter = rule
        proposal.handshakes = handshakes
        proposal.reasons = alert.contributions.sorted { $0.score > $1.score }.prefix(3).map {
            Proposal.Reason(feature: "\($0.feature)", value: $0.value, expected: $0.expected, score: $0.score)
        }
        let (radius, peak) = history.blastRadius(of: rule, before: end)
        proposal.blastRadius = radius
        proposal.gains = Self.gains(radius)
        guard radius.packetsDropped > 0 else {
            return .unanswered(
                reason: "a limit that spares ordinary traffic would have dropped nothing here (\(rule.summary))",
                signature: alert.signature, incident: incident)
        }
        // A limit in packets leaves at least that many of the shortest ones.
        let left = rule.unit == .bits ? rule.rate : rule.rate * 40 * 8
        proposal.harmBound = Proposal.HarmBound(
            normalRate: max(0, peak - left), seconds: proposal.lifetime, rateLeft: left)
        proposal.sample = history.sample(for: rule, before: end)
        return judge(proposal, at: Timestamp(seconds: end), besides: place)
    }

    /// A proposal without content.
    func proposal(_ what: String, before end: Int64) -> Proposal {
        Proposal(
            what: what, decided: end * 1_000_000_000, lifetime: gate.site.limits.lifetime,
            inputs: Proposal.Inputs(
                site: siteDigest, flows: digest(before: end),
                windowStart: (history.seconds(before: end)?.lowerBound ?? end) * 1_000_000_000,
                windowEnd: end * 1_000_000_000))
    }

    /// Takes a proposal that answers no incident through the gate.
    func admit(_ proposal: Proposal, at time: Timestamp) {
        outcomes.append(judge(proposal, at: time, besides: nil))
        found.append(time.seconds)
    }

    private func judge(_ proposal: Proposal, at time: Timestamp, besides place: Int?) -> Outcome {
        do {
            return .recommended(try gate.admit(proposal, inForce: inForce(at: time, besides: place)))
        } catch {
            return .refused(error, what: proposal.what, incident: proposal.incident)
        }
    }

    /// What matches and is not scored normal, without and with the rule.
    private static func gains(_ radius: BlastRadius) -> [Proposal.Gain] {
        guard radius.seconds > 0 else { return [] }
        let normalDropped = radius.normalBytesDropped
        return [
            Proposal.Gain(
                figure: "matching traffic that passes", unit: "bytes", doingNothing: Double(radius.bytesMatched),
                predicted: Double(radius.bytesMatched - radius.bytesDropped)),
            Proposal.Gain(
                figure: "dropped, not scored normal", unit: "bytes", doingNothing: 0,
                predicted: Double(radius.bytesDropped - normalDropped)),
        ]
    }

    /// An incident's name as EVE has it.
    static func name(_ incident: UInt64) -> String {
        let digits = String(incident, radix: 16)
        return "i-" + String(repeating: "0", count: 16 - digits.count) + digits
    }
}

extension FilterRule {
    /// The rule in words.
    public var summary: String {
        func list(_ ranges: [IPPrefix]) -> String {
            ranges.count <= 2 ? ranges.map(\.description).joined(separator: ", ") : "\(ranges.count) ranges"
        }
        let limit = unit == .bits ? "\(rate / 1000) kbit/s" : "\(rate) packets/s"
        var text = effect == .drop ? "drop" : "limit to \(limit)\(effect == .limitPerSource ? " a source" : "")"
        if let transport { text += " \(IPProtocol.name(transport).map { "\($0)" } ?? "protocol \(transport)")" }
        if !sources.isEmpty { text += " from \(list(sources))" }
        if let sourcePort { text += " port \(sourcePort)" }
        if !destinations.isEmpty { text += " to \(list(destinations))" }
        if let destinationPort {
            text += destinations.isEmpty ? " to port \(destinationPort)" : " port \(destinationPort)"
        }
        return text
    }
}
