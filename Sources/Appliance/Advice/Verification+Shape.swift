// Proof of queues: each packet in the class that the site file gives it.

import Advice
import Enforcement
import NetTypes

extension Verification {
    func prove(_ rule: ShapeRule) throws(EnforcementError) -> (comparisons: [Comparison], isRestored: Bool) {
        let paths = recommendation.site.paths.filter { path in rule.paths.contains { $0.path == path.name } }
        for (index, path) in paths.enumerated() { try NetworkSandbox.addPair(path.interface, "far\(index)") }
        return try trial(interfaces: paths.map(\.interface)) { () throws(EnforcementError) in
            var comparisons: [Comparison] = []
            for path in paths { comparisons += try classes(of: path, rule) }
            return comparisons
        }
    }

    /// Sends a few packets of each kind and looks at where the kernel put them.
    private func classes(of path: SitePath, _ rule: ShapeRule) throws(EnforcementError) -> [Comparison] {
        let streams = probes(rule)
        let copies = 5
        let hardware = try PacketSender.hardwareAddress(of: path.interface)
        var frames: [[UInt8]] = []
        var departures: [PacketSender.Departure] = []
        var predicted = [Int](repeating: 0, count: SiteClass.names.count)
        // At a quarter of the path's rate, so that nothing waits long enough to be lost.
        var time = 0
        for stream in streams {
            let frame = ProbeFrame.bytes(
                source: stream.source.address, destination: stream.destination.address, transport: stream.transport,
                sourcePort: stream.sourcePort, destinationPort: stream.destinationPort, codePoint: stream.codePoint,
                length: stream.leastLength + 20, to: hardware)
            for _ in 0..<copies {
                departures.append(PacketSender.Departure(time: time, frame: frames.count))
                time += frame.count * 8 * 4 * 1000 / max(1, path.rate / 1_000_000)
            }
            frames.append(frame)
            let isQuarantined = rule.quarantined.contains { $0.contains(stream.source.address) }
            let index =
                isQuarantined
                ? SiteClass.names.count - 1
                : SiteClass.index(
                    in: recommendation.site.classes, codePoint: stream.codePoint, transport: stream.transport,
                    destinationPort: stream.destinationPort)
            predicted[index] += copies
        }
        let sender = try PacketSender(interface: path.interface)
        defer { sender.end() }
        _ = sender.send(departures, of: frames)
        let text = try Program.tc.require(["-s", "class", "show", "dev", path.interface])
        return zip(SiteClass.names, predicted).enumerated().map { index, entry in
            Comparison(
                "\(path.name) \(entry.0), packets", predicted: Double(entry.1),
                counted: Self.sent(text, class: "\(OwnershipMark.queueHandle)\(index + 1)0"))
        }
    }

    /// The sample's streams, and one for each code point and port of each class and version of IP.
    private func probes(_ rule: ShapeRule) -> [TrafficSample.Stream] {
        let near = [IPPrefix("10.255.255.1")!, IPPrefix("fd00:ffff::1")!]
        let far = [IPPrefix("198.18.255.1")!, IPPrefix("2001:db8:ffff::1")!]
        var streams = recommendation.proposal.sample.streams
        func add(_ transport: UInt8, port: UInt16, codePoint: UInt8) {
            for version in 0..<2 {
                streams.append(
                    TrafficSample.Stream(
                        source: near[version], destination: far[version], transport: transport, sourcePort: 50_000,
                        destinationPort: port, codePoint: codePoint, packets: [], bytes: []))
            }
        }
        for entry in recommendation.site.classes {
            for point in entry.codePoints { add(IPProtocol.udp, port: 50_001, codePoint: point) }
            for service in entry.services { add(service.transport, port: service.port, codePoint: 0) }
        }
        add(IPProtocol.udp, port: 50_002, codePoint: 0)
        return streams
    }

    /// Packets that a class has sent, out of the text of `tc -s class show`.
    static func sent(_ text: String, class handle: String) -> Int {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let index = lines.firstIndex(where: { $0.hasPrefix("class htb \(handle) ") }), index + 1 < lines.count
        else { return -1 }
        let words = lines[index + 1].split(separator: " ")
        guard let place = words.firstIndex(of: "pkt"), place > 0 else { return -1 }
        return Int(words[place - 1]) ?? -1
    }
}
