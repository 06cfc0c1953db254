// QUIC: hellos from sealed packets, as clients and networks send them.

import Decode
import NetTypes
import PacketProtection
import PacketSealing
import Testing

@Suite("QUIC hellos")
struct QUICTests {
    private let hello = StandardHello.message
    private let sealer = InitialSealer(version: .one, connectionID: StandardHello.connectionID)

    /// The datagram of RFC 9001, appendix A.2.
    private var whole: [UInt8] { sealer.seal(InitialSealer.crypto(hello, at: 0), number: 2, padding: 1162) }

    private func part(_ range: Range<Int>) -> [UInt8] {
        InitialSealer.crypto(Array(hello[range]), at: range.lowerBound)
    }

    private func isSample(_ record: Record?) -> Bool {
        record?.application == .quic && record?.text(.tlsServerName) == "example.com" && record?.isTruncated == false
    }

    @Test("The sample of RFC 9001 tells version, name and protocol")
    func sample() {
        let flow = Conversation(udp: 443)
        flow.send(whole, toServer: true)
        #expect(flow.records.count == 1)
        #expect(isSample(flow.records.first))
        #expect(flow.records.first?.integer(.quicVersion) == 1)
        #expect(flow.records.first?.texts(.quicALPN) == ["alpn"])
        // Computed apart from this code, by the definition of JA4 (FoxIO, 2023).
        #expect(flow.records.first?.text(.tlsJA4) == "q13d0211an_62ed6f6ca7ad_4d634acda6c0")
        flow.close()
        #expect(flow.records.count == 1)
    }

    @Test("QUIC version 2 has other packet types and keys")
    func versionTwo() {
        let flow = Conversation(udp: 443)
        let sealer = InitialSealer(version: .two, connectionID: StandardHello.connectionID)
        flow.send(sealer.seal(InitialSealer.crypto(hello, at: 0)), toServer: true)
        #expect(isSample(flow.records.first))
        #expect(flow.records.first?.integer(.quicVersion) == 0x6b33_43cf)
    }

    @Test("Frames out of order, overlapping and between others give the same hello")
    func shuffledFrames() {
        let flow = Conversation(udp: 443)
        let ping: [UInt8] = [1]
        // ACK of packet 3 with one range, and one with ECN counts (RFC 9000 section 19.3).
        let acknowledgments: [UInt8] = [2, 3, 0, 1, 0, 0, 0] + [3, 9, 1, 0, 1, 1, 2, 3]
        flow.send(
            sealer.seal(acknowledgments + part(100..<200) + ping + part(0..<120) + [0, 0] + part(180..<hello.count)),
            toServer: true)
        #expect(isSample(flow.records.first))
    }

    @Test("A hello over several packets waits for all of them")
    func severalPackets() {
        let flow = Conversation(udp: 443)
        flow.send(sealer.seal(part(150..<hello.count)), toServer: true)
        #expect(flow.records.isEmpty)
        // Later packets carry the identifier that the server chose; the keys stay (RFC 9001 section 5.2).
        let later = InitialSealer(version: .one, connectionID: [5], keysOf: StandardHello.connectionID)
        flow.send(later.seal(part(0..<150), number: 1), toServer: true)
        #expect(isSample(flow.records.first))
        #expect(flow.tracker.counters.incomplete == 0)
    }

    @Test("Packets that share a datagram are all read, those of other types passed over")
    func coalesced() {
        let flow = Conversation(udp: 443)
        // A 0-RTT packet: type 1, an identifier of one byte, none of the server's, two bytes (RFC 9000 section 17.2.3).
        let early: [UInt8] = [0xd0, 0, 0, 0, 1, 1, 9, 0, 2, 0xaa, 0xbb]
        flow.send(
            sealer.seal(part(0..<100)) + early + sealer.seal(part(100..<hello.count), number: 1), toServer: true)
        #expect(isSample(flow.records.first))
    }

    @Test("After a Retry the handshake begins again with new keys and a token")
    func retry() {
        let flow = Conversation(udp: 443)
        flow.send(sealer.seal(part(0..<100)), toServer: true)
        // Type 3: no length, so that it takes the rest of the datagram (RFC 9000 section 17.2.5).
        let retry: [UInt8] = [0xf0, 0, 0, 0, 1, 0, 4, 1, 2, 3, 4] + [UInt8](repeating: 0x55, count: 40)
        flow.send(retry, toServer: false)
        let again = InitialSealer(version: .one, connectionID: [1, 2, 3, 4])
        flow.send(again.seal(InitialSealer.crypto(hello, at: 0), token: Array(0..<80)), toServer: true)
        #expect(isSample(flow.records.first))
        #expect(flow.records.count == 1)
    }

