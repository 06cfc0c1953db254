// Community ID: the name of a flow that other tools compute too.

import Digest
import NetTypes
import Pseudonyms

/// Computes Community ID version 1 (Corelight, community-id-spec): "1:" and the Base64 of a SHA-1 over seed, addresses,
/// protocol and ports, the smaller endpoint first.
///
/// ICMP and ICMPv6 use type and code in place of ports: types that come in pairs take the partner's type as the second
/// port and are ordered like other flows, the rest are one-way. Protocols without ports hash none.
public struct CommunityID: Sendable {
    /// Length of the text in bytes.
    public static let textLength = 30

    /// Separates networks that use the same addresses; zero unless agreed otherwise with the other tools.
    public let seed: UInt16

    public init(seed: UInt16 = 0) {
        self.seed = seed
    }

    /// The identifier of a flow.
    public func digest(of flow: FlowRecord) -> InlineArray<20, UInt8> {
        let transport = flow.key.transport
        let client = flow.client
        let server = flow.server
        if transport == IPProtocol.icmp || transport == IPProtocol.icmpv6 {
            // A flow seen from its reply only has no packet to the server; its type then stands in the response.
            let reversed = flow.toServer.packets == 0 && flow.toClient.packets > 0
            let details = flow.details
            return reversed
                ? digest(
                    icmp: transport, type: details.responseICMPType, code: details.responseICMPCode,
                    source: server.address, destination: client.address)
                : digest(
                    icmp: transport, type: details.icmpType, code: details.icmpCode, source: client.address,
                    destination: server.address)
        }
        return digest(
            transport: transport, source: client.address, sourcePort: client.port, destination: server.address,
            destinationPort: server.port)
    }

    /// The identifier of a packet's flow, for any protocol but ICMP and ICMPv6.
    public func digest(
        transport: UInt8, source: IPAddress, sourcePort: UInt16, destination: IPAddress, destinationPort: UInt16
    ) -> InlineArray<20, UInt8> {
        let inOrder = source != destination ? source < destination : sourcePort <= destinationPort
        return inOrder
            ? hash(source, sourcePort, destination, destinationPort, transport)
            : hash(destination, destinationPort, source, sourcePort, transport)
    }

    /// The identifier of an ICMP or ICMPv6 packet's flow; `source` sent the packet of the given type.
    public func digest(
        icmp transport: UInt8, type: UInt8, code: UInt8, source: IPAddress, destination: IPAddress
    ) -> InlineArray<20, UInt8> {
        guard let partner = Self.partner(of: type, version6: transport == IPProtocol.icmpv6) else {
            return hash(source, UInt16(type), destination, UInt16(code), transport)
        }
        return digest(
            transport: transport, source: source, sourcePort: UInt16(type), destination: destination,
            destinationPort: UInt16(partner))
    }

    /// The text of an identifier.
    public static func text(_ digest: InlineArray<20, UInt8>) -> String {
        var buffer = LineBuffer(capacity: textLength)
        buffer.append(communityID: digest)
        return buffer.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// The type that answers, or is answered by, a type; nil for one-way types.
    private static func partner(of type: UInt8, version6: Bool) -> UInt8? {
        version6 ? ICMPPairing.counterpart(ofICMPv6: type) : ICMPPairing.counterpart(ofICMP: type)
    }

    private static func hasPorts(_ transport: UInt8) -> Bool {
        switch transport {
        case IPProtocol.tcp, IPProtocol.udp, IPProtocol.sctp, IPProtocol.icmp, IPProtocol.icmpv6: true
        default: false
        }
    }

    private func hash(
        _ first: IPAddress, _ firstPort: UInt16, _ second: IPAddress, _ secondPort: UInt16, _ transport: UInt8
    ) -> InlineArray<20, UInt8> {
        // Seed (2 bytes), addresses, protocol, a zero byte and perhaps ports: 64 bits at a time, and the seed in front
        // shifts everything by 16 bits.
        var message = InlineArray<5, UInt64>(repeating: 0)
        let ports = UInt64(firstPort) << 16 | UInt64(secondPort)
        let tail = UInt64(transport) << 40 | ports
        var length: Int
        if first.isIPv6 {
            message[0] = (UInt64(seed) << 48 | first.high >> 16).bigEndian
            message[1] = (first.high << 48 | first.low >> 16).bigEndian
            message[2] = (first.low << 48 | second.high >> 16).bigEndian
            message[3] = (second.high << 48 | second.low >> 16).bigEndian
            message[4] = (second.low << 48 | tail).bigEndian
            length = 40
        } else {
            message[0] = (UInt64(seed) << 48 | first.low << 16 | second.low >> 16).bigEndian
            message[1] = (second.low << 48 | tail).bigEndian
            length = 16
        }
        if !Self.hasPorts(transport) { length -= 4 }
        return message.span.withUnsafeBytes { SHA1.digest(of: UnsafeRawBufferPointer(rebasing: $0[..<length])) }
    }
}

extension JSONWriter {
    /// The identifier of a flow under the addresses that are written for it: that of the true ones could be searched for.
    func digest(of flow: FlowRecord, _ communityID: CommunityID) -> InlineArray<20, UInt8> {
        guard let pseudonyms else { return communityID.digest(of: flow) }
        var shown = flow
        let first = pseudonyms.pseudonym(of: flow.key.firstAddress)
        let second = pseudonyms.pseudonym(of: flow.key.secondAddress)
        (shown.identity.key.firstHigh, shown.identity.key.firstLow) = (first.high, first.low)
        (shown.identity.key.secondHigh, shown.identity.key.secondLow) = (second.high, second.low)
        return communityID.digest(of: shown)
    }
}

extension LineBuffer {
    /// Appends the text of a Community ID.
    mutating func append(communityID digest: InlineArray<20, UInt8>) {
        append(atMost: CommunityID.textLength) { cursor in
            cursor.put(UInt8(ascii: "1"))
            cursor.put(UInt8(ascii: ":"))
            // 20 bytes are six groups of three and one of two (RFC 4648, section 4).
            for group in 0..<6 {
                let at = group * 3
                let bits = UInt32(digest[at]) << 16 | UInt32(digest[at + 1]) << 8 | UInt32(digest[at + 2])
                cursor.put(Self.base64(bits))
            }
            let last = UInt32(digest[18]) << 16 | UInt32(digest[19]) << 8
            cursor.put(Self.base64(last) & 0x00ff_ffff | UInt32(UInt8(ascii: "=")) << 24)
        }
    }

    /// Four digits for 24 bits, the first one lowest.
    @inline(__always)
    private static func base64(_ bits: UInt32) -> UInt32 {
        let alphabet = base64Alphabet.utf8Start
        return UInt32(alphabet[Int(bits >> 18)]) | UInt32(alphabet[Int(bits >> 12 & 63)]) << 8
            | UInt32(alphabet[Int(bits >> 6 & 63)]) << 16 | UInt32(alphabet[Int(bits & 63)]) << 24
    }
}

private let base64Alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
