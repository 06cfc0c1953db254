// Tests: BPF filters.

import Capture
import NetTypes
import TestSupport
import Testing

@Suite("BPF filters")
struct FilterTests {
    let folder: CaptureFolder

    init() throws {
        folder = try CaptureFolder()
    }

    /// An IPv4 packet with the first four bytes of a TCP or UDP header.
    private func packet(protocol number: UInt8, port: UInt16) -> [UInt8] {
        let header: [UInt8] = [0x45, 0, 0, 40, 0, 0, 0, 0, 64, number, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
        let ports: [UInt8] = [0xc0, 0, UInt8(port >> 8), UInt8(truncatingIfNeeded: port)]
        return header + ports + [UInt8](repeating: 0, count: 16)
    }

    private func ethernet(_ packet: [UInt8]) -> [UInt8] {
        [UInt8](repeating: 2, count: 12) + [8, 0] + packet
    }

    private var mixed: [Delivered] {
        (0..<60).map { index in
            let packet = packet(protocol: index % 2 == 0 ? 6 : 17, port: index % 3 == 0 ? 443 : 80)
            return Delivered(ethernet(packet), time: Timestamp(seconds: Int64(index)))
        }
    }

    @Test("Only packets that match are delivered, from a mapping and from a stream")
    func matching() throws {
        let bytes = pcap(mixed).bytes
        let expected = mixed.enumerated().filter { $0.offset % 6 == 0 }.map(\.element)
        for written in [bytes, zstd(bytes)] {
            #expect(try folder.read(written, filter: "tcp port 443").frames == expected)
            #expect(try folder.read(written, filter: "").frames == mixed)
            #expect(try folder.read(written, filter: "host 10.9.9.9").frames.isEmpty)
        }
    }

    @Test("The wire length counts for a filter, not the captured one")
    func wireLength() throws {
        var capture = PcapBytes()
        capture.add(ethernet(packet(protocol: 6, port: 80)), time: Timestamp(seconds: 1), wireLength: 1400)
        capture.add(ethernet(packet(protocol: 6, port: 80)), time: Timestamp(seconds: 2))
        #expect(try folder.read(capture.bytes, filter: "greater 1000").frames.map(\.time.seconds) == [1])
    }

    @Test("Each link type of a pcapng has its own program; what cannot be decoded passes to be counted")
    func linkTypes() throws {
        var capture = PcapngBytes()
        capture.addInterface(linkType: 1)
        capture.addInterface(linkType: 101)
        capture.addInterface(linkType: 127)
        for index in 0..<20 {
            let packet = packet(protocol: 6, port: index % 2 == 0 ? 443 : 80)
            capture.addPacket(ethernet(packet), ticks: UInt64(index), interface: 0)
            capture.addPacket(packet, ticks: UInt64(index), interface: 1)
        }
        capture.addPacket([1, 2, 3], ticks: 99, interface: 2)
        let result = try folder.read(capture.bytes, filter: "tcp port 443")
        #expect(result.frames.map(\.interface) == (0..<10).flatMap { _ in [0, 1] } + [2])
        #expect(result.damage.isEmpty)
    }

    @Test("A filter that has no meaning for a later link type leaves its packets out and says so once")
    func meaninglessLater() throws {
        var capture = PcapngBytes()
        capture.addInterface(linkType: 1)
        capture.addPacket(ethernet(packet(protocol: 6, port: 80)), ticks: 1)
        capture.addInterface(linkType: 101)
        let offset = capture.bytes.count + 28
        for tick in 0..<5 {
            capture.addPacket(packet(protocol: 6, port: 80), ticks: UInt64(tick), interface: 1)
            capture.addPacket(ethernet(packet(protocol: 6, port: 80)), ticks: UInt64(tick), interface: 0)
        }
        let result = try folder.read(capture.bytes, filter: "ether host 02:02:02:02:02:02")
        #expect(result.frames.count == 6)
        #expect(result.damage.map(\.offset) == [offset])
        #expect(result.damage.first?.reason.contains("left out") == true)
    }

    @Test("A bad expression is an error that quotes libpcap", arguments: [false, true])
    func badExpression(blocks: Bool) throws {
        let path = try folder.write(blocks ? PcapngBytes().bytes : PcapBytes().bytes)
        let error = #expect(throws: CaptureError.self) {
            try CaptureOpener.open(paths: [path], filter: "tcp prot 443")
        }
        #expect(error?.code == .badFilter)
        #expect(error?.message.contains("'tcp prot 443'") == true)
        #expect(error?.message.contains("syntax error") == true)
        #expect(error?.message.contains("\n") == false)
    }

    @Test("A filter that has no meaning for the file's link type is an error")
    func meaningless() throws {
        let path = try folder.write(PcapBytes(linkType: 101).bytes)
        let error = #expect(throws: CaptureError.self) {
            try CaptureOpener.open(paths: [path], filter: "ether host 02:02:02:02:02:02")
        }
        #expect(error?.code == .badFilter)
    }

    @Test("The packets that tcpdump selects are the packets delivered")
    func judge() throws {
        let bytes = pcap(mixed).bytes
        for filter in ["udp and port 80", "ip[9] = 6 and not port 443", "src host 10.0.0.1 and less 54"] {
            guard let selected = try output(of: "tcpdump", ["-r", "-", "-w", "-", filter], input: bytes) else {
                print("tcpdump is not installed: filters were not compared with it")
                return
            }
            #expect(try folder.read(bytes, filter: filter).frames == folder.read(selected).frames)
        }
    }
}
