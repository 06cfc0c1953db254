// Tests: damaged captures.

import Capture
import Glibc
import NetTypes
import TestSupport
import Testing

@Suite("Damaged captures")
struct DamageTests {
    let folder: CaptureFolder
    let frames = randomFrames(20, seed: 6)

    init() throws {
        folder = try CaptureFolder()
    }

    /// Reads damaged bytes both ways; expects the first `intact` frames, and damage at `offset` for the reason.
    private func expect(
        _ bytes: [UInt8], intact: Int, damageAt offset: Int, because reason: String,
        location: SourceLocation = #_sourceLocation
    ) throws {
        let result = try folder.readBothWays(bytes)
        #expect(result.frames == Array(frames[..<intact]), sourceLocation: location)
        #expect(result.damage.map(\.offset) == [offset], sourceLocation: location)
        #expect(result.damage.first?.reason.contains(reason) == true, "\(result.damage)", sourceLocation: location)
        #expect(result.damage.first?.path == folder.path + "/a.pcap", sourceLocation: location)
    }

    @Test("A pcap cut anywhere gives every packet before the cut and names the place")
    func pcapCuts() throws {
        let capture = pcap(frames)
        let ends = capture.recordOffsets.dropFirst() + [capture.bytes.count]
        for cut in stride(from: 24, to: capture.bytes.count, by: 11) {
            let result = try folder.readBothWays(Array(capture.bytes[..<cut]))
            let intact = ends.count { $0 <= cut }
            #expect(result.frames == Array(frames[..<intact]))
            let boundary = intact == 0 ? 24 : Array(ends)[intact - 1]
            #expect(result.damage.map(\.offset) == (cut == boundary ? [] : [boundary]))
        }
    }

    @Test("A pcapng cut anywhere gives every packet before the cut and names the place")
    func pcapngCuts() throws {
        let capture = pcapng(frames)
        let ends = Array(capture.blockOffsets.dropFirst() + [capture.bytes.count])
        for cut in stride(from: 12, to: capture.bytes.count, by: 11) {
            let result = try folder.readBothWays(Array(capture.bytes[..<cut]))
            let intact = ends.count { $0 <= cut }
            #expect(result.frames == Array(frames[..<max(0, intact - 2)]))
            let boundary = intact == 0 ? 0 : ends[intact - 1]
            #expect(result.damage.map(\.offset) == (cut == boundary ? [] : [boundary]))
        }
    }

    @Test("A record that claims more than any frame can hold is damage")
    func recordTooLong() throws {
        var capture = pcap(Array(frames[..<3]))
        capture.add([1, 2], time: Timestamp(seconds: 1), claimedLength: 262_145)
        capture.add([UInt8](repeating: 0, count: 200_000), time: Timestamp(seconds: 2))
        capture.add([UInt8](repeating: 0, count: 200_000), time: Timestamp(seconds: 2))
        try expect(capture.bytes, intact: 3, damageAt: capture.recordOffsets[3], because: "262145 captured bytes")
    }

    @Test("The longest frame is delivered")
    func longestFrame() throws {
        let bytes = [UInt8](repeating: 5, count: CaptureLimits.frameLength)
        var capture = PcapBytes()
        capture.add(bytes, time: Timestamp(seconds: 1))
        var blocks = PcapngBytes()
        blocks.addInterface()
        blocks.addPacket(bytes, ticks: 1)
        #expect(try folder.readBothWays(capture.bytes).frames.map(\.bytes) == [bytes])
        #expect(try folder.readBothWays(blocks.bytes).frames.map(\.bytes) == [bytes])
    }

    @Test("A frame that no batch of this size can take is damage, the frames before it are not")
    func frameLargerThanStorage() throws {
        var capture = pcap(Array(frames[..<2]))
        capture.add([UInt8](repeating: 1, count: 5000), time: Timestamp(seconds: 1))
        capture.add([1], time: Timestamp(seconds: 2))
        let source = try CaptureOpener.open(paths: [folder.write(zstd(capture.bytes))])
        #expect(drain(source, storage: 4999) == Array(frames[..<2]))
        #expect(source.damage.first?.reason.contains("5000 bytes") == true)
        let roomy = try CaptureOpener.open(paths: [folder.write(zstd(capture.bytes))])
        #expect(drain(roomy, storage: 5000).count == 4)
        #expect(roomy.damage.isEmpty)
    }

