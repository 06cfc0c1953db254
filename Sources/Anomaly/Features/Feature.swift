// The features that a score is made of.

/// One feature. Raw values are the layout's order; a change of layout raises `Feature.layoutVersion`.
public enum Feature: Int, CaseIterable, Sendable {
    // Of a client and a server.
    /// The host never spoke to this peer.
    case newPeer
    /// The host never spoke to this port of this peer.
    case newPeerPort
    /// Nobody ever spoke to this port of this address.
    case newServer
    /// The host's site never spoke to this network (/16, or /32 of IPv6).
    case newNetwork
    /// Two inside hosts meet for the first time.
    case newInsidePeer
    /// The port is new on this site.
    case newService
    /// The host never used this port.
    case newServiceOfHost
    /// The host was never asked on this port.
    case newInboundService
    /// The registered domain is new on this site.
    case newDomain
    /// The host never asked for this registered domain.
    case newDomainOfHost
    /// The TLS client fingerprint is new on this site.
    case newFingerprint
    /// The host never showed this TLS client fingerprint.
    case newFingerprintOfHost
    /// This TLS client fingerprint never asked for this registered domain.
    case newFingerprintPair
    /// The user agent is new on this site.
    case newAgent
    /// The host never showed this user agent.
    case newAgentOfHost
    /// No request had these header names in this order.
    case newHeaderOrder
    /// The content type is new in this direction.
    case newContentType
    /// A request names an address instead of a domain, to a new place.
    case literalHost
    /// The client's first bytes are new on this port.
    case newRequestBytes
    /// The server's first bytes are new on this port.
    case newReplyBytes
    /// The payload's mix of text and randomness is new on this port.
    case newPayloadMix
    /// Three-letter pieces of the request's target that no request had before.
    case newRequestText
    /// Ports of one peer tried within a minute.
    case portsOfPeer
    /// Ports of one peer that refused or kept silent within a minute.
    case failedPortsOfPeer
    /// A workstation administers another host for the first time.
    case adminFirst
    /// A new outside peer that the host keeps coming back to.
    case stayingPeer
    /// A controller is told to change something that this host never told it.
    case controlFunction
    /// A host takes to a means of working on other hosts that it never used.
    case remoteMeans
    /// A request with kinds of characters by which injections leave their place, which no request to the server had.
    case injection
    // Of a client and a port.
    /// Peers tried on one port within a minute.
    case hostsOfService
    /// Peers tried on one port within ten minutes.
    case hostsOfServiceLong
    /// Peers that refused or kept silent on one port within a minute.
    case failedHostsOfService
    /// Peers tried for the first time, within ten minutes, on a port on which the host itself was reached before.
    case spread
    // Of a client, a server and its port.
    /// Connections to one port of one peer within ten seconds.
    case sessionsShort
    /// Connections to one port of one peer within a minute.
    case sessions
    /// Connections to one port of one peer within ten minutes.
    case sessionsLong
    /// Packets a second.
    case packetRate
    /// Payload bytes sent out of the network by a flow that mostly sends.
    case bytesUp
    /// Packets of the flow.
    case packets
    /// Seconds since the flow began.
    case age
    /// How even the gaps between packets are.
    case gapRegularity
    /// How even the gaps between connections are.
    case sessionRegularity
    /// Payload bytes of the largest ICMP packet beyond 64.
    case icmpPayload
    /// ICMP packets and their different lengths.
    case icmpPackets
    /// Web requests that the server refused within a minute.
    case refusedRequests
    /// Distance to the nearest known flow shapes of this port.
    case shapeOfKind
    /// Distance to the nearest known flow shapes of this protocol and direction.
    case shapeOfDirection
    /// How soon half-space trees set the flow's shape apart.
    case isolation
    /// How badly autoencoders reproduce the flow's shape.
    case reconstruction
    /// Distance of the flow's shape from the principal subspace.
    case offSubspace
    /// Distance of the flow's shape from the nearest density cluster.
    case offDensity
    /// Connections to a port of logins within a minute.
    case logins
    /// Web requests of one client to one server within ten seconds.
    case requests
    /// How far more a host sends out than it usually does for what it receives.
    case uploadBalance
    /// Signs that work is done for a mining pool.
    case mining
    // Of a server's port.
    /// Connections to one host within a second.
    case startsShort
    /// Connections to one host within ten seconds.
    case starts
    /// Connections to one port of a host that are open at the same time.
    case openConnections
    /// Web requests to one server within ten seconds, of all clients.
    case requestsOfServer
    // Of a host.
    /// Hosts that turned to one host within ten seconds.
    case sources
    /// Hosts that turned to one host for the first time, within ten seconds.
    case newSources
    /// Connections that one host refused or did not answer within a minute.
    case failuresAtHost
    /// Answers that nobody asked for, within ten seconds.
    case backscatter
    /// An IP address moved to the hardware address of another host.
    case bindingChange
    /// Evidence that a host tries addresses and ports without knowing them: a sequential test of its first contacts.
    case blindContacts
    /// How far a host's minute is from what was forecast.
    case unforeseen
    /// Servers that answered a host which had not asked, within ten seconds.
    case reflectors
    /// Bytes of such an answer.
    case reflectedBytes
    // Of a client and a registered domain.
    /// Different names below one domain within ten minutes.
    case dnsNames
    /// Information carried by the names below one domain within ten minutes.
    case dnsBits
    /// Length of a name below its domain.
    case dnsNameLength
    /// Rarity of the queried type.
    case dnsType
    /// Bytes of TXT, NULL and ANY answers from one domain.
    case dnsAnswerBytes
    /// Queries below one domain within a minute.
    case dnsRate
    /// Different names that do not exist, within ten minutes.
    case dnsMissing
    /// Different registered domains that do not exist and look made up, within ten minutes.
    case dnsMadeUpDomains
    /// The host asks for a domain that nobody asked for before.
    case dnsNewDomain
    /// Size and number of DNS packets of a flow.
    case dnsBytesPerPacket
}

extension Feature {
    /// Version of the layout, written into saved models and alerts.
    public static let layoutVersion = 5

    /// What is known of a feature without looking at traffic.
    var specification: FeatureSpecification { Self.specifications[rawValue] }

    /// The name in alerts and of `--drop-features`.
    public var name: StaticString { specification.name }

    public var family: FeatureFamily { specification.family }

    /// The feature or the features of the family with the given name; empty for an unknown name.
    public static func named(_ name: String) -> [Feature] {
        allCases.filter { "\($0.name)" == name || "\($0.family.name)" == name }
    }
}
