// The finished summary: sorted rows, ready to be shown.

import NetTypes

/// What a summary says, independent of how it is shown. The same input gives the same report.
public struct SummaryReport: Sendable {
    /// Counts by a name.
    struct Share: Sendable {
        let name: String
        let traffic: (flows: UInt64, packets: UInt64, bytes: UInt64)
    }

    struct Host: Sendable {
        let address: IPAddress
        var sent: UInt64 = 0
        var received: UInt64 = 0
        var packets: UInt64 = 0
        var flows: UInt64 = 0
        var peers = 0
        /// Whether the table of links was large enough for every link of this host.
        var isExact = true

        var bytes: UInt64 { sent + received }
    }

    struct Link: Sendable {
        let first: IPAddress
        let second: IPAddress
        let forwardBytes: UInt64
        let backwardBytes: UInt64
        let packets: UInt64
        let flows: UInt64
        /// Bytes that may be missing (`SpaceSaving`).
        let error: UInt64
        let series: [Float]

        var bytes: UInt64 { forwardBytes + backwardBytes }
    }

    struct Service: Sendable {
        let key: ServiceKey
        let packets: UInt64
        let bytes: UInt64
        let flows: UInt64
        let error: UInt64
        let series: [Float]
    }

    struct Network: Sendable {
        let key: NetworkKey
        let handshakes: UInt64
        let median: UInt64
        let high: UInt64
        let segments: UInt64
        let retransmissions: UInt64
    }

    let totals: RunTotals
    let lost: UInt64
    /// Bytes in the records of flows; the rest of the traffic has no flow.
    let flowBytes: UInt64
    let transports: [Share]
    let applications: [Share]
    let hosts: [Host]
    let links: [Link]
    let services: [Service]
    /// Networks by median round trip, the slowest first.
    let slowest: [Network]
    /// Networks by share of retransmitted segments, the worst first.
    let lossiest: [Network]
    let handshakes: UInt64
    let medianRoundTrip: UInt64
    let highRoundTrip: UInt64
    /// All traffic of flows over time.
    let series: [Float]
    /// Start of the series and width of its buckets, ns.
    let seriesStart: Int64
    let bucketWidth: Int64

    /// Makes the report. Hands the counts of all links on to hosts and networks, so `tables` is used up.
    init(_ tables: inout TrafficTables, _ totals: RunTotals, rows: Int) {
        self.totals = totals
        lost = tables.lost
        flowBytes = tables.transports.reduce(0) { $0 + $1.bytes }
        transports = Self.shares(tables.transports) { IPProtocol.name($0).map { "\($0)" } ?? "protocol \($0)" }
        applications = Self.shares(tables.applications) { ApplicationProtocol(rawValue: $0).map { "\($0.name)" } ?? "" }
        hosts = Self.hosts(tables, rows)
        links = Self.links(&tables, rows)
        services = Self.services(&tables, rows)
        for place in tables.links.occupied { tables.handOn(tables.links.keys[place], tables.links.values[place]) }
        let networks = Self.networks(tables)
        slowest = Self.slowest(networks, rows)
        lossiest = Self.lossiest(networks, rows)
        handshakes = tables.roundTrip.count
        medianRoundTrip = tables.roundTrip.quantile(0.5) ?? 0
        highRoundTrip = tables.roundTrip.quantile(0.95) ?? 0
        series = tables.totalSeries.values(of: 0, tables.axis)
        seriesStart = tables.axis.low * tables.axis.width
        bucketWidth = tables.axis.width
    }
}

extension SummaryReport {
    /// The numbers that occur, the heaviest first.
    private static func shares(_ counts: [ServiceTraffic], _ name: (UInt8) -> String) -> [Share] {
        counts.indices.filter { counts[$0].flows > 0 }
            .sorted { (counts[$1].bytes, $0) < (counts[$0].bytes, $1) }
            .map { Share(name: name(UInt8($0)), traffic: (counts[$0].flows, counts[$0].packets, counts[$0].bytes)) }
    }

