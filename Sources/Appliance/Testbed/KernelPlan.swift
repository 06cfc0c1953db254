// A shaping plan as batches for tc, ip and nft.

import Shaper

/// Puts plans into force in the testbed's router, changing only what is different from before.
struct KernelPlan {
    private let paths: [PathSpecification]
    private var tc: [String: String] = [:]
    private var ip: [String: String] = [:]
    private var sourceLimit = 0.0

    init(paths: [PathSpecification]) {
        self.paths = paths
    }

    /// Builds routes, rules and, unless everything is to stay in one queue, a queue for each class.
    mutating func install(_ plan: ShapingPlan) throws(UserError) {
        try KernelCommand.run(["nft", "-f", "-"], input: TestbedNetwork.rules)
        var ipLines: [String] = []
        for path in paths.indices {
            ipLines += [
                "nexthop add id \(TestbedNetwork.pathHop(path)) via \(TestbedNetwork.neighbour(path)) "
                    + "dev \(TestbedNetwork.device(path))",
                "route add \(TestbedNetwork.destinations) table \(TestbedNetwork.pathTable(path)) "
                    + "nhid \(TestbedNetwork.pathHop(path))",
                "rule add priority \(50 + path) fwmark \((path + 1) << 4)/0xf0 table \(TestbedNetwork.pathTable(path))",
            ]
        }
        for lane in 0..<TrafficClass.count {
            ipLines += [
                groupLine("add", lane: lane, weights: plan.weights[lane]),
                "route add \(TestbedNetwork.destinations) table \(TestbedNetwork.classTable(lane)) "
                    + "nhid \(TestbedNetwork.classHop(lane))",
                "rule add priority \(100 + lane) fwmark \(lane + 1)/0xf table \(TestbedNetwork.classTable(lane))",
            ]
        }
        // The default is needed for packets without a mark and for the reverse-path checks of the kernel.
        ipLines.append("route add \(TestbedNetwork.destinations) nhid \(TestbedNetwork.pathHop(0))")
        try KernelCommand.run(["ip", "-batch", "-"], input: ipLines.joined(separator: "\n") + "\n")
        guard plan.discipline == .classes else { return }
        var tcLines: [String] = []
        for (path, specification) in paths.enumerated() {
            let device = TestbedNetwork.device(path)
            tcLines += [
                "qdisc add dev \(device) parent 1:1 handle 10: htb default 13",
                "class add dev \(device) parent 10: classid 10:1 htb rate 1gbit ceil 1gbit burst 30k cburst 30k "
                    + "quantum 1514",
            ]
            for lane in 0..<TrafficClass.count {
                tcLines.append(classLine("add", plan, path: path, lane: lane, capacity: specification.nominal))
                let bytes = Int(plan.buffers[lane] * specification.nominal / 8)
                tcLines.append(
                    "qdisc add dev \(device) parent 10:\(TestbedNetwork.classMinor(lane)) bfifo limit \(bytes)")
            }
        }
        try KernelCommand.run(["tc", "-batch", "-"], input: tcLines.joined(separator: "\n") + "\n")
    }

    /// Changes what is in force.
    ///
    /// - Parameters:
    ///   - capacity: believed bit/s of each path, from which shares become rates.
    ///   - flow: the addresses and ports of a flow that is to be placed; nil when it is gone.
    mutating func apply(
        _ plan: ShapingPlan, capacity: PathVector, flow: (Int) -> KernelFlows.Key?
    ) throws(UserError) {
        var tcLines: [String] = []
        var ipLines: [String] = []
        for lane in 0..<TrafficClass.count {
            let line = groupLine("replace", lane: lane, weights: plan.weights[lane])
            if ip.updateValue(line, forKey: "\(lane)") != line { ipLines.append(line) }
            guard plan.discipline == .classes else { continue }
            for path in paths.indices {
                let line = classLine("change", plan, path: path, lane: lane, capacity: capacity[path])
                if tc.updateValue(line, forKey: "\(path) \(lane)") != line { tcLines.append(line) }
            }
        }
        if !tcLines.isEmpty {
            try KernelCommand.run(["tc", "-batch", "-"], input: tcLines.joined(separator: "\n") + "\n")
        }
        if !ipLines.isEmpty {
            try KernelCommand.run(["ip", "-batch", "-"], input: ipLines.joined(separator: "\n") + "\n")
        }
        let rules = limiterLines(plan.sourceLimit) + placementLines(plan.placements, flow: flow)
        if !rules.isEmpty {
            try KernelCommand.run(["nft", "-f", "-"], input: rules.joined(separator: "\n") + "\n")
        }
    }

    /// A class's group of paths. The kernel moves whole buckets of flows, and no more of them than the weights demand.
    private func groupLine(_ verb: String, lane: Int, weights: PathVector) -> String {
        let members = paths.indices.compactMap { path -> String? in
            let weight = Int((64 * weights[path] / weights.sum()).rounded())
            return weight > 0 ? "\(TestbedNetwork.pathHop(path)),\(weight)" : nil
        }
        return "nexthop \(verb) id \(TestbedNetwork.classHop(lane)) group \(members.joined(separator: "/")) "
            + "type resilient buckets 128 idle_timer 0"
    }

    private func classLine(_ verb: String, _ plan: ShapingPlan, path: Int, lane: Int, capacity: Double) -> String {
        let rate = max(8_000, plan.guarantees[path][lane] * capacity)
        // Above the believed capacity only the link itself is the limit; a class below one has its ceiling kept.
        let share = plan.ceilings[path][lane]
        let ceiling = max(rate, share < 1 ? share * capacity : 1.3 * paths[path].nominal)
        return "class \(verb) dev \(TestbedNetwork.device(path)) parent 10:1 "
            + "classid 10:\(TestbedNetwork.classMinor(lane)) htb rate \(Int(rate))bit ceil \(Int(ceiling))bit "
            + "prio \(plan.priorities[lane]) burst 3k cburst 3k quantum 1514"
    }

    private mutating func limiterLines(_ limit: Double) -> [String] {
        guard limit != sourceLimit else { return [] }
        sourceLimit = limit
        let family = "inet \(TestbedNetwork.table)"
        let clear = ["flush chain \(family) limiter", "flush set \(family) limited"]
        guard limit > 0 else { return clear }
        return clear + [
            "add rule \(family) limiter ip saddr @quarantine update @limited "
                + "{ ip saddr limit rate over \(Int(limit / 8)) bytes/second burst 5000 bytes } counter drop"
        ]
    }

    private func placementLines(
        _ placements: [FlowPlacement], flow: (Int) -> KernelFlows.Key?
    ) -> [String] {
        placements.flatMap { placement -> [String] in
            guard let key = flow(placement.flow) else { return [] }
            let mark = (placement.path + 1) << 4 | (key.trafficClass.rawValue + 1)
            let map = "inet \(TestbedNetwork.table) placed"
            // An element that is there cannot be added with another value, and one that is not cannot be deleted.
            return [
                "add element \(map) { \(key.text) : 0x\(String(mark, radix: 16)) }",
                "delete element \(map) { \(key.text) }",
                "add element \(map) { \(key.text) : 0x\(String(mark, radix: 16)) }",
            ]
        }
    }
}
