// What `recommend` has to say.

import Advice
import Glibc
import NetTypes
import Outputs

/// Recommendations, and what was refused and why.
public struct RecommendationReport {
    let outcomes: [Advisor.Outcome]
    private let replay: ReplayReport

    init(outcomes: [Advisor.Outcome], replay: ReplayReport) {
        self.outcomes = outcomes
        self.replay = replay
    }

    /// Whether all of the input was read.
    public var isComplete: Bool { replay.isComplete }

    var recommendations: [Recommendation] {
        outcomes.compactMap { if case .recommended(let recommendation) = $0 { recommendation } else { nil } }
    }

    /// Prints what was found.
    ///
    /// - Parameters:
    ///   - form: text, or everything that one program reads.
    ///   - isBrief: one line for each recommendation.
    public func print(_ form: RecommendationRun.Form, isBrief: Bool) {
        let text: String
        switch form {
        case .text: text = isBrief ? lines : outcomes.map(Self.text).joined(separator: "\n") + totals
        case .json: text = json
        default:
            let rendering = Rendering(rawValue: form.rawValue)
            text = recommendations.compactMap { rendering.flatMap($0.render) }.joined(separator: "\n")
        }
        Terminal.write(text, to: STDOUT_FILENO)
        for place in replay.damage {
            Terminal.write(
                "leptonnet: \(place.path): damaged at byte \(place.offset): \(place.reason); everything before it was "
                    + "processed\n", to: STDERR_FILENO)
        }
    }

    /// Writes each recommendation into a folder: `DECISION.json`, and a file for each program that can apply it.
    public func write(to folder: String) throws(UserError) {
        do {
            try OutputDirectory.prepare(folder)
        } catch {
            throw UserError("\(error)")
        }
        for recommendation in recommendations {
            let stem = "\(folder)/\(recommendation.decision.prefix(12))"
            try FileBytes.write(RecommendationFile(recommendation).bytes(), to: "\(stem).json")
            for rendering in Rendering.allCases {
                guard let text = recommendation.render(rendering) else { continue }
                try FileBytes.write(Array(text.utf8), to: "\(stem).\(rendering.rawValue)")
            }
        }
    }

    /// Whether a decision is among the recommendations: then it was reproduced.
    public func contains(decision: String) -> Bool {
        recommendations.contains { $0.decision == decision }
    }

    private var lines: String {
        outcomes.map { outcome in
            switch outcome {
            case .recommended(let recommendation): "\(recommendation.decision) \(recommendation.proposal.what)\n"
            case .refused(let refusal, let what, _): "\(refusal); it was: \(what)\n"
            case .unanswered(let reason, let signature, let incident): "\(incident) \(signature): \(reason)\n"
            }
        }.joined()
    }

    private var totals: String {
        let count = recommendations.count
        return "\n\(count) recommended, \(outcomes.count - count) refused or without an answer\n"
    }

    private var json: String {
        let files = recommendations.map { String(decoding: RecommendationFile($0).bytes().dropLast(), as: UTF8.self) }
        var writer = JSONWriter()
        writer.beginLine()
        writer.beginArray("refused")
        for outcome in outcomes {
            guard case .refused(let refusal, let what, let incident) = outcome else { continue }
            writer.beginObject()
            writer.member("invariant", refusal.invariant.rawValue)
            writer.member("explanation", refusal.explanation)
            writer.member("what", what)
            if let incident { writer.member("incident", incident) }
            writer.endObject()
        }
        writer.endArray()
        writer.endLine()
        // The object of the refusals is opened again, to take the files in.
        let refused = writer.buffer.withBytes { String(decoding: $0, as: UTF8.self) }.dropLast(2)
        return "\(refused),\"recommendations\":[\(files.joined(separator: ",\n"))]}\n"
    }

    /// One outcome for people.
    static func text(_ outcome: Advisor.Outcome) -> String {
        switch outcome {
        case .recommended(let recommendation): return recommendation.text
        case .refused(let refusal, let what, let incident):
            return "REFUSED  \(what)\(incident.map { "\n  incident      \($0)" } ?? "")\n  \(refusal)\n"
        case .unanswered(let reason, let signature, let incident):
            return "NO RULE  \(signature)\n  incident      \(incident)\n  \(reason)\n"
        }
    }
}

extension Recommendation {
    /// The recommendation for people: what, why, at what risk, and how to do and undo it.
    var text: String {
        var lines = ["RECOMMENDED  \(proposal.what)", row("decision", decision)]
        if let incident = proposal.incident { lines.append(row("incident", incident)) }
        lines.append(row("holds", "\(proposal.lifetime) s from when it is applied"))
        for (index, reason) in proposal.reasons.enumerated() {
            let figures = "\(Self.short(reason.value)), expected up to \(Self.short(reason.expected))"
            let share = proposal.filter == nil ? "" : ", adds \(Self.short(reason.score))"
            lines.append(row(index == 0 ? "why" : "", "\(reason.feature) \(figures)\(share)"))
        }
        for (index, gain) in proposal.gains.enumerated() {
            lines.append(
                row(
                    index == 0 ? "gain" : "",
                    "\(gain.figure): \(Self.short(gain.doingNothing)) -> \(Self.short(gain.predicted)) \(gain.unit)"))
        }
        lines += [row("blast radius", proposal.blastRadius.text), row("harm bound", harm)]
        lines.append(row("undo", undo.joined(separator: "; ")))
        for rendering in Rendering.allCases {
            guard let text = render(rendering) else { continue }
            lines.append("  \(rendering.rawValue):")
            lines += text.split(separator: "\n").map { "    \($0)" }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private var harm: String {
        guard proposal.filter != nil else {
            return "queues and routes drop nothing; every class keeps its floor"
        }
        let bound = proposal.harmBound
        return
            "at most \(HumanUnits.bitRate(Double(bound.normalRate))) of what was scored normal, for \(bound.seconds) s; "
            + "\(HumanUnits.bitRate(Double(bound.rateLeft))) stays"
    }

    private func row(_ name: String, _ text: String) -> String {
        "  \(name)\(String(repeating: " ", count: max(1, 14 - name.count)))\(text)"
    }

    /// At most two decimals, none for large numbers.
    static func short(_ value: Double) -> String {
        guard value.magnitude < 1000 else { return HumanUnits.count(UInt64(value.magnitude.rounded())) }
        return "\((value * 100).rounded() / 100)"
    }
}

extension BlastRadius {
    /// The effect in one line.
    var text: String {
        let normal =
            normalShare.map { "\(($0 * 1000).rounded() / 10) % of \(flowsScored) scored ones normal" }
            ?? "none scored yet"
        return "of \(flows) flows in \(seconds) s \(flowsMatched) match and \(flowsHit) lose packets (\(normal)), "
            + "\(hostsHit) hosts; \(HumanUnits.bytes(UInt64(max(0, bytesDropped)))) of "
            + "\(HumanUnits.bytes(UInt64(max(0, bytesMatched)))) dropped, "
            + "\(HumanUnits.bytes(UInt64(max(0, normalBytesDropped)))) of it scored normal"
    }
}
