// Tests: hostile application bytes.

import Decode
import NetTypes
import TestSupport
import Testing

/// Messages as an attacker would bend them. A trap ends the test process, so getting to the end is the proof.
@Suite("Hostile application bytes")
struct HostileInputTests {
    private struct Sample {
        let name: String
        let port: UInt16
        let isTCP: Bool
        let toServer: Bool
        let bytes: [UInt8]
    }

    private static let samples = [
        Sample(name: "DNS query", port: 53, isTCP: false, toServer: true, bytes: DNSTests.query),
        Sample(name: "DNS response", port: 53, isTCP: false, toServer: false, bytes: DNSTests.response),
        Sample(
            name: "DNS over TCP", port: 53, isTCP: true, toServer: true,
            bytes: TLSSample.counted16(DNSTests.query) + TLSSample.counted16(DNSTests.response)),
        Sample(
            name: "ClientHello", port: 443, isTCP: true, toServer: true,
            bytes: TLSSample.record(22, TLSSample.browserHello)),
        Sample(
            name: "server flight", port: 443, isTCP: true, toServer: false,
            bytes: TLSSample.record(
                22,
                TLSSample.serverHello(cipher: 0xc02b, extensions: [(16, [0, 3, 2, 0x68, 0x32])])
                    + TLSSample.certificateMessage())),
        Sample(
            name: "HTTP request", port: 80, isTCP: true, toServer: true,
            bytes: Array(
                "POST /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n".utf8)),
        Sample(
            name: "HTTP response", port: 80, isTCP: true, toServer: false,
            bytes: Array("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nLocation: /\r\n\r\nhelloHTTP/1.1 304 x\r\n\r\n".utf8)),
        Sample(
            name: "SSH banner", port: 22, isTCP: true, toServer: false,
            bytes: Array("SSH-2.0-OpenSSH_9.2p1 Debian\r\n".utf8)),
        Sample(name: "DHCP", port: 67, isTCP: false, toServer: false, bytes: DHCPTests.message),
    ]

    private func conversation(_ sample: Sample) -> Conversation {
        sample.isTCP ? Conversation(tcp: sample.port, memory: 65_536) : Conversation(udp: sample.port, memory: 65_536)
    }

    @Test("Every truncated prefix of a message is read without a trap, sent short and cut by the snap length")
    func prefixes() {
        for sample in Self.samples {
            for length in 0..<sample.bytes.count {
                let short = conversation(sample)
                short.send(Array(sample.bytes[..<length]), toServer: sample.toServer)
                short.close()
                let cut = conversation(sample)
                cut.send(sample.bytes, toServer: sample.toServer, captured: length)
                cut.close()
                #expect(cut.tracker.followedFlows == 0, "\(sample.name) at \(length)")
            }
        }
    }

    @Test("20,000 random mutations of each message are read without a trap, and leave nothing behind", arguments: 0..<9)
    func mutations(index: Int) {
        let sample = Self.samples[index]
        var random = SeededGenerator(seed: UInt64(index) + 1)
        let flow = conversation(sample)
        for round in 0..<20_000 {
            var bytes = sample.bytes
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch UInt8.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 2: bytes[place] = [0, 0xff, 0x80, 0x7f].randomElement(using: &random)!
                default: bytes.remove(at: place)
                }
                if bytes.isEmpty { bytes = [0] }
            }
            let cut = Int.random(in: 0...bytes.count, using: &random)
            flow.send(Array(bytes[..<cut]), toServer: sample.toServer)
            flow.send(Array(bytes[cut...]), toServer: sample.toServer)
            if round % 3 == 0 { flow.close() }
            flow.events.clear()
        }
        flow.close()
        #expect(flow.tracker.followedFlows == 0)
    }
}