    /// Hosts from the links still in the table and from what displaced links have handed on.
    private static func hosts(_ tables: TrafficTables, _ rows: Int) -> [Host] {
        var found: [IPAddress: Host] = [:]
        var sketches: [IPAddress: PeerSketch] = [:]
        for place in tables.hosts.occupied {
            let address = tables.hosts.keys[place]
            let traffic = tables.hosts.values[place]
            found[address] = Host(
                address: address, sent: traffic.sent, received: traffic.received, packets: traffic.packets,
                flows: traffic.flows, isExact: false)
            sketches[address] = traffic.peers
        }
        func add(_ address: IPAddress, _ peer: IPAddress, _ sent: UInt64, _ received: UInt64, _ link: LinkTraffic) {
            var host = found[address] ?? Host(address: address)
            host.sent += sent
            host.received += received
            host.packets += link.packets
            host.flows += link.flows
            host.peers += 1
            found[address] = host
            sketches[address]?.add(peer)
        }
        for place in tables.links.occupied {
            let key = tables.links.keys[place]
            let link = tables.links.values[place]
            if key.first == key.second {
                add(key.first, key.first, link.weight, link.weight, link)
            } else {
                add(key.first, key.second, link.forward.bytes, link.backward.bytes, link)
                add(key.second, key.first, link.backward.bytes, link.forward.bytes, link)
            }
        }
        let heaviest = found.values.sorted { ($1.bytes, $0.address) < ($0.bytes, $1.address) }.prefix(rows)
        return heaviest.map { host in
            var host = host
            if let sketch = sketches[host.address] { host.peers = max(host.peers, sketch.count) }
            return host
        }
    }

    private static func links(_ tables: inout TrafficTables, _ rows: Int) -> [Link] {
        let table = tables.links
        let heaviest = table.occupied.sorted { left, right in
            let (leftKey, rightKey) = (table.keys[left], table.keys[right])
            return (table.values[right].weight, leftKey.first, leftKey.second)
                < (table.values[left].weight, rightKey.first, rightKey.second)
        }
        return heaviest.prefix(rows).map { place in
            let link = table.values[place]
            return Link(
                first: table.keys[place].first, second: table.keys[place].second, forwardBytes: link.forward.bytes,
                backwardBytes: link.backward.bytes, packets: link.packets, flows: link.flows,
                error: table.errors[place], series: tables.linkSeries.values(of: place, tables.axis))
        }
    }

    private static func services(_ tables: inout TrafficTables, _ rows: Int) -> [Service] {
        let table = tables.services
        let heaviest = table.occupied.sorted {
            (table.values[$1].bytes, table.keys[$0].word) < (table.values[$0].bytes, table.keys[$1].word)
        }
        return heaviest.prefix(rows).map { place in
            let service = table.values[place]
            return Service(
                key: table.keys[place], packets: service.packets, bytes: service.bytes, flows: service.flows,
                error: table.errors[place], series: tables.serviceSeries.values(of: place, tables.axis))
        }
    }

    private static func networks(_ tables: TrafficTables) -> [Network] {
        tables.networks.occupied.map { place in
            let traffic = tables.networks.values[place]
            return Network(
                key: tables.networks.keys[place], handshakes: traffic.roundTrip.count,
                median: traffic.roundTrip.quantile(0.5) ?? 0, high: traffic.roundTrip.quantile(0.95) ?? 0,
                segments: traffic.segments, retransmissions: traffic.retransmissions)
        }
    }

    /// The slowest networks, among those with a hundredth of all handshakes or twenty of them.
    private static func slowest(_ networks: [Network], _ rows: Int) -> [Network] {
        let enough = max(1, min(20, networks.reduce(0) { $0 + $1.handshakes } / 100))
        let candidates = networks.filter { $0.handshakes >= enough }
        return Array(candidates.sorted { ($1.median, $0.key.base) < ($0.median, $1.key.base) }.prefix(rows))
    }

    /// The networks that lose most, among those with a thousandth of all segments or a thousand of them.
    private static func lossiest(_ networks: [Network], _ rows: Int) -> [Network] {
        let enough = max(1, min(1000, networks.reduce(0) { $0 + $1.segments } / 1000))
        let candidates = networks.filter { $0.segments >= enough && $0.retransmissions > 0 }
        return Array(candidates.sorted { ($1.lossShare, $0.key.base) < ($0.lossShare, $1.key.base) }.prefix(rows))
    }
}

extension SummaryReport.Network {
    /// Retransmitted segments in millionths of all.
    var lossShare: UInt64 { segments == 0 ? 0 : retransmissions * 1_000_000 / segments }

    var name: String { "\(key.base)/\(key.prefixLength)" }
}

extension SummaryReport.Service {
    /// Port, protocol and application, as far as there are any: "443/tcp tls".
    var name: String {
        let transport = IPProtocol.name(key.transport).map { "\($0)".lowercased() } ?? "protocol \(key.transport)"
        let place = EVERenderer.hasPorts(key.transport) ? "\(key.port)/\(transport)" : transport
        return key.application == .unknown || key.application == .failed ? place : "\(place) \(key.application.name)"
    }
}
