// Recognises application protocols from the first bytes of a direction.

import NetTypes

/// What the first bytes of a direction say.
enum ProtocolRecognition {
    case match(ApplicationProtocol)
    /// The bytes are the beginning of a protocol's opening, but too few.
    case undecided
    case none

    /// Looks at the first bytes of one direction of a TCP connection. Content decides; the port only says whether DNS,
    /// which has no mark of its own over TCP, is looked for.
    ///
    /// - Parameters:
    ///   - bytes: all bytes of the direction so far, or their beginning.
    ///   - interests: protocols that nobody wants to know are not looked for.
    ///   - ports: the two ports.
    ///   - other: what the other direction begins with.
    static func ofStream(
        _ bytes: ApplicationReader, interests: ApplicationInterests, ports: (UInt16, UInt16), other: Greeting
    ) -> ProtocolRecognition {
        var isUndecided = false
        if interests.wantsToKnow(.tls) {
            switch TLSRecord.begins(bytes) {
            case true?: return .match(.tls)
            case nil: isUndecided = true
            case false?: break
            }
        }
        if interests.wantsToKnow(.http) {
            switch HTTPFraming.begins(bytes) {
            case true?: return .match(.http)
            case nil: isUndecided = true
            case false?: break
            }
        }
        if interests.wantsToKnow(.ssh) {
            let common = bytes.commonPrefix(with: "SSH-")
            if common == 4 { return .match(.ssh) }
            if common == bytes.remaining { isUndecided = true }
        }
        switch ofLines(bytes, interests, ports, other) {
        case .match(let application): return .match(application)
        case .undecided: isUndecided = true
        case .none: break
        }
        if let application = ofMessages(bytes, interests, ports) { return .match(application) }
        if ports.0 == 53 || ports.1 == 53, interests.wantsToKnow(.dns) {
            var reader = bytes
            guard let length = reader.uint16(), reader.remaining >= DNSMessage.headerLength else { return .undecided }
            if Int(length) >= DNSMessage.headerLength, DNSMessage.isPlausible(reader, wireLength: Int(length)) {
                return .match(.dns)
            }
        }
        return isUndecided ? .undecided : .none
    }

    /// Looks at the beginning of a segment in the middle of a stream that began with nothing known: a connection that
    /// turns to TLS, one that goes through a proxy, or one whose beginning was not captured.
    static func ofLaterSegment(_ bytes: ApplicationReader, interests: ApplicationInterests) -> ApplicationProtocol? {
        if interests.wantsToKnow(.tls), TLSRecord.beginsWithClientHello(bytes) { return .tls }
        if interests.wantsToKnow(.http), HTTPFraming.begins(bytes) == true { return .http }
        // Behind a session request of NetBIOS, or taken up in the middle.
        if interests.wantsToKnow(.smb), SMBMessage.begins(bytes) { return .smb }
        return nil
    }

    /// Whether `ofStream` could recognise anything at all.
    static func canMatchStream(interests: ApplicationInterests, ports: (UInt16, UInt16)) -> Bool {
        let isOnDNSPort = ports.0 == 53 || ports.1 == 53
        return interests.contains(.recognition) || !interests.isDisjoint(with: streams)
            || (isOnDNSPort && interests.contains(.dns))
    }

    private static let streams: ApplicationInterests = [
        .tls, .http, .ssh, .smb, .dcerpc, .rdp, .ftp, .smtp, .modbus, .s7, .mqtt,
    ]

    /// Looks at one datagram.
    ///
    /// - Parameters:
    ///   - bytes: the captured payload.
    ///   - wireLength: length of the payload on the wire.
    ///   - ports: the two ports.
    ///   - interests: protocols that nobody wants to know are not looked for.
    static func ofDatagram(
        _ bytes: ApplicationReader, wireLength: Int, ports: (UInt16, UInt16), interests: ApplicationInterests
    ) -> ApplicationProtocol {
        if interests.wantsToKnow(.dns) {
            if DNSMessage.isPort(ports.0) || DNSMessage.isPort(ports.1) {
                if DNSMessage.isPlausible(bytes, wireLength: wireLength) { return .dns }
            } else if !isNetBIOSNameService(ports), DNSMessage.isCertainQuery(bytes, wireLength: wireLength) {
                return .dns
            }
        }
        if interests.wantsToKnow(.dhcp), DHCPMessage.isPort(ports.0) || DHCPMessage.isPort(ports.1),
            DHCPMessage.isPlausible(bytes)
        {
            return .dhcp
        }
        if interests.wantsToKnow(.snmp), ports.0 == 161 || ports.1 == 161 || ports.0 == 162 || ports.1 == 162,
            SNMPMessage(bytes) != nil
        {
            return .snmp
        }
        if interests.wantsToKnow(.quic), QUICPacket.begins(bytes) { return .quic }
        return interests.contains(.recognition) ? .failed : .unknown
    }

    /// NetBIOS names travel in messages that look like DNS (RFC 1002), but are another service.
    private static func isNetBIOSNameService(_ ports: (UInt16, UInt16)) -> Bool {
        ports.0 == 137 || ports.1 == 137
    }
}
