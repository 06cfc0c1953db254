// What the summary counts: links, services, hosts and networks.

import NetTypes

/// A pair of hosts, in the order of their addresses.
struct LinkKey: SummaryKey, Hashable {
    var firstHigh: UInt64
    var firstLow: UInt64
    var secondHigh: UInt64
    var secondLow: UInt64
    var isIPv6: Bool

    init(_ key: FlowKey) {
        firstHigh = key.firstHigh
        firstLow = key.firstLow
        secondHigh = key.secondHigh
        secondLow = key.secondLow
        isIPv6 = key.isIPv6
    }

    static var filler: LinkKey { LinkKey(FlowKey()) }

    var first: IPAddress { IPAddress(high: firstHigh, low: firstLow, isIPv6: isIPv6) }
    var second: IPAddress { IPAddress(high: secondHigh, low: secondLow, isIPv6: isIPv6) }

    var spread: UInt64 { mixed(mixed(firstLow, secondLow) ^ firstHigh, secondHigh) }
}

/// Traffic between two hosts. "Forward" goes from the first to the second.
struct LinkTraffic: SummaryValue {
    var forward = DirectedTraffic()
    var backward = DirectedTraffic()
    var flows: UInt64 = 0

    var weight: UInt64 { forward.bytes + backward.bytes }
    var packets: UInt64 { forward.packets + backward.packets }

    /// Adds one flow.
    mutating func add(forward: DirectionStatistics, backward: DirectionStatistics, isTCP: Bool) {
        self.forward.add(forward, isTCP: isTCP)
        self.backward.add(backward, isTCP: isTCP)
        flows += 1
    }
}

/// Traffic in one direction of a link.
struct DirectedTraffic {
    var bytes: UInt64 = 0
    var packets: UInt64 = 0
    /// TCP segments, and those among them that were sent before.
    var segments: UInt32 = 0
    var retransmissions: UInt32 = 0

    mutating func add(_ direction: DirectionStatistics, isTCP: Bool) {
        bytes += direction.bytes
        packets += UInt64(direction.packets)
        guard isTCP else { return }
        segments = Self.sum(segments, direction.packets)
        retransmissions = Self.sum(retransmissions, UInt32(direction.retransmissions))
    }

    static func + (left: DirectedTraffic, right: DirectedTraffic) -> DirectedTraffic {
        DirectedTraffic(
            bytes: left.bytes + right.bytes, packets: left.packets + right.packets,
            segments: sum(left.segments, right.segments),
            retransmissions: sum(left.retransmissions, right.retransmissions))
    }

    /// A sum that stays at the largest number.
    private static func sum(_ left: UInt32, _ right: UInt32) -> UInt32 {
        let (sum, overflow) = left.addingReportingOverflow(right)
        return overflow ? .max : sum
    }
}

/// A service: transport protocol, server port and the application recognised.
struct ServiceKey: SummaryKey, Hashable {
    var transport: UInt8
    /// Zero for protocols without ports.
    var port: UInt16
    var application: ApplicationProtocol

    init(transport: UInt8, port: UInt16, application: ApplicationProtocol) {
        self.transport = transport
        self.port = port
        self.application = application
    }

    static var filler: ServiceKey { ServiceKey(transport: 0, port: 0, application: .unknown) }

    var word: UInt32 { UInt32(transport) << 24 | UInt32(port) << 8 | UInt32(application.rawValue) }

    var spread: UInt64 { mixed(UInt64(word), 0x9e37_79b9_7f4a_7c15) }
}

/// Traffic of a service.
struct ServiceTraffic: SummaryValue {
    var bytes: UInt64 = 0
    var packets: UInt64 = 0
    var flows: UInt64 = 0

    var weight: UInt64 { bytes }
}

extension IPAddress: SummaryKey {
    static var filler: IPAddress { IPAddress(high: 0, low: 0, isIPv6: false) }

    var spread: UInt64 { mixed(mixed(low, high), isIPv6 ? 1 : 0) }
}

/// Traffic of a host, from links that lost their place in the table of links.
struct HostTraffic: SummaryValue {
    var sent: UInt64 = 0
    var received: UInt64 = 0
    var packets: UInt64 = 0
    var flows: UInt64 = 0
    var peers = PeerSketch()

    var weight: UInt64 { sent + received }
}

/// A network of peers: the /24 of an IPv4 address, the /48 of an IPv6 address.
struct NetworkKey: SummaryKey, Hashable {
    var base: IPAddress

    init(_ address: IPAddress) {
        base =
            address.isIPv6
            ? IPAddress(high: address.high & ~0xffff, low: 0, isIPv6: true)
            : IPAddress(high: 0, low: address.low & ~0xff, isIPv6: false)
    }

    static var filler: NetworkKey { NetworkKey(.filler) }

    var spread: UInt64 { base.spread }
    var prefixLength: Int { base.isIPv6 ? 48 : 24 }
}

/// How a network performs, as far as TCP shows.
struct NetworkTraffic: SummaryValue {
    /// Time from the sensor to the network's hosts and back, from handshakes.
    var roundTrip = RoundTripHistogram()
    /// Segments sent to the network, and those among them that the sensor had seen before.
    var segments: UInt64 = 0
    var retransmissions: UInt64 = 0

    var weight: UInt64 { roundTrip.count + segments }
}
