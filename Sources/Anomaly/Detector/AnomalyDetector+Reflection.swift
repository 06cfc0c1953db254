// Answers over UDP that nobody asked for: what a reflected flood looks like at its victim.

import NetTypes

extension AnomalyDetector {
    /// Whether a flow over UDP begins with what looks like a server's answer to an inside host: from a port of a service that
    /// answers larger than it is asked, to one that is none of these. An asked server speaks second, in a flow of the client's.
    @inline(__always)
    func isReflected(_ keys: FlowKeys) -> Bool {
        keys.transport == IPProtocol.udp && keys.serverIsInside && !keys.isGroup
            && Self.isReflectorPort(keys.clientPort) && !Self.isReflectorPort(keys.serverPort)
    }

    /// Services that are abused to amplify (CISA, Alert TA14-017A, UDP-Based Amplification Attacks, with its revisions): QOTD,
    /// CharGEN, DNS, TFTP, portmapper, NTP, NetBIOS, SNMP, CLDAP, IKE, RIP, MS-SQL, SSDP, ARD, WS-Discovery, mDNS, CoAP, memcached.
    private static func isReflectorPort(_ port: UInt16) -> Bool {
        switch port {
        case 17, 19, 53, 69, 111, 123, 137, 161, 389, 500, 520, 1434, 1900, 3283, 3702, 5353, 5683, 11211: true
        default: false
        }
    }

    /// Counts the servers that answer a host which had not asked.
    ///
    /// - Parameter lastOnLink: when this server did so last, zero for never.
    func noteReflector(_ keys: FlowKeys, _ victim: HostPlace, _ lastOnLink: UInt32, isGuarded: Bool) {
        let count = victim.table[victim.place].reflectors.add(now, last: lastOnLink, width: 27)
        let value = excess(.reflectors, count: count, owner: keys.serverHistory, isGuarded: isGuarded)
        note(.reflectors, host: victim, value, Float(count))
    }

    /// Notes how large such an answer was, when there was nothing else in its flow.
    func noteReflection(_ flow: FlowRecord, _ victim: HostPlace) {
        guard flow.toClient.packets == 0 else { return }
        let bytes = Float(flow.toServer.payloadBytes)
        note(.reflectedBytes, host: victim, Self.logarithm(bytes / 512), bytes)
    }
}
