// What a learned policy sees of a situation, as numbers near one.

/// Flattens a `SiteView` and what is in force. The number of features depends on the number of paths alone.
public enum SiteFeatures {
    private static let demandUnit = 10e6
    /// Where attacks and drops stop mattering: more of either is no other situation, and would look like one that nobody
    /// has trained in just when the limiter is needed.
    private static let most: Float = 2

    /// How many features a site with so many paths has: demand history, path history, capacities, smoothed demand,
    /// weights of four classes, long flows by path, flagged sources, held intervals, limiter, age of the counters.
    public static func count(paths: Int) -> Int {
        SiteView.demandDepth * TrafficClass.count + SiteView.pathDepth * paths * 3 + paths + TrafficClass.count
            + 4 * paths + paths + 4
    }

    /// Writes the features of a situation.
    public static func write(
        _ view: SiteView, _ builder: PlanBuilder, heldFor: Int, age: Int, into features: inout [Float]
    ) {
        features.removeAll(keepingCapacity: true)
        for demand in view.demandHistory {
            append(demand, to: &features)
        }
        for samples in view.pathHistory {
            for sample in samples {
                features.append(Float(sample.served))
                features.append(Float(min(sample.backlog, 4)))
                features.append(min(Float(5 * sample.dropped), most))
            }
        }
        for (path, specification) in view.paths.enumerated() {
            features.append(Float(view.capacity[path] / specification.nominal))
        }
        append(view.smoothDemand, to: &features)
        for weights in builder.weights.prefix(4) {
            for path in view.paths.indices { features.append(Float(weights[path])) }
        }
        let first = features.count
        for _ in view.paths.indices { features.append(0) }
        for elephant in view.elephants { features[first + elephant.path] += 0.2 }
        features.append(Float(min(view.flaggedSources, 30)) / 10)
        features.append(Float(min(heldFor, 10)) / 10)
        features.append(builder.isLimiting ? 1 : 0)
        features.append(Float(age) / Float(Telemetry.maximumAge))
    }

    private static func append(_ demand: ClassVector, to features: inout [Float]) {
        for trafficClass in TrafficClass.allCases {
            let value = Float(demand[trafficClass] / demandUnit)
            features.append(trafficClass == .quarantine ? min(value, most) : value)
        }
    }
}