    @Test("Once the client is known, what the server sends is left alone")
    func server() {
        let flow = Conversation(udp: 443)
        flow.send(sealer.seal(part(0..<100)), toServer: true)
        flow.send(whole, toServer: false)
        #expect(flow.records.isEmpty)
        flow.send(sealer.seal(part(100..<hello.count), number: 1), toServer: true)
        #expect(isSample(flow.records.first))
    }

    @Test("A packet that is not authentic is counted and costs nothing else")
    func forged() {
        let flow = Conversation(udp: 443)
        flow.send(sealer.seal(part(0..<100)), toServer: true)
        var forged = sealer.seal(part(100..<hello.count), number: 1)
        forged[60] ^= 1
        flow.send(forged, toServer: true)
        #expect(flow.records.isEmpty)
        #expect(flow.tracker.counters.malformed[Int(ApplicationProtocol.quic.rawValue)] == 1)
        flow.send(sealer.seal(part(100..<hello.count), number: 1), toServer: true)
        #expect(isSample(flow.records.first))
    }

    @Test("A hello whose end never comes is told as far as it is there when the flow closes")
    func unfinished() {
        let flow = Conversation(udp: 443)
        // The name stands in the first hundred bytes.
        flow.send(sealer.seal(part(0..<100)), toServer: true)
        flow.close()
        #expect(flow.records.first?.text(.tlsServerName) == "example.com")
        #expect(flow.records.first?.isTruncated == true)
        #expect(flow.tracker.counters.incomplete == 1)
    }

    @Test("Sixteen datagrams without a hello's end are enough")
    func patience() {
        let flow = Conversation(udp: 443)
        for number in 0..<16 { flow.send(sealer.seal(part(0..<100), number: UInt32(number)), toServer: true) }
        #expect(flow.records.first?.isTruncated == true)
        flow.send(whole, toServer: true)
        #expect(flow.records.count == 1)
    }

    @Test("A hello longer than what is kept is read as far as that")
    func longHello() {
        let flow = Conversation(udp: 443)
        // The hello grows by a padding extension (21, RFC 7685).
        var long = hello
        let padding = 4000
        let extensions = Int(hello[47]) << 8 | Int(hello[48])
        long.replaceSubrange(1..<4, with: big(hello.count - 4 + padding + 4, 3))
        long.replaceSubrange(47..<49, with: big(extensions + padding + 4, 2))
        long += big(21, 2) + big(padding, 2) + [UInt8](repeating: 0, count: padding)
        for start in stride(from: 0, to: long.count, by: 1000) {
            let piece = Array(long[start..<min(start + 1000, long.count)])
            flow.send(sealer.seal(InitialSealer.crypto(piece, at: start), number: UInt32(start)), toServer: true)
        }
        #expect(flow.records.count == 1)
        #expect(flow.records.first?.text(.tlsServerName) == "example.com")
        #expect(flow.records.first?.isTruncated == true)
    }

    @Test(
        "Frames that no Initial packet may hold, and torn ones, end the reading of their packet",
        arguments: [
            [0x08, 0, 1, 2],  // STREAM
            [0x02, 0, 0, 0x3f, 0],  // more ranges than bytes
            [0x03, 0, 0, 0, 0, 1],  // one ECN count of three
            [0x06, 0, 0x7f, 0xff],  // CRYPTO beyond its packet
            [0x06, 0x00, 0xbf, 0xff, 0xff, 0xff],  // the same, with a length of four bytes
        ] as [[UInt8]])
    func badFrames(_ frames: [UInt8]) {
        let flow = Conversation(udp: 443)
        flow.send(sealer.seal(part(0..<100) + frames + part(100..<hello.count)), toServer: true)
        #expect(flow.records.isEmpty)
        flow.send(sealer.seal(part(100..<hello.count), number: 1), toServer: true)
        #expect(isSample(flow.records.first))
    }

    @Test("A message that is no hello is counted as malformed")
    func otherMessage() {
        let flow = Conversation(udp: 443)
        flow.send(sealer.seal(InitialSealer.crypto([2, 0, 0, 1, 0], at: 0)), toServer: true)
        #expect(flow.records.allSatisfy { $0.text(.tlsServerName) == nil })
        #expect(flow.tracker.counters.malformed[Int(ApplicationProtocol.quic.rawValue)] == 1)
    }

    private func big(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).reversed().map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
