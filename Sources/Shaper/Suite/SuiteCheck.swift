// A condition that a suite had to meet.

/// A figure and where it must lie.
public struct SuiteCheck: Sendable, Equatable {
    /// Where a figure must lie.
    public enum Bound: Sendable, Equatable {
        /// Off by at most this share of the expected value.
        case within(Double, of: Double)
        case atMost(Double)
        case atLeast(Double)
    }

    public var name: String
    public var measured: Double
    public var bound: Bound

    public init(_ name: String, _ measured: Double, _ bound: Bound) {
        self.name = name
        self.measured = measured
        self.bound = bound
    }

    /// A figure that is no number passes nothing.
    public var passed: Bool {
        switch bound {
        case .within(let share, let expected): abs(measured - expected) <= share * abs(expected)
        case .atMost(let most): measured <= most
        case .atLeast(let least): measured >= least
        }
    }

    /// What is expected, and the share of it that the figure may be off by; zero for a one-sided bound.
    var expectation: (value: Double, tolerance: Double) {
        switch bound {
        case .within(let share, let expected): (expected, share)
        case .atMost(let value), .atLeast(let value): (value, 0)
        }
    }

    /// The row of the table of checks: figure, measured, expected, off by, met.
    var row: [String] {
        let met = passed ? "yes" : "NO"
        func text(_ value: Double) -> String {
            Decimal.text(value, places: value == value.rounded() && abs(value) >= 100 ? 0 : 2)
        }
        switch bound {
        case .within(_, let expected):
            let off = Decimal.text(100 * (measured / expected - 1), places: 1, signed: true) + " %"
            return [name, text(measured), text(expected), off, met]
        case .atMost(let most): return [name, text(measured), "at most " + text(most), "", met]
        case .atLeast(let least): return [name, text(measured), "at least " + text(least), "", met]
        }
    }
}
