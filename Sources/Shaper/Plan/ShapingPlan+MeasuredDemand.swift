// The plan for a demand that was measured over minutes.

extension ShapingPlan {
    /// Water-filling on paths at their contract's rate: what a site should be set to if tomorrow is like the measurement.
    ///
    /// - Parameter demand: bit/s of each class that wants to leave the site.
    public static func waterFilling(demand: ClassVector, paths specifications: [PathSpecification]) -> ShapingPlan {
        var nominal = PathVector()
        for (index, path) in specifications.enumerated() { nominal[index] = path.nominal }
        let nearest = specifications.indices.sorted {
            (specifications[$0].propagation, $0) < (specifications[$1].propagation, $1)
        }
        var plan = staticClasses(nominal: nominal, paths: specifications.count)
        plan.weights = WaterFilling.weights(demand: demand, capacity: nominal, nearest: nearest)
        plan.guarantees = WaterFilling.guarantees(
            weights: plan.weights, demand: demand, capacity: nominal, paths: specifications.count, headroom: 2)
        return plan
    }
}
