// Proof of weights: many flows through the kernel's nexthop group.

import Advice
import Enforcement
import NetTypes

extension Verification {
    private static let counts = "leptonnet_proof"
    /// Enough that chance moves a share by less than a per cent of all.
    private static let flows = 20_000

    func prove(_ rule: RouteRule) throws(EnforcementError) -> (comparisons: [Comparison], isRestored: Bool) {
        let site = recommendation.site
        try NetworkSandbox.addPair("probe0", "probe1")
        // A router's settings.
        for setting in ["ipv4/ip_forward", "ipv6/conf/all/forwarding"] { NetworkSandbox.set("net/\(setting)", "1") }
        // By addresses and ports; the kernel's default hashes addresses alone.
        for version in ["ipv4", "ipv6"] { NetworkSandbox.set("net/\(version)/fib_multipath_hash_policy", "1") }
        NetworkSandbox.set("net/ipv4/conf/all/rp_filter", "0")
        for (index, path) in site.paths.enumerated() {
            try NetworkSandbox.addPair(path.interface, "far\(index)")
            let hop = "\(path.nextHop)"
            let version = path.nextHop.isIPv6 ? "-6" : "-4"
            try Program.ip.require([version, "route", "add", hop, "dev", path.interface])
            try Program.ip.require(
                [version, "neigh", "add", hop, "lladdr", "02:00:00:00:01:00", "dev", path.interface])
        }
        try Program.nft.require(["-f", "-"], input: Self.counting(site.paths))
        let interfaces = site.paths.map(\.interface)
        return try trial(interfaces: interfaces) { () throws(EnforcementError) in
            let sent = try sendFlows(to: rule.destinations[0])
            var comparisons: [Comparison] = []
            for (index, share) in shares(rule).enumerated() {
                let counted = try Self.counter("path\(index)", of: Self.counts).packets
                let deviation = (Double(sent) * share * (1 - share)).squareRoot()
                comparisons.append(
                    Comparison(
                        "\(site.paths[index].name), flows", predicted: Double(sent) * share, counted: counted,
                        deviation: 3 * deviation))
            }
            try Program.nft.require(["reset", "counters"])
            return comparisons
        }
    }

    /// A table that counts what is forwarded over each path.
    private static func counting(_ paths: [SitePath]) -> String {
        var text = "table inet \(counts) {\n"
        for index in paths.indices { text += "counter path\(index) { }\n" }
        text += "chain forward {\ntype filter hook forward priority 0;\n"
        for (index, path) in paths.enumerated() { text += "oifname \"\(path.interface)\" counter name path\(index)\n" }
        return text + "}\n}\n"
    }

    /// One packet for each flow, from ports of their own.
    private func sendFlows(to range: IPPrefix) throws(EnforcementError) -> Int {
        let hardware = try PacketSender.hardwareAddress(of: "probe1")
        let source = IPAddress(range.isIPv6 ? "fd00:ffff::1" : "10.255.255.1")!
        var target = range.address
        target.low |= 1
        var frames: [[UInt8]] = []
        for flow in 0..<UInt16(Self.flows) {
            frames.append(
                ProbeFrame.bytes(
                    source: source, destination: target, transport: IPProtocol.udp, sourcePort: 10_000 + flow % 200,
                    destinationPort: 20_000 + flow / 200, length: 60, to: hardware))
        }
        let sender = try PacketSender(interface: "probe0")
        defer { sender.end() }
        let departures = frames.indices.map { PacketSender.Departure(time: $0 * 20_000, frame: $0) }
        return sender.send(departures, of: frames)
    }

    /// The share of flows that each path of the site gets: a resilient group has whole buckets, and gives them out by
    /// rounding the running sum of weights.
    private func shares(_ rule: RouteRule) -> [Double] {
        let site = recommendation.site
        let weights = site.paths.map { path in rule.weights.first { $0.path == path.name }?.weight ?? 0 }
        let total = weights.reduce(0, +)
        guard site.routing.kind == .resilient else { return weights.map { Double($0) / Double(total) } }
        var sum = 0
        var given = 0
        return weights.map { weight in
            sum += weight
            let upTo = (site.routing.buckets * sum + total / 2) / total
            defer { given = upTo }
            return Double(upTo - given) / Double(site.routing.buckets)
        }
    }
}
