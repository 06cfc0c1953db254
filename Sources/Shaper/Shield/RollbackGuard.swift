// Takes control away from a policy that does worse than what it replaced.

/// Compares a policy with its shadow over a short window and, if it loses, shuts it out for a while.
public struct RollbackGuard: Sendable, Equatable {
    /// Intervals of the window: 2.5 seconds, so that a rollback comes within three.
    public static let window = 5
    /// Intervals of shut-out: one minute.
    public static let penalty = 120
    /// Loss of utility that is put down to noise.
    public static let tolerance = 0.25

    private var differences: [Double] = []
    private var shutOut = 0
    /// How often the policy was shut out.
    public private(set) var rollbacks = 0

    public init() {
        differences.reserveCapacity(RollbackGuard.window + 1)
    }

    /// Whether the policy may act now.
    public var isTrusted: Bool { shutOut == 0 }

    /// Takes in one interval's utilities; not a number counts as a loss.
    public mutating func observe(policy: Double, shadow: Double) {
        if shutOut > 0 {
            shutOut -= 1
            return
        }
        let difference = policy - shadow
        differences.append(difference.isFinite ? difference : -1)
        if differences.count > RollbackGuard.window { differences.removeFirst() }
        let mean = differences.reduce(0, +) / Double(RollbackGuard.window)
        if differences.count == RollbackGuard.window, mean < -RollbackGuard.tolerance {
            shutOut = RollbackGuard.penalty
            rollbacks += 1
            differences.removeAll(keepingCapacity: true)
        }
    }
}
