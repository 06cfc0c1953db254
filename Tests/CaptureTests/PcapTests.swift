// Tests: pcap files.

import Capture
import NetTypes
import TestSupport
import Testing

@Suite("pcap files")
struct PcapTests {
    let folder: CaptureFolder

    init() throws {
        folder = try CaptureFolder()
    }

    @Test(
        "Both byte orders and all three magics give the same frames",
        arguments: [false, true], [PcapBytes.Resolution.microseconds, .nanoseconds, .modified])
    func variations(bigEndian: Bool, resolution: PcapBytes.Resolution) throws {
        let frames = randomFrames(100, seed: 1)
        var capture = PcapBytes(bigEndian: bigEndian, resolution: resolution)
        for frame in frames { capture.add(frame.bytes, time: frame.time, wireLength: frame.wireLength) }
        let result = try folder.readBothWays(capture.bytes)
        #expect(result.frames == frames)
        #expect(result.damage.isEmpty)
    }

    @Test("Nanoseconds are kept to the last digit, microseconds are multiplied")
    func fractions() throws {
        let time = Timestamp(seconds: 1_234_567_890, nanoseconds: 123_456_789)
        for (resolution, expected) in [(PcapBytes.Resolution.nanoseconds, 123_456_789), (.microseconds, 123_456_000)] {
            var capture = PcapBytes(resolution: resolution)
            capture.add([1, 2, 3], time: time)
            let frame = try #require(try folder.readBothWays(capture.bytes).frames.first)
            #expect(frame.time == Timestamp(seconds: 1_234_567_890, nanoseconds: Int64(expected)))
        }
    }

    @Test("Seconds are unsigned: times up to 2106 are told apart")
    func lateTimes() throws {
        var capture = PcapBytes()
        capture.add([1], time: Timestamp(seconds: 4_294_967_295))
        #expect(try folder.readBothWays(capture.bytes).frames.map(\.time.seconds) == [4_294_967_295])
    }

    @Test("The bits for the frame check sequence are no part of the link type")
    func checkSequenceBits() throws {
        var capture = PcapBytes(linkType: 0x2400_0071)
        capture.add([1, 2], time: Timestamp(seconds: 1))
        #expect(try folder.readBothWays(capture.bytes).frames.map(\.linkType) == [.linuxCooked])
    }

    @Test("The BSD numbers for raw IP mean raw IP", arguments: [UInt32(12), 14, 101])
    func rawNumbers(linkType: UInt32) throws {
        var capture = PcapBytes(linkType: linkType)
        capture.add([0x45], time: Timestamp(seconds: 1))
        #expect(try folder.readBothWays(capture.bytes).frames.map(\.linkType) == [.raw])
    }

    @Test("A capture without packets is sound and gives none")
    func noPackets() throws {
        let result = try folder.readBothWays(PcapBytes().bytes)
        #expect(result.frames.isEmpty)
        #expect(result.damage.isEmpty)
    }

    @Test("A wire length below the captured length is raised to it")
    func shortWireLength() throws {
        var capture = PcapBytes()
        capture.add([1, 2, 3, 4], time: Timestamp(seconds: 1), wireLength: 2)
        let frame = try #require(try folder.readBothWays(capture.bytes).frames.first)
        #expect(frame.bytes == [1, 2, 3, 4])
        #expect(frame.wireLength == 4)
    }

    @Test("A mapped file lends its bytes: a batch without storage takes them, and they outlive the batch's next use")
    func lending() throws {
        let frames = randomFrames(200, seed: 2)
        let source = try CaptureOpener.open(paths: [folder.write(pcap(frames).bytes)])
        #expect(source.lendsBytes)
        let first = FrameBatch(capacity: 100)
        let second = FrameBatch(capacity: 100)
        #expect(source.read(into: first) == .open)
        #expect(source.read(into: second) == .open)
        #expect((0..<100).map { Delivered(first[$0]) } == Array(frames[..<100]))
        #expect((0..<100).map { Delivered(second[$0]) } == Array(frames[100...]))
        first.clear()
        #expect(source.read(into: first) == .finished)
        #expect(first.count == 0)
    }

    @Test("Any batch size gives the same frames", arguments: [1, 2, 7, 4096])
    func batchSizes(capacity: Int) throws {
        let frames = randomFrames(300, seed: 3)
        let plain = try CaptureOpener.open(paths: [folder.write(pcap(frames).bytes)])
        #expect(drain(plain, capacity: capacity) == frames)
        let compressed = try CaptureOpener.open(paths: [folder.write(zstd(pcap(frames).bytes))])
        #expect(drain(compressed, capacity: capacity) == frames)
    }

    @Test("Records that begin exactly where the populated part of a mapping ends are read")
    func stepBoundary() throws {
        var capture = PcapBytes()
        // Pages come in steps of 8 MiB, and the next step is due 1 MiB before the end of one.
        let boundary = 7 << 20
        while capture.bytes.count < boundary {
            let length = min(1 << 16, boundary - capture.bytes.count) - 16
            capture.add([UInt8](repeating: 1, count: length), time: Timestamp(seconds: 1))
        }
        let frames = capture.recordOffsets.count
        #expect(capture.bytes.count == boundary)
        for _ in 0..<100 { capture.add([UInt8](repeating: 2, count: 1 << 16), time: Timestamp(seconds: 2)) }
        #expect(try folder.read(capture.bytes).frames.count == frames + 100)
    }

    @Test("Progress ends at the size of the file")
    func progress() throws {
        let bytes = pcap(randomFrames(300, seed: 4)).bytes
        for written in [bytes, zstd(bytes)] {
            let source = try CaptureOpener.open(paths: [folder.write(written)])
            #expect(drain(source).count == 300)
            let progress = try #require(source.progress)
            #expect(progress == (written.count, written.count))
        }
    }
}
