// Picks traffic to try a rule on.

import NetTypes

extension FlowHistory {
    private struct StreamKey: Hashable {
        var source: IPAddress
        var destination: IPAddress
        var transport: UInt8
        var sourcePort: UInt16
        var destinationPort: UInt16
        var codePoint: UInt8
    }

    /// Whether packets between two ends are of interest: source, destination, protocol, ports.
    typealias Match = (IPAddress, IPAddress, UInt8, UInt16, UInt16) -> Bool

    /// The window's seconds in which a rule matches most, with its largest streams that match and that do not.
    func sample(for rule: FilterRule, before end: Int64) -> TrafficSample {
        sample(before: end) { source, destination, transport, sourcePort, destinationPort in
            rule.matches(
                source: source, destination: destination, transport: transport, sourcePort: sourcePort,
                destinationPort: destinationPort)
        }
    }

    func sample(before end: Int64, _ isMatch: Match) -> TrafficSample {
        guard let seconds = seconds(before: end) else { return TrafficSample(seconds: 0, streams: []) }
        let span = busiestSpan(seconds, isMatch)
        var matching: [StreamKey: [(packets: Int, bytes: Int)]] = [:]
        var others: [StreamKey: [(packets: Int, bytes: Int)]] = [:]
        for sample in samples(in: span) where !flows[sample.flow].isTunnelled {
            let flow = flows[sample.flow]
            let transport = flow.transport
            let second = Int(sample.second - span.lowerBound)
            forEachDirection(of: sample) { source, sourcePort, destination, destinationPort, packets, bytes in
                guard !source.isMulticastOrBroadcast, !destination.isMulticastOrBroadcast else { return }
                let key = StreamKey(
                    source: source, destination: destination, transport: transport, sourcePort: sourcePort,
                    destinationPort: destinationPort,
                    codePoint: (source == flow.client ? flow.clientMark : flow.serverMark) >> 2)
                let nothing = [(packets: Int, bytes: Int)](repeating: (0, 0), count: span.count)
                if isMatch(source, destination, transport, sourcePort, destinationPort) {
                    matching[key, default: nothing][second].packets += packets
                    matching[key, default: nothing][second].bytes += bytes
                } else {
                    others[key, default: nothing][second].packets += packets
                    others[key, default: nothing][second].bytes += bytes
                }
            }
        }
        let half = TrafficSample.mostStreams / 2
        let chosen = Self.largest(matching, half) + Self.largest(others, half)
        return TrafficSample(seconds: span.count, streams: Self.thinned(chosen))
    }

    /// At most `TrafficSample.longest` seconds; the first of equally busy ones.
    private func busiestSpan(_ seconds: Range<Int64>, _ isMatch: Match) -> Range<Int64> {
        var bytes: [Int64: Int] = [:]
        for sample in samples(in: seconds) where !flows[sample.flow].isTunnelled {
            forEachDirection(of: sample) { source, sourcePort, destination, destinationPort, _, count in
                if isMatch(source, destination, flows[sample.flow].transport, sourcePort, destinationPort) {
                    bytes[sample.second, default: 0] += count
                }
            }
        }
        let length = min(TrafficSample.longest, seconds.count)
        var best = (start: seconds.upperBound - Int64(length), sum: -1)
        for start in seconds.lowerBound...(seconds.upperBound - Int64(length)) {
            let sum = (start..<(start + Int64(length))).reduce(0) { $0 + (bytes[$1] ?? 0) }
            if sum > best.sum { best = (start, sum) }
        }
        return best.start..<(best.start + Int64(length))
    }

    private static func largest(
        _ streams: [StreamKey: [(packets: Int, bytes: Int)]], _ count: Int
    ) -> [TrafficSample.Stream] {
        let sized = streams.map { (key: $0.key, seconds: $0.value, size: $0.value.reduce(0) { $0 + $1.bytes }) }
        return sized.sorted { ($1.size, order($0.key)) < ($0.size, order($1.key)) }.prefix(count).map { entry in
            TrafficSample.Stream(
                source: IPPrefix(entry.key.source), destination: IPPrefix(entry.key.destination),
                transport: entry.key.transport, sourcePort: entry.key.sourcePort,
                destinationPort: entry.key.destinationPort, codePoint: entry.key.codePoint,
                packets: entry.seconds.map(\.packets),
                bytes: entry.seconds.map(\.bytes))
        }
    }

    /// Something to sort streams of one size by.
    private static func order(_ key: StreamKey) -> String {
        "\(key.source) \(key.destination) \(key.transport) \(key.sourcePort) \(key.destinationPort) \(key.codePoint)"
    }

    /// Leaves out a share of all packets when they are too many; none grows beyond what a link carries.
    private static func thinned(_ streams: [TrafficSample.Stream]) -> [TrafficSample.Stream] {
        let total = streams.reduce(0) { $0 + $1.packets.reduce(0, +) }
        return streams.map { stream in
            var stream = stream
            for second in stream.packets.indices where stream.packets[second] > 0 {
                let mean = max(stream.leastLength, min(1500, stream.bytes[second] / stream.packets[second]))
                if total > TrafficSample.mostPackets {
                    stream.packets[second] = stream.packets[second] * TrafficSample.mostPackets / total
                }
                stream.bytes[second] = mean * stream.packets[second]
            }
            return stream
        }
    }
}

extension TrafficSample.Stream {
    /// Bytes of the headers that a packet of the stream must have.
    public var leastLength: Int {
        (source.isIPv6 ? 40 : 20) + (transport == IPProtocol.tcp ? 20 : 8)
    }
}