    @Test("Every contradiction in a pcapng block is named")
    func pcapngContradictions() throws {
        typealias Change = (inout PcapngBytes) -> Void
        let changes: [(String, Change)] = [
            ("at its end", { $0.addBlock(type: 6, [UInt8](repeating: 0, count: 20), trailingLength: 36) }),
            ("at its end", { $0.addBlock(type: 99, [1, 2, 3, 4], trailingLength: 20) }),
            ("too few", { $0.addBlock(type: 6, [0, 0, 0, 0]) }),
            ("too few", { $0.addBlock(type: 1, [1, 0, 0, 0]) }),
            ("too few", { $0.addBlock(type: 3, []) }),
            ("interface 9", { $0.addPacket([1], ticks: 1, interface: 9) }),
            ("room for 4", { $0.addPacket([1, 2, 3], ticks: 1, claimedLength: 5) }),
            ("captured bytes", { $0.addPacket([1], ticks: 1, claimedLength: .max) }),
            ("room for 4", { $0.addSimplePacket([1], wireLength: 5) }),
            ("option 9", { $0.addBlock(type: 1, [1, 0, 0, 0, 0, 0, 0, 0, 9, 0, 200, 0]) }),
            ("version 2.0", { $0.beginSection(version: (2, 0)) }),
            ("byte-order magic", { $0.addBlock(type: 0x0a0d_0d0a, [UInt8](repeating: 0, count: 16)) }),
            ("too few", { $0.addBlock(type: 0x0a0d_0d0a, [0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0]) }),
            ("more than 1048576", { $0.addBlock(type: 6, [UInt8](repeating: 0, count: 1 << 20)) }),
        ]
        for (reason, change) in changes {
            var capture = pcapng(Array(frames[..<4]))
            let offset = capture.bytes.count
            change(&capture)
            capture.addPacket([1], ticks: 1)
            try expect(capture.bytes, intact: 4, damageAt: offset, because: reason)
        }
    }

    @Test("A block length below 12 or off the 4-byte grid is damage", arguments: [UInt8(0), 8, 33])
    func blockLength(length: UInt8) throws {
        let capture = pcapng(Array(frames[..<4]))
        try expect(
            capture.bytes + [6, 0, 0, 0, length, 0, 0, 0, 1, 2, 3, 4], intact: 4, damageAt: capture.bytes.count,
            because: "no multiple of 4")
    }

    @Test("A simple packet before any interface is damage")
    func simplePacketWithoutInterface() throws {
        var capture = PcapngBytes()
        capture.addSimplePacket([1])
        try expect(capture.bytes, intact: 0, damageAt: 28, because: "interface 0")
    }

    @Test("A file that is cut while it is read is damage at the cut, not the end of the program")
    func cutWhileReading() throws {
        var capture = PcapBytes()
        let frame = [UInt8](repeating: 3, count: 1 << 16)
        for second in 0..<400 { capture.add(frame, time: Timestamp(seconds: Int64(second))) }
        let path = try folder.write(capture.bytes)
        let source = try CaptureOpener.open(paths: [path])
        let batch = FrameBatch(capacity: 10)
        #expect(source.read(into: batch) == .open)
        let cut = 12 << 20
        #expect(truncate(path, cut) == 0)
        let whole = capture.recordOffsets.count { $0 + 16 + frame.count <= cut }
        #expect(drain(source).count == whole - 10)
        #expect(source.damage.map(\.offset) == [capture.recordOffsets[whole]])
    }

    @Test("One damaged file does not stop the others of a merge")
    func mergeGoesOn() throws {
        let whole = try folder.write(pcap(frames).bytes, as: "whole.pcap")
        let capture = pcap(frames)
        let cut = try folder.write(Array(capture.bytes[..<(capture.recordOffsets[5] + 3)]), as: "cut.pcap")
        let source = try CaptureOpener.open(paths: [cut, whole])
        #expect(drain(source) == frames[..<5].flatMap { [$0, $0] } + frames[5...])
        #expect(source.damage.map(\.path) == [cut])
        #expect(source.damage.map(\.offset) == [capture.recordOffsets[5]])
    }
}
