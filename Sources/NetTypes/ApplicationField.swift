// The fields an application record is made of.

/// Names one field of an application record. Text and bytes are as on the wire, not yet escaped; integers are big-endian
/// with the stated width.
@frozen
public enum ApplicationField: UInt8, CaseIterable, Sendable {
    // DNS. One record per message.
    /// 2 bytes: transaction identifier.
    case dnsID = 1
    /// 2 bytes: the header's flag word.
    case dnsFlags
    /// Text: queried name without the final dot, in lower case as far as ASCII goes.
    case dnsQueryName
    /// 2 bytes: queried type.
    case dnsQueryType
    /// 2 bytes: queried class.
    case dnsQueryClass
    /// Starts an answer. Text: owner name.
    case dnsAnswerName
    /// 2 bytes: type of the answer started last.
    case dnsAnswerType
    /// 4 bytes: its time to live in seconds.
    case dnsAnswerTTL
    /// Its data: address bytes for A and AAAA, text for names and TXT, raw bytes otherwise.
    case dnsAnswerData
    /// 2 bytes: answers in the message, also those past what a record holds.
    case dnsAnswerCount

    // SMB. One record for a negotiated dialect, a share, a file or pipe that is opened, and for the first use of any other
    // command in a connection; one for each of the DCE/RPC messages below.
    /// Text: the command's name.
    case smbCommand = 11
    /// 2 bytes: the dialect chosen, for SMB 2 and 3.
    case smbDialect
    /// Text: the share's path.
    case smbShare
    /// Text: name of a file, or of a named pipe.
    case smbFilename
    case smbPipe

    // DCE/RPC. One record for each binding, and for the first use of an operation in a connection.
    /// 16 bytes and 2 and 2: UUID in the order of its text, major and minor version of an interface; repeats.
    case rpcInterface
    /// 1 byte: packet type.
    case rpcType
    /// 2 bytes: operation number.
    case rpcOperation
    /// 4 bytes.
    case rpcCallID

    // TLS. One record per handshake.
    /// Text: server name indication.
    case tlsServerName = 32
    /// 2 bytes: version agreed (ServerHello, supported_versions heeded), or offered when no answer was seen.
    case tlsVersion
    /// Text: first protocol offered by the client (ALPN).
    case tlsClientALPN
    /// Text: protocol chosen by the server (ALPN).
    case tlsServerALPN
    /// Text: JA3 string of the client; the hash is 32 hexadecimal digits of its MD5.
    case tlsJA3
    case tlsJA3Hash
    /// The same for the server (JA3S).
    case tlsJA3S
    case tlsJA3SHash
    /// Text: JA4 of the client.
    case tlsJA4
    /// 2 bytes: cipher suite chosen.
    case tlsCipherSuite
    /// 1 byte, 1: the session was resumed.
    case tlsResumed
    /// Text: subject and issuer of the server's certificate as RFC 4514 strings.
    case tlsSubject
    case tlsIssuer
    /// Text: serial number in hexadecimal with colons.
    case tlsSerial
    /// Text: SHA-1 of the certificate in hexadecimal with colons.
    case tlsFingerprint
    /// 8 bytes: seconds since the epoch, signed.
    case tlsNotBefore
    case tlsNotAfter
    /// Text: one subject alternative name (DNS); repeats.
    case tlsSubjectAlternativeName

    // FTP. One record per command.
    case ftpCommand = 50
    /// Text: what follows the command; never a password.
    case ftpArgument
    /// Text: code and text of the reply's last line.
    case ftpCode
    case ftpReply

    // SMTP. One record per mail, and one for a greeting that no mail follows.
    case smtpGreeting
    case smtpFrom
    /// Repeats.
    case smtpRecipient

    // RDP. One record for each side's first message.
    /// Text: the user or load-balancing cookie.
    case rdpCookie
    /// 4 bytes: protocols that the client offers, and the one that the server chose.
    case rdpRequested
    case rdpSelected

    // Modbus. One record for the first use of a function of a unit in a connection, and for each exception.
    /// 2 bytes.
    case modbusTransaction = 75
    /// 1 byte each.
    case modbusUnit
    case modbusFunction
    /// 2 bytes each.
    case modbusAddress
    case modbusQuantity
    /// 1 byte.
    case modbusException

    // S7. One record for the first use of a function in a connection.
    /// 1 byte each: kind of message (ROSCTR), function, function group of a user-data message.
    case s7Kind
    case s7Function
    case s7Group

    // MQTT. One record for a connection's opening and its answer, for a subscription, and for the first publication.
    /// 1 byte: packet type.
    case mqttType
    case mqttProtocol
    /// 1 byte each.
    case mqttVersion
    case mqttFlags
    case mqttClient
    case mqttUser
    /// Repeats.
    case mqttTopic
    /// 1 byte.
    case mqttCode

    // SNMP. One record per flow, of its first message.
    /// 1 byte: 1, 2 or 3.
    case snmpVersion = 104
    case snmpCommunity
    /// Text: the user of version 3.
    case snmpUser
    /// 1 byte: the PDU's tag.
    case snmpPDU

    // QUIC. One record per connection, with the TLS fields of its ClientHello, and:
    /// 4 bytes: version of the client's first packets.
    case quicVersion = 212
    /// Text: one protocol offered (ALPN); repeats.
    case quicALPN
    /// 2 bytes each: extension types of the ClientHello in their order, without GREASE.
    case quicExtensions

    // HTTP/1. One record per exchange.
    case httpMethod = 64
    case httpHost
    case httpPath
    case httpVersion
    case httpUserAgent
    case httpReferrer
    /// Text: names of the request's header lines, in their order, lower case, joined by commas.
    case httpHeaderOrder
    /// 2 bytes: status code.
    case httpStatus
    case httpContentType
    /// 8 bytes: Content-Length of the response.
    case httpContentLength
    case httpRedirect

    // SSH. One record per connection.
    case sshClientProtocol = 96
    case sshClientSoftware
    case sshServerProtocol
    case sshServerSoftware

    // DHCP. One record per message.
    /// 1 byte: 1 request, 2 reply.
    case dhcpOperation = 128
    /// 4 bytes: transaction identifier.
    case dhcpID
    /// 6 bytes: client hardware address.
    case dhcpClientMAC
    /// 4 bytes: IPv4 addresses.
    case dhcpAssignedAddress
    case dhcpClientAddress
    case dhcpRelayAddress
    case dhcpNextServer
    case dhcpRequestedAddress
    case dhcpSubnetMask
    /// 1 byte: message type (RFC 2132, option 53).
    case dhcpMessageType
    case dhcpHostName
    /// 4 bytes: lease, renewal and rebinding time in seconds.
    case dhcpLeaseTime
    case dhcpRenewalTime
    case dhcpRebindingTime
    case dhcpVendorClass
    /// 4 bytes each: routers and name servers, repeated.
    case dhcpRouter
    case dhcpNameServer

    // Of a closing flow.
    /// Up to 64 bytes: the first payload bytes of a direction.
    case payloadToServer = 160
    case payloadToClient
    /// Text: what libndpi calls the flow, as "TLS.Wikipedia".
    case flowName
    /// 2 bytes each: libndpi's numbers of the protocol below and of the application.
    case flowNameNumbers
    /// Text: libndpi's category of the application, and what its word rests on.
    case flowNameCategory
    case flowNameConfidence

    // Of every record and every event of a flow.
    /// The tunnel around the flow's packets, as `Tunnel.withBytes` writes it.
    case tunnel = 254
    /// 1 byte, 1: something did not fit and was left out.
    case truncated = 255
}
