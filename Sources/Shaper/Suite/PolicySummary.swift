// What a network does, in the terms of the table that a person can read.

/// How a learned policy chooses, by situation: what it chose on the validation runs under the whole shield.
public struct PolicySummary: Sendable {
    /// Decisions of the network, and those in which it departed from the best constant choice.
    public let decisions: Int
    public let departures: Int
    /// Decisions by what the shield made of them.
    public let verdicts: [(verdict: ShieldVerdict, count: Int)]
    private let counts: [[Int]]

    /// Lets the policy decide on the first validation runs.
    public init(of policy: DeepQPolicy, runs: Int = 36) {
        let logbook = Logbook(policy)
        var verdicts = [Int](repeating: 0, count: ShieldVerdict.allCases.count)
        for trace in Curriculum.validation.prefix(runs) {
            var controller = ShieldedController(logbook, range: policy.range, scenario: trace.scenario)
            var simulator = Simulator(trace)
            var delay = TelemetryDelay(age: trace.scenario.telemetryAge)
            var seen: Telemetry?
            while !simulator.isFinished {
                simulator.advance(controller.decide(seen))
                seen = delay.exchange(simulator.telemetry)
            }
            for index in verdicts.indices { verdicts[index] += controller.verdicts[index] }
        }
        counts = logbook.counts
        departures = logbook.departures
        decisions = counts.reduce(0) { $0 + $1.reduce(0, +) }
        self.verdicts = Array(zip(ShieldVerdict.allCases, verdicts)).map { (verdict: $0, count: $1) }
    }

    /// Counts a policy's choices by situation.
    private final class Logbook: ChoicePolicy, @unchecked Sendable {
        private let policy: DeepQPolicy
        var counts = Array(
            repeating: [Int](repeating: 0, count: ControlAction.learnable.count), count: TabularPolicy.situations)
        var departures = 0

        init(_ policy: DeepQPolicy) {
            self.policy = policy
        }

        func choose(_ situation: Situation, allowed: [Bool]) -> Int? {
            guard let choice = policy.choose(situation, allowed: allowed) else { return nil }
            counts[TabularPolicy.row(of: situation.view)][choice] += 1
            departures += choice == ControlAction.constant(allowed: allowed) ? 0 : 1
            return choice
        }
    }

    /// A row for each situation that was met: decisions, the choice taken most often, its share and the next.
    public var table: ReportTable {
        let rows = counts.indices.compactMap { row -> [String]? in
            let total = counts[row].reduce(0, +)
            guard total > 0 else { return nil }
            let order = counts[row].indices.sorted { (counts[row][$1], $0) < (counts[row][$0], $1) }
            func name(_ rank: Int) -> [String] {
                let count = counts[row][order[rank]]
                guard count > 0 else { return ["-", "-"] }
                return [ControlAction.learnable[order[rank]].name, "\(100 * count / total) %"]
            }
            return TabularPolicy.words(row) + ["\(total)"] + name(0) + name(1)
        }
        return ReportTable(
            title: "Choices by situation",
            header: TabularPolicy.quantities + ["decisions", "mostly", "share", "next", "share"], rows: rows)
    }

    /// A row for each choice that was ever taken.
    public var choices: ReportTable {
        let totals = ControlAction.learnable.indices.map { choice in counts.reduce(0) { $0 + $1[choice] } }
        let order = totals.indices.filter { totals[$0] > 0 }.sorted { (totals[$1], $0) < (totals[$0], $1) }
        return ReportTable(
            title: "Choices",
            header: ["choice", "decisions", "share"],
            rows: order.map { choice in
                let share = 100 * Double(totals[choice]) / Double(max(decisions, 1))
                return [
                    ControlAction.learnable[choice].name, "\(totals[choice])", Decimal.text(share, places: 1) + " %",
                ]
            })
    }
}
