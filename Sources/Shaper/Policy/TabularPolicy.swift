// The learned policy that a person can read.

/// Q-learning (Watkins and Dayan 1992) over 162 coarse situations: a table with a row for each.
public struct TabularPolicy: ChoicePolicy, Equatable {
    static let realTimeBounds = [0.15, 0.3]
    static let elasticBounds = [0.3, 0.6]
    static let capacityBounds = [0.5, 0.85]
    static let delayBounds = [0.005, 0.02]

    /// Situations: three levels of four quantities, with and without a flagged source.
    public static let situations = 3 * 3 * 3 * 3 * 2

    /// Value of each choice by situation.
    public internal(set) var values: [[Double]]
    /// How often each choice was tried in each situation.
    public internal(set) var visits: [[Int]]

    init() {
        values = Array(
            repeating: Array(repeating: 0, count: ControlAction.learnable.count), count: TabularPolicy.situations)
        visits = Array(
            repeating: Array(repeating: 0, count: ControlAction.learnable.count), count: TabularPolicy.situations)
    }

    /// The row of a situation.
    static func row(of view: SiteView) -> Int {
        func level(_ value: Double, _ bounds: [Double]) -> Int { bounds.filter { value > $0 }.count }
        let capacity = view.paths.indices.reduce(0) { $0 + view.capacity[$1] }
        let least = view.paths.indices.map { view.capacity[$0] / view.paths[$0].nominal }.min() ?? 1
        let demand = view.demand
        var row = level(demand.realTime / capacity, realTimeBounds)
        row = row * 3 + level((demand[.web] + demand[.bulk]) / capacity, elasticBounds)
        row = row * 3 + level(least, capacityBounds)
        row = row * 3 + level(view.worstDelay, delayBounds)
        return row * 2 + (view.flaggedSources > 0 ? 1 : 0)
    }

    public func choose(_ situation: Situation, allowed: [Bool]) -> Int? {
        best(in: TabularPolicy.row(of: situation.view), allowed: allowed)
    }

    /// The best allowed choice that was ever tried; nil if none was, and water-filling acts.
    func best(in row: Int, allowed: [Bool]) -> Int? {
        allowed.indices.filter { allowed[$0] && visits[row][$0] > 0 }.max { values[row][$0] < values[row][$1] }
    }

    /// One textbook step: Q ← Q + α (r + γ max Q' − Q), with α = n^-0.7 and never below 0.02.
    mutating func learn(row: Int, choice: Int, reward: Double, next: Int, nextAllowed: [Bool], discount: Double) {
        visits[row][choice] += 1
        let rate = max(0.02, TabularTrainer.power(Double(visits[row][choice]), -0.7))
        let future = best(in: next, allowed: nextAllowed).map { values[next][$0] } ?? 0
        values[row][choice] += rate * (reward + discount * future - values[row][choice])
    }

    /// What tells situations apart, in the order of `words`.
    static let quantities = ["real time", "elastic", "least capacity", "delay", "flagged"]

    /// A situation in words.
    static func words(_ row: Int) -> [String] {
        let levels = ["low", "middle", "high"]
        return [row / 54, row / 18 % 3, row / 6 % 3, row / 2 % 3].map { levels[$0] } + [row % 2 == 1 ? "yes" : "no"]
    }

    /// A row for each situation that was met, with its best choice.
    public var table: ReportTable {
        let all = Array(repeating: true, count: ControlAction.learnable.count)
        let rows = (0..<TabularPolicy.situations).compactMap { row -> [String]? in
            guard let choice = best(in: row, allowed: all) else { return nil }
            return TabularPolicy.words(row) + [
                ControlAction.learnable[choice].name, Decimal.text(values[row][choice], places: 3),
                "\(visits[row].reduce(0, +))",
            ]
        }
        return ReportTable(
            title: "Q-table",
            header: TabularPolicy.quantities + ["best choice", "value", "visits"], rows: rows
        )
    }
}
