// From a scheduler's plan to queues and routes.

import NetTypes

/// What a scheduler wants, in plain numbers: rows are classes or paths of the site, in its order.
public struct SchedulingPlan: Sendable {
    /// For each class, shares of the paths.
    public var weights: [[Double]]
    /// For each path, shares of the classes.
    public var guarantees: [[Double]]
    public var ceilings: [[Double]]

    public init(weights: [[Double]], guarantees: [[Double]], ceilings: [[Double]]) {
        self.weights = weights
        self.guarantees = guarantees
        self.ceilings = ceilings
    }
}

/// Bit/s that left the site, by class.
public struct ClassDemand: Sendable {
    /// Means over the window, and what 95 % of its seconds stay below.
    public var mean: [Double]
    public var high: [Double]
    var flows = 0
    var bytes = 0
    var packets = 0
}

extension Advisor {
    /// Demand of the window that ends at a time: traffic from the site's networks to elsewhere; all traffic when the
    /// site names none.
    public func demand(at time: Timestamp) -> ClassDemand {
        let classes = SiteClass.names.count
        var demand = ClassDemand(mean: Array(repeating: 0, count: classes), high: Array(repeating: 0, count: classes))
        let end = time.seconds + 1
        guard let seconds = history.seconds(before: end) else { return demand }
        var rows = [[Double]](repeating: Array(repeating: 0, count: seconds.count), count: classes)
        var known: Set<Int> = []
        for sample in history.samples(in: seconds) where !history.flows[sample.flow].isTunnelled {
            let flow = history.flows[sample.flow]
            history.forEachDirection(of: sample) { source, _, destination, destinationPort, packets, bytes in
                guard leaves(source, destination) else { return }
                let mark = source == flow.client ? flow.clientMark : flow.serverMark
                let index = SiteClass.index(
                    in: gate.site.classes, codePoint: mark >> 2, transport: flow.transport,
                    destinationPort: destinationPort)
                rows[index][Int(sample.second - seconds.lowerBound)] += Double(bytes * 8)
                demand.bytes += bytes
                demand.packets += packets
                if known.insert(sample.flow).inserted { demand.flows += 1 }
            }
        }
        for index in 0..<classes {
            demand.mean[index] = rows[index].reduce(0, +) / Double(seconds.count)
            demand.high[index] = rows[index].sorted()[seconds.count * 95 / 100]
        }
        return demand
    }

    private func leaves(_ source: IPAddress, _ destination: IPAddress) -> Bool {
        let networks = gate.site.networks
        guard !destination.isMulticastOrBroadcast else { return false }
        return networks.isEmpty
            || networks.contains { $0.contains(source) } && !networks.contains { $0.contains(destination) }
    }

    /// Recommends what a plan says: queues on every path, and weights for the routes if the site has some.
    public func schedule(_ plan: SchedulingPlan, for demand: ClassDemand, at time: Timestamp) {
        let site = gate.site
        guard !site.paths.isEmpty, demand.packets > 0 else { return }
        let end = time.seconds + 1
        let sample = history.sample(before: end) { source, destination, _, _, _ in leaves(source, destination) }
        var shape = proposal("give \(site.paths.count) paths class queues with guarantees", before: end)
        shape.shape = ShapeRule(
            paths: site.paths.enumerated().map { index, path in
                ShapeRule.PathShares(
                    path: path.name, rate: path.rate,
                    guarantees: zip(plan.guarantees[index], plan.ceilings[index]).map { Self.millionths(min($0, $1)) },
                    ceilings: plan.ceilings[index].map(Self.millionths))
            }, quarantined: flagged)
        shape.gains = [guaranteed(plan, demand)]
        shape.harmBound.rateLeft = site.paths.map { $0.rate / 1000 * (Gate.floors.min() ?? 0) / 1000 }.min() ?? 0
        finish(&shape, demand, sample, end)
        guard !site.destinations.isEmpty else { return }
        let shares = pathShares(plan, demand)
        var route = proposal("spread new flows over \(site.paths.count) paths by room", before: end)
        let largest = max(shares.max() ?? 0, .leastNormalMagnitude)
        route.route = RouteRule(
            weights: zip(site.paths, shares).map { path, share in
                RouteRule.PathWeight(
                    path: path.name, weight: Int((share / largest * Double(RouteRule.largestWeight)).rounded()))
            }, destinations: site.destinations)
        route.gains = [fullest(shares, demand)]
        finish(&route, demand, sample, end)
    }

    /// Sources of the filters that are recommended: the queues serve them last.
    private var flagged: [IPPrefix] {
        let sources = outcomes.flatMap { outcome -> [IPPrefix] in
            if case .recommended(let recommendation) = outcome {
                recommendation.proposal.filter?.sources ?? []
            } else {
                []
            }
        }
        return Array(Set(sources).sorted().prefix(Gate.mostRanges))
    }

    private func finish(_ proposal: inout Proposal, _ demand: ClassDemand, _ sample: TrafficSample, _ end: Int64) {
        proposal.reasons = zip(SiteClass.names, zip(demand.high, demand.mean)).map { name, figures in
            Proposal.Reason(feature: "demand.\(name)", value: figures.0, expected: figures.1, score: 0)
        }
        proposal.blastRadius.seconds = history.seconds(before: end)?.count ?? 0
        proposal.blastRadius.flows = demand.flows
        proposal.blastRadius.flowsMatched = demand.flows
        proposal.blastRadius.packetsMatched = demand.packets
        proposal.blastRadius.bytesMatched = demand.bytes
        proposal.sample = sample
        admit(proposal, at: Timestamp(seconds: end))
    }

    /// Share of what voice, video and web want in busy seconds that has bandwidth for certain.
    private func guaranteed(_ plan: SchedulingPlan, _ demand: ClassDemand) -> Proposal.Gain {
        var wanted = 0.0
        var held = 0.0
        for index in 0..<SiteClass.bulk {
            for (path, entry) in gate.site.paths.enumerated() {
                let part = demand.high[index] * plan.weights[index][path]
                wanted += part
                held += min(part, plan.guarantees[path][index] * Double(entry.rate))
            }
        }
        return Proposal.Gain(
            figure: "voice, video and web with guaranteed bandwidth", unit: "%", doingNothing: 0,
            predicted: wanted > 0 ? (held / wanted * 1000).rounded() / 10 : 100)
    }

    /// Share of all demand that each path carries.
    private func pathShares(_ plan: SchedulingPlan, _ demand: ClassDemand) -> [Double] {
        let total = max(demand.mean.reduce(0, +), .leastNormalMagnitude)
        return gate.site.paths.indices.map { path in
            demand.mean.indices.reduce(0) { $0 + demand.mean[$1] / total * plan.weights[$1][path] }
        }
    }

    /// Load of the fullest path in busy seconds, against equal shares (ECMP).
    private func fullest(_ shares: [Double], _ demand: ClassDemand) -> Proposal.Gain {
        let total = demand.high.reduce(0, +)
        let paths = gate.site.paths
        func load(_ share: (Int) -> Double) -> Double {
            let worst = paths.indices.map { total * share($0) / Double(paths[$0].rate) }.max() ?? 0
            return (worst * 1000).rounded() / 10
        }
        return Proposal.Gain(
            figure: "load of the fullest path, against equal shares", unit: "%",
            doingNothing: load { _ in 1 / Double(paths.count) }, predicted: load { shares[$0] })
    }

    /// Rounded down, so that shares never add up to more than all.
    private static func millionths(_ share: Double) -> Int {
        share.isFinite ? Int((max(0, min(1, share)) * 1_000_000 + 1e-6).rounded(.down)) : 0
    }
}
