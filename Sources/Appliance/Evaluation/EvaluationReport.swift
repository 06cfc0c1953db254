// How well scores and alerts agree with labels.

import Learning
import NetTypes

/// The figures of an evaluation.
///
/// The unit of the flow figures is a labelled flow or, for benign traffic, a 5-tuple in a slot of 300 s; several records
/// of one unit count once, with their highest score. "Macro" is the mean over categories. An incident is true when at
/// least half of its alerts fall into an attack (from 1 s before to 60 s after it) and name one of its addresses; an
/// attack is found through true incidents only. A missed attack counts as an infinite delay.
struct EvaluationReport {
    struct Category {
        let name: String
        let flows: Int
        let areaUnderCurve: Double
        let recall: Double
    }

    struct Attack {
        let name: String
        let category: String
        let start: Double
        /// Seconds to the first matching alert, nil when it was missed.
        let delay: Double?
    }

    private(set) var ranking = ScoreRanking(scores: [], labels: [])
    /// Share of the labelled flows that have a record.
    private(set) var coverage = 0.0
    /// The score that one percent of the benign units exceed.
    private(set) var threshold: Int64 = 0
    private(set) var recall = 0.0
    private(set) var categories: [Category] = []
    private(set) var attacks: [Attack] = []
    private(set) var incidents = 0
    private(set) var falseIncidents = 0
    /// Incidents that began before the time that is counted.
    private(set) var benignIncidents = 0
    private(set) var unmatchedAlerts = 0
    private(set) var hours = 0.0
    /// Protocols of labels that no log calls so: their rows count as missed.
    let unknownProtocols: [String]

    private struct Unit {
        let flow: LabelledFlow
        var score: Int64 = 0
        var isSeen = false
    }

    private struct Pair: Hashable {
        let key: FlowKey
        let slot: Int
    }

    init(records: [ScoredRecord], alerts: [Alert], labels: LabelFile, scope: EvaluationScope) {
        let begin = scope.since ?? labels.attacks.values.map(\.start).min() ?? 0
        unknownProtocols = labels.unknownProtocols
        let end = scope.until ?? records.map(\.end).max() ?? begin
        hours = max(0, end - begin) / 3600
        rank(records, labels, begin)
        group(alerts, labels, begin, scope)
    }

    // MARK: Flows

    private mutating func rank(_ records: [ScoredRecord], _ labels: LabelFile, _ begin: Double) {
        var units = labels.flows.map { Unit(flow: $0) }
        var exact: [FlowKey: [Int]] = [:]
        var anyPort: [FlowKey: [Int]] = [:]
        for (index, unit) in units.enumerated() {
            guard let transport = unit.flow.transport else { continue }
            if unit.flow.first.port != nil, unit.flow.second.port != nil {
                exact[Self.key(unit.flow, transport, withPorts: true), default: []].append(index)
            } else {
                anyPort[Self.key(unit.flow, transport, withPorts: false), default: []].append(index)
            }
        }
        var benign: [Pair: Int64] = [:]
        for record in records where record.end >= begin {
            var key = Self.plain(record.key)
            var candidates = exact[key] ?? []
            key.firstPort = 0
            key.secondPort = 0
            candidates += anyPort[key] ?? []
            var isAttack = false
            for index in candidates
            where units[index].flow.start - 1 <= record.end && record.start <= units[index].flow.end + 1 {
                isAttack = true
                units[index].isSeen = true
                units[index].score = max(units[index].score, record.score)
            }
            if !isAttack, record.start >= begin {
                let pair = Pair(key: Self.plain(record.key), slot: Int(record.start / 300))
                benign[pair] = max(benign[pair] ?? 0, record.score)
            }
        }
        let calm = benign.values.sorted()
        guard !calm.isEmpty, !units.isEmpty else { return }
        coverage = Double(units.count { $0.isSeen }) / Double(units.count)
        threshold = calm[min(calm.count - 1, Int(0.99 * Double(calm.count)))]
        recall = Double(units.count { $0.score > threshold }) / Double(units.count)
        ranking = Self.ranking(units.map(\.score), calm)
        for name in Set(units.map(\.flow.category)).sorted() {
            let scores = units.filter { $0.flow.category == name }.map(\.score)
            categories.append(
                Category(
                    name: name, flows: scores.count,
                    areaUnderCurve: Self.ranking(scores, calm).areaUnderCurve ?? 0,
                    recall: Double(scores.count { $0 > threshold }) / Double(scores.count)))
        }
    }

    private static func ranking(_ attack: [Int64], _ calm: [Int64]) -> ScoreRanking {
        ScoreRanking(
            scores: (attack + calm).map(Double.init),
            labels: Array(repeating: true, count: attack.count) + Array(repeating: false, count: calm.count))
    }

    private static func key(_ flow: LabelledFlow, _ transport: UInt8, withPorts: Bool) -> FlowKey {
        let ports = withPorts ? (flow.first.port ?? 0, flow.second.port ?? 0) : (0, 0)
        return FlowKey.canonical(
            source: flow.first.address, sourcePort: ports.0, destination: flow.second.address,
            destinationPort: ports.1, transport: transport
        ).key
    }

    /// A flow's key without what labels do not know: VLANs and tunnels.
    private static func plain(_ key: FlowKey) -> FlowKey {
        var plain = key
        plain.outerVLAN = 0
        plain.innerVLAN = 0
        plain.shape &= 0x80
        let isICMP = key.transport == IPProtocol.icmp || key.transport == IPProtocol.icmpv6
        if isICMP {
            plain.firstPort = 0
            plain.secondPort = 0
        }
        return plain
    }

    // MARK: Incidents

    private mutating func group(_ alerts: [Alert], _ labels: LabelFile, _ begin: Double, _ scope: EvaluationScope) {
        var groups: [UInt64: [(time: Double, attacks: [String])]] = [:]
        for alert in alerts {
            let time = EvaluationObserver.seconds(alert.time)
            let parties = Set([alert.source, alert.target]).subtracting(scope.ignored)
            let matches = labels.attacks.filter { _, attack in
                attack.start - 1 <= time && time <= attack.end + 60 && !attack.hosts.isDisjoint(with: parties)
            }
            groups[alert.incident, default: []].append((time, matches.map(\.key)))
        }
        incidents = groups.count
        var delays: [String: Double] = [:]
        for items in groups.values {
            let isTrue = items.count { !$0.attacks.isEmpty } * 2 >= items.count
            if items[0].time < begin {
                if items[0].time >= scope.learned ?? -.infinity { benignIncidents += 1 }
            }
            if !isTrue, items.contains(where: { $0.time >= begin }) { falseIncidents += 1 }
            unmatchedAlerts += items.count { $0.time >= begin && $0.attacks.isEmpty }
            guard isTrue else { continue }
            for item in items {
                for name in item.attacks {
                    let delay = max(0, item.time - (labels.attacks[name]?.start ?? item.time))
                    delays[name] = min(delays[name] ?? .infinity, delay)
                }
            }
        }
        attacks = labels.attacks.map { name, attack in
            Attack(name: name, category: attack.category, start: attack.start, delay: delays[name])
        }.sorted { ($0.start, $0.name) < ($1.start, $1.name) }
    }
}
