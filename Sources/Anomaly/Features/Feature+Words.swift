// What a feature measures, in words for people.

extension Feature {
    /// Whose evidence the feature is.
    public var scope: FeatureScope { specification.scope }

    /// How its value follows from what was observed.
    public var unit: FeatureUnit { specification.unit }

    /// Continues "11 …" for counts and measurements, is a sentence for novelties, a noun for the rest.
    public var meaning: String {
        switch self {
        case .newPeer: "the host never spoke to this peer"
        case .newPeerPort: "the host never spoke to this port of this peer"
        case .newServer: "nobody ever spoke to this port of this address"
        case .newNetwork: "the site never spoke to this network"
        case .newInsidePeer: "two inside hosts meet for the first time"
        case .newService: "the port is new on this site"
        case .newServiceOfHost: "the host never used this port"
        case .newInboundService: "the host was never asked on this port"
        case .newDomain: "the registered domain is new on this site"
        case .newDomainOfHost: "the host never asked for this registered domain"
        case .newFingerprint: "the TLS client fingerprint is new on this site"
        case .newFingerprintOfHost: "the host never showed this TLS client fingerprint"
        case .newFingerprintPair: "this TLS client fingerprint never asked for this domain"
        case .newAgent: "the user agent is new on this site"
        case .newAgentOfHost: "the host never showed this user agent"
        case .newHeaderOrder: "no request had these header names in this order"
        case .newContentType: "the content type is new in this direction"
        case .literalHost: "a request names an address instead of a domain, to a new place"
        case .newRequestBytes: "the client's first bytes are new on this port"
        case .newReplyBytes: "the server's first bytes are new on this port"
        case .newPayloadMix: "this mix of text and randomness is new on this port"
        case .newRequestText: "three-letter pieces of the request's target that no request had before"
        case .portsOfPeer: "ports of one peer tried within a minute"
        case .failedPortsOfPeer: "ports of one peer that refused or kept silent within a minute"
        case .adminFirst: "a workstation administers another host for the first time"
        case .hostsOfService: "hosts tried on one port within a minute"
        case .hostsOfServiceLong: "hosts tried on one port within ten minutes"
        case .failedHostsOfService: "hosts that refused or kept silent on one port within a minute"
        case .sessionsShort: "connections to one port of one host within ten seconds"
        case .sessions: "connections to one port of one host within a minute"
        case .sessionsLong: "connections to one port of one host within ten minutes"
        case .packetRate: "packets a second in one flow"
        case .bytesUp: "payload bytes sent out of the network by one flow"
        case .packets: "packets in one flow"
        case .age: "seconds since the flow began"
        case .gapRegularity: "evenness of the gaps between packets"
        case .sessionRegularity: "evenness of the gaps between connections"
        case .icmpPayload: "payload bytes in one ICMP packet"
        case .icmpPackets: "ICMP packets in one exchange"
        case .shapeOfKind: "distance to the known flows of this port"
        case .shapeOfDirection: "distance to the known flows of this protocol and direction"
        case .startsShort: "connections to one host within a second"
        case .starts: "connections to one host within ten seconds"
        case .sources: "hosts that turned to one host within ten seconds"
        case .newSources: "hosts that turned to one host for the first time, within ten seconds"
        case .failuresAtHost: "connections that one host refused or did not answer within a minute"
        case .backscatter: "answers that nobody asked for, within ten seconds"
        case .bindingChange: "strength of the sign that an address moved to another hardware address"
        case .dnsNames: "different names below one domain within ten minutes"
        case .dnsBits: "bits of information in the names below one domain within ten minutes"
        case .dnsNameLength: "characters below the domain in one name"
        case .dnsType: "the number of the DNS type asked for"
        case .dnsAnswerBytes: "bytes of free data in answers from one domain"
        case .dnsRate: "queries below one domain within a minute"
        case .dnsMissing: "different names that do not exist, within ten minutes"
        case .dnsNewDomain: "the host asks for a domain that nobody asked for"
        case .dnsBytesPerPacket: "bytes in a DNS packet"
        }
    }
}
