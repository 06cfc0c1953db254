// The tables behind a traffic summary.

import NetTypes

/// The tables of a summary.
struct TrafficTables {
    var links = SpaceSaving<LinkKey, LinkTraffic>(capacity: 4096)
    var linkSeries = UtilisationSeries(places: 4096)
    var services = SpaceSaving<ServiceKey, ServiceTraffic>(capacity: 1024)
    var serviceSeries = UtilisationSeries(places: 1024)
    var hosts = SpaceSaving<IPAddress, HostTraffic>(capacity: 4096)
    var networks = SpaceSaving<NetworkKey, NetworkTraffic>(capacity: 1024)
    /// One series: everything.
    var totalSeries = UtilisationSeries(places: 1)
    var axis = UtilisationAxis()
    var roundTrip = RoundTripHistogram()
    /// By protocol number and by application.
    var transports = Array(repeating: ServiceTraffic(), count: 256)
    var applications = Array(repeating: ServiceTraffic(), count: 256)
    var lost: UInt64 = 0

    /// Adds the record of a flow that ended or reached the active timeout.
    mutating func add(_ flow: FlowRecord) {
        let bytes = flow.bytes
        let packets = flow.packets
        transports[Int(flow.key.transport)].add(packets: packets, bytes: bytes)
        applications[Int(flow.identity.application.rawValue)].add(packets: packets, bytes: bytes)
        let span = axis.cover(from: flow.start.nanoseconds, through: flow.end.nanoseconds)
        let share = UtilisationShare(first: span.first, last: span.last, bytes: Float(bytes))
        if totalSeries.isBehind(0, level: axis.level) { totalSeries.catchUp(0, axis) }
        totalSeries.add(share, at: 0)
        addLink(flow, share)
        addService(flow, packets, bytes, share)
        if flow.details.serverRoundTrip > 0, !flow.identity.status.contains(.continued) {
            addRoundTrip(flow.details.serverRoundTrip, of: flow.server.address)
            if flow.details.clientRoundTrip > 0 {
                addRoundTrip(flow.details.clientRoundTrip, of: flow.client.address)
            }
            if let whole = flow.handshakeRoundTrip { roundTrip.add(whole) }
        }
    }

    private mutating func addLink(_ flow: FlowRecord, _ share: UtilisationShare) {
        let key = LinkKey(flow.key)
        let place: Int
        switch links.place(of: key) {
        case .found(let found):
            place = found
            if linkSeries.isBehind(place, level: axis.level) { linkSeries.catchUp(place, axis) }
            linkSeries.add(share, at: place)
        case .empty(let free):
            place = free
            links.insert(key, at: place)
            linkSeries.start(place, with: share, level: axis.level)
        case .occupied(let taken):
            place = taken
            handOn(links.keys[place], links.values[place])
            links.insert(key, at: place)
            linkSeries.start(place, with: share, level: axis.level)
        }
        let isTCP = flow.key.transport == IPProtocol.tcp
        if flow.identity.status.contains(.clientIsFirst) {
            links.values[place].add(forward: flow.toServer, backward: flow.toClient, isTCP: isTCP)
        } else {
            links.values[place].add(forward: flow.toClient, backward: flow.toServer, isTCP: isTCP)
        }
    }

    private mutating func addService(
        _ flow: FlowRecord, _ packets: UInt64, _ bytes: UInt64, _ share: UtilisationShare
    ) {
        let transport = flow.key.transport
        let key = ServiceKey(
            transport: transport, port: EVERenderer.hasPorts(transport) ? flow.server.port : 0,
            application: flow.identity.application)
        let place: Int
        switch services.place(of: key) {
        case .found(let found):
            place = found
            if serviceSeries.isBehind(place, level: axis.level) { serviceSeries.catchUp(place, axis) }
            serviceSeries.add(share, at: place)
        case .empty(let free), .occupied(let free):
            place = free
            services.insert(key, at: place)
            serviceSeries.start(place, with: share, level: axis.level)
        }
        services.values[place].add(packets: packets, bytes: bytes)
    }

    private mutating func addRoundTrip(_ microseconds: UInt32, of address: IPAddress) {
        let place = networkPlace(address)
        networks.values[place].roundTrip.add(microseconds)
    }

    /// Gives the counts of a link to its hosts and networks.
    mutating func handOn(_ key: LinkKey, _ link: LinkTraffic) {
        guard key.first != key.second else {
            // A host that talks to itself has sent and received everything.
            let both = link.forward + link.backward
            return handOn(key.first, peer: key.first, sent: both, received: both, flows: link.flows)
        }
        handOn(key.first, peer: key.second, sent: link.forward, received: link.backward, flows: link.flows)
        handOn(key.second, peer: key.first, sent: link.backward, received: link.forward, flows: link.flows)
    }

    private mutating func handOn(
        _ host: IPAddress, peer: IPAddress, sent: DirectedTraffic, received: DirectedTraffic, flows: UInt64
    ) {
        let place: Int
        switch hosts.place(of: host) {
        case .found(let found): place = found
        case .empty(let free), .occupied(let free):
            place = free
            hosts.insert(host, at: place)
        }
        hosts.values[place].sent += sent.bytes
        hosts.values[place].received += received.bytes
        hosts.values[place].packets += host == peer ? sent.packets : sent.packets + received.packets
        hosts.values[place].flows += flows
        hosts.values[place].peers.add(peer)
        guard received.segments > 0 else { return }
        // A segment that passes the sensor twice was lost, or its acknowledgement was, beyond the sensor.
        let network = networkPlace(host)
        networks.values[network].segments += UInt64(received.segments)
        networks.values[network].retransmissions += UInt64(received.retransmissions)
    }

    private mutating func networkPlace(_ address: IPAddress) -> Int {
        let key = NetworkKey(address)
        switch networks.place(of: key) {
        case .found(let found): return found
        case .empty(let free), .occupied(let free):
            networks.insert(key, at: free)
            return free
        }
    }
}

extension ServiceTraffic {
    /// Adds one flow.
    mutating func add(packets: UInt64, bytes: UInt64) {
        self.packets += packets
        self.bytes += bytes
        flows += 1
    }
}
