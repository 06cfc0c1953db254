// Tests: pcapng files.

import Capture
import NetTypes
import TestSupport
import Testing

@Suite("pcapng files")
struct PcapngTests {
    let folder: CaptureFolder

    init() throws {
        folder = try CaptureFolder()
    }

    @Test("Both byte orders give the same frames", arguments: [false, true])
    func byteOrders(bigEndian: Bool) throws {
        let frames = randomFrames(100, seed: 5)
        var capture = PcapngBytes(bigEndian: bigEndian)
        capture.addInterface()
        for frame in frames {
            capture.addPacket(
                frame.bytes, ticks: UInt64(frame.time.nanoseconds / 1000), wireLength: frame.wireLength)
        }
        let result = try folder.readBothWays(capture.bytes)
        #expect(result.frames == frames)
        #expect(result.damage.isEmpty)
    }

    @Test("Every section has its own byte order and its own interfaces")
    func sections() throws {
        var capture = PcapngBytes(bigEndian: false)
        capture.addInterface(linkType: 1)
        capture.addInterface(linkType: 101, resolution: 9)
        capture.addPacket([1], ticks: 5, interface: 0)
        capture.addPacket([2], ticks: 5, interface: 1)
        capture.beginSection(bigEndian: true, version: (1, 2))
        capture.addInterface(linkType: 113, resolution: 3)
        capture.addPacket([3], ticks: 5, interface: 0)
        let result = try folder.readBothWays(capture.bytes)
        #expect(
            result.frames == [
                Delivered([1], time: Timestamp(nanoseconds: 5000)),
                Delivered([2], time: Timestamp(nanoseconds: 5), linkType: .raw, interface: 1),
                Delivered([3], time: Timestamp(nanoseconds: 5_000_000), linkType: .linuxCooked),
            ])
        #expect(result.damage.isEmpty)
    }

    @Test("Simple packets are cut at the snap length, belong to interface 0 and take over the time before them")
    func simplePackets() throws {
        var capture = PcapngBytes()
        capture.addInterface(snapLength: 6)
        capture.addSimplePacket([9, 9, 9])
        capture.addPacket([1], ticks: 7)
        capture.addSimplePacket([1, 2, 3, 4, 5, 6], wireLength: 1500)
        let result = try folder.readBothWays(capture.bytes)
        #expect(
            result.frames == [
                Delivered([9, 9, 9], time: Timestamp(nanoseconds: 0)),
                Delivered([1], time: Timestamp(nanoseconds: 7000)),
                Delivered([1, 2, 3, 4, 5, 6], time: Timestamp(nanoseconds: 7000), wireLength: 1500),
            ])
        #expect(result.damage.isEmpty)
    }

    @Test("A simple packet without a snap length is whole")
    func simplePacketUnlimited() throws {
        var capture = PcapngBytes(bigEndian: true)
        capture.addInterface(snapLength: 0)
        capture.addSimplePacket([1, 2, 3, 4, 5])
        #expect(try folder.readBothWays(capture.bytes).frames.map(\.bytes) == [[1, 2, 3, 4, 5]])
    }

    @Test("Obsolete packet blocks are read", arguments: [false, true])
    func obsoletePackets(bigEndian: Bool) throws {
        var capture = PcapngBytes(bigEndian: bigEndian)
        capture.addInterface()
        capture.addInterface(linkType: 276)
        capture.addObsoletePacket([1, 2, 3], ticks: 1 << 33, interface: 1)
        let expected = Delivered(
            [1, 2, 3], time: Timestamp(nanoseconds: (1 << 33) * 1000), linkType: .linuxCooked2, interface: 1)
        #expect(try folder.readBothWays(capture.bytes).frames == [expected])
    }

    @Test("Blocks that hold no packet are skipped, even when they are larger than any buffer")
    func otherBlocks() throws {
        var capture = PcapngBytes()
        capture.addBlock(type: 0xdead_beef, [1, 2, 3])
        capture.addInterface()
        capture.addBlock(type: 4, [UInt8](repeating: 7, count: 5 << 20))
        capture.addPacket([1], ticks: 1, options: [PcapngBytes.Option(code: 1, value: Array("note".utf8))])
        capture.addBlock(type: 5, [UInt8](repeating: 1, count: 20))
        capture.addPacket([2], ticks: 2)
        capture.addBlock(type: 0x0bad_f00d, [])
        let result = try folder.readBothWays(capture.bytes)
        #expect(result.frames.map(\.bytes) == [[1], [2]])
        #expect(result.damage.isEmpty)
    }

    @Test("Options that are not about time are passed over")
    func interfaceOptions() throws {
        var capture = PcapngBytes()
        capture.addInterface(
            resolution: 9, offset: -100,
            options: [
                PcapngBytes.Option(code: 2, value: Array("eth0".utf8)),
                PcapngBytes.Option(code: 11, value: [0] + Array("tcp".utf8)),
            ])
        capture.addPacket([1], ticks: 3)
        let times = try folder.readBothWays(capture.bytes).frames.map(\.time)
        #expect(times == [Timestamp(seconds: -100, nanoseconds: 3)])
    }

    @Test("A link type that cannot be decoded matters to its own packets only")
    func unsupportedInterface() throws {
        var capture = PcapngBytes()
        capture.addInterface(linkType: 127)
        capture.addInterface(linkType: 1)
        capture.addPacket([1], ticks: 1, interface: 0)
        capture.addPacket([2], ticks: 2, interface: 1)
        let result = try folder.readBothWays(capture.bytes)
        #expect(result.frames.map(\.linkType) == [LinkType(rawValue: 127), .ethernet])
        #expect(result.damage.isEmpty)
    }

    @Test("A capture without interfaces or packets is sound and gives none")
    func noPackets() throws {
        let result = try folder.readBothWays(PcapngBytes().bytes)
        #expect(result.frames.isEmpty)
        #expect(result.damage.isEmpty)
    }
}
