// How a path's rate is divided among its classes in one substep.

/// The service that HTB gives: guarantees first, then what is left by priority, no class above its ceiling.
enum ClassService {
    /// Divides `budget` bits.
    ///
    /// - Parameters:
    ///   - budget: What the path carries in the substep, in bits.
    ///   - pending: Bits that wait or arrive in each class.
    ///   - guarantees: Share of the budget that a class has for certain.
    ///   - ceilings: Share of the budget that a class never exceeds.
    ///   - priorities: Ranks; classes of equal rank share in proportion to their guarantees.
    /// - Returns: Bits served in each class; never more than pending, and in sum never more than the budget as long as
    ///   the guarantees add up to one at most.
    static func divide(
        _ budget: Double, pending: ClassVector, guarantees: ClassVector, ceilings: ClassVector, priorities: [Int]
    ) -> ClassVector {
        var service = ClassVector()
        var left = budget
        for index in 0..<TrafficClass.count {
            service[index] = min(pending[index], guarantees[index] * budget)
            left -= service[index]
        }
        var rank = 0
        while left > 1e-9, rank < TrafficClass.count {
            left = lend(
                left, rank: rank, to: &service,
                upTo: pending.replacing(
                    with: ceilings * budget, where: pending .> ceilings * budget),
                weights: guarantees, priorities: priorities)
            rank += 1
        }
        return service
    }

    /// Gives `amount` to the classes of one rank by weight until they or it are exhausted; returns what is left.
    private static func lend(
        _ amount: Double, rank: Int, to service: inout ClassVector, upTo limit: ClassVector, weights: ClassVector,
        priorities: [Int]
    ) -> Double {
        var left = amount
        // Each round satisfies at least one class for good, or hands out everything.
        for _ in 0..<TrafficClass.count {
            var weight = 0.0
            for index in 0..<TrafficClass.count where priorities[index] == rank && limit[index] - service[index] > 1e-9
            {
                weight += max(weights[index], 1e-3)
            }
            guard weight > 0, left > 1e-9 else { return left }
            var given = 0.0
            for index in 0..<TrafficClass.count where priorities[index] == rank {
                let need = limit[index] - service[index]
                guard need > 1e-9 else { continue }
                let part = min(need, left * max(weights[index], 1e-3) / weight)
                service[index] += part
                given += part
            }
            left -= given
        }
        return left
    }
}
