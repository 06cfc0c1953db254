// Who talks to whom, as table keys.

import NetTypes

/// The parties of a flow and the keys of everything that is remembered about them.
struct FlowKeys {
    let client: IPAddress
    let server: IPAddress
    let clientPort: UInt16
    let serverPort: UInt16
    let transport: UInt8
    let clientIsInside: Bool
    let serverIsInside: Bool
    /// Broadcast and multicast destinations take no part in counts.
    let isGroup: Bool
    let clientKey: UInt64
    let serverKey: UInt64
    let link: UInt64
    let tuple: UInt64
    let service: UInt64
    let serverAndPort: UInt64
    /// The port, or the ICMP type, or `ephemeral` for all ports that are none of a service.
    let port: UInt16

    static let ephemeral: UInt16 = 0xffff
    /// Ports from here on are taken by clients (Linux, ip_local_port_range).
    private static let firstEphemeral: UInt16 = 32768

    /// - Parameter event: one that carries a flow.
    init(_ event: StreamEvent, _ mixer: KeyMixer, _ home: HomeNetworks) {
        self.init(
            event.flow.identity.key, clientIsFirst: event.flow.identity.status.contains(.clientIsFirst),
            icmpType: event.flow.details.icmpType, toGroup: event.flow.details.serverMAC.isGroup, mixer, home)
    }

    /// - Parameters:
    ///   - icmpType: type of the first message, if the flow is one of ICMP.
    ///   - toGroup: whether the first frame went to several stations.
    init(
        _ key: FlowKey, clientIsFirst: Bool, icmpType: UInt8, toGroup: Bool, _ mixer: KeyMixer, _ home: HomeNetworks
    ) {
        let first = (address: key.firstAddress, port: key.firstPort)
        let second = (address: key.secondAddress, port: key.secondPort)
        let (client, server) = clientIsFirst ? (first, second) : (second, first)
        self.client = client.address
        self.server = server.address
        clientPort = client.port
        transport = key.transport
        let isICMP = transport == IPProtocol.icmp || transport == IPProtocol.icmpv6
        serverPort = isICMP ? UInt16(icmpType) : server.port
        port = serverPort >= Self.firstEphemeral ? Self.ephemeral : serverPort
        clientIsInside = home.contain(client.address)
        serverIsInside = home.contain(server.address)
        isGroup = server.address.isMulticastOrBroadcast || toGroup
        clientKey = mixer.key(client.address)
        serverKey = mixer.key(server.address)
        let exact = UInt64(transport) << 16 | UInt64(serverPort)
        let isForeign = !clientIsInside
        link = KeyMixer.mark(KeyMixer.combine(clientKey, serverKey), foreign: isForeign)
        tuple = KeyMixer.mark(KeyMixer.combine(link, exact), foreign: isForeign)
        service = KeyMixer.mark(KeyMixer.combine(clientKey, 1 << 32 | exact), foreign: isForeign)
        serverAndPort = KeyMixer.mark(KeyMixer.combine(serverKey, 2 << 32 | exact), foreign: false)
    }

    /// What the client's history is kept under: all outside clients share one.
    @inline(__always)
    var clientHistory: UInt64 { clientIsInside ? clientKey : 1 }

    @inline(__always)
    var serverHistory: UInt64 { serverIsInside ? serverKey : 1 }

    /// The port with its protocol; clients' ports are one.
    @inline(__always)
    var serviceCode: UInt64 { UInt64(transport) << 16 | UInt64(port) }

    /// The inside host that an incident is about: the client, unless it is outside.
    @inline(__always)
    var inside: (key: UInt64, address: IPAddress) {
        clientIsInside || !serverIsInside ? (clientKey, client) : (serverKey, server)
    }
}

extension FlowKeys {
    /// The parties of an ARP conversation, without a flow.
    init(arp attacker: IPAddress, _ victim: IPAddress, _ mixer: KeyMixer, _ home: HomeNetworks) {
        let (key, sourceIsFirst) = FlowKey.canonical(
            source: attacker, sourcePort: 0, destination: victim, destinationPort: 0, transport: 0)
        self.init(key, clientIsFirst: sourceIsFirst, icmpType: 0, toGroup: false, mixer, home)
    }
}
