// Divides demand over paths and rates over classes so that nothing is fuller than it must be.

/// Max-min fair filling (Bertsekas and Gallager: Data Networks, section 6.5) of parallel paths.
public enum WaterFilling {
    /// Real-time traffic uses the nearest path up to this share of its capacity before it spreads out.
    static let realTimeShare = 0.7
    /// Pages that are to stay near use the nearest path up to this share of its capacity, real time included.
    static let nearShare = 0.85
    /// No class is planned with less than this many bit/s, so that every class has weights.
    static let leastDemand = 1e4

    /// Spreads `demand` over paths that already carry `load` so that the fullest path is as empty as possible.
    ///
    /// - Returns: Bit/s added to each path; they sum to `demand`.
    static func fill(_ demand: Double, capacity: PathVector, load: PathVector, paths: Int) -> PathVector {
        // The level is found by letting paths in from the emptiest on, while the level so far reaches their load.
        var included = PathVector()
        var capacitySum = 0.0
        var loadSum = 0.0
        var level = 0.0
        for _ in 0..<paths {
            var next = -1
            for path in 0..<paths where included[path] == 0 {
                if next < 0 || load[path] / capacity[path] < load[next] / capacity[next] { next = path }
            }
            if capacitySum > 0, load[next] / capacity[next] >= level { break }
            included[next] = 1
            capacitySum += capacity[next]
            loadSum += load[next]
            level = (demand + loadSum) / capacitySum
        }
        var added = PathVector()
        for path in 0..<paths where included[path] > 0 { added[path] = max(0, level * capacity[path] - load[path]) }
        return added
    }

    /// Path weights of each class: voice and video on the nearest paths first, pages too if they are to stay near, then
    /// everything else where room is.
    ///
    /// - Parameters:
    ///   - demand: Bit/s of each class.
    ///   - capacity: Bit/s of each path.
    ///   - nearest: Path numbers by rising propagation delay.
    /// - Returns: For each class, weights that sum to one.
    static func weights(
        demand: ClassVector, capacity: PathVector, nearest: [Int], pages: ControlAction.Pages = .spread
    ) -> [PathVector] {
        let paths = nearest.count
        var load = PathVector()
        return TrafficClass.allCases.map { trafficClass in
            var need = max(demand[trafficClass], leastDemand)
            var placed = PathVector()
            if trafficClass.isRealTime || trafficClass == .web && pages == .near {
                let share = trafficClass.isRealTime ? realTimeShare : nearShare
                for path in nearest {
                    let part = min(need, max(0, share * capacity[path] - load[path]))
                    placed[path] += part
                    load[path] += part
                    need -= part
                }
            }
            if need > 0 {
                let rest = fill(need, capacity: capacity, load: load, paths: paths)
                placed += rest
                load += rest
            }
            return placed / placed.sum()
        }
    }

    /// Guaranteed shares of each path that follow demand: floors first, then real time with `headroom` times its
    /// demand, then the others with a tenth more than theirs.
    ///
    /// - Returns: For each path, shares that are at least the floors and sum to one at most.
    static func guarantees(
        weights: [PathVector], demand: ClassVector, capacity: PathVector, paths: Int, headroom: Double
    ) -> [ClassVector] {
        (0..<paths).map { path in
            var shares = ShapingPlan.floors
            var left = 1 - shares.sum()
            for trafficClass in TrafficClass.allCases {
                let factor = trafficClass.isRealTime ? headroom : 1.1
                let index = trafficClass.rawValue
                let wanted = min(1, weights[index][path] * demand[index] / capacity[path] * factor)
                let extra = min(left, max(0, wanted - shares[index]))
                shares[index] += extra
                left -= extra
            }
            return shares
        }
    }
}
