// Tests: captures merged by time.

import Capture
import NetTypes
import TestSupport
import Testing

@Suite("Captures merged by time")
struct MergeTests {
    let folder: CaptureFolder

    init() throws {
        folder = try CaptureFolder()
    }

    /// A frame that tells its file and place.
    private func frame(_ file: UInt8, _ index: UInt8, at second: Int64) -> Delivered {
        Delivered([file, index], time: Timestamp(seconds: second))
    }

    @Test("Equal times come in the order of the arguments, whichever way round they are")
    func stable() throws {
        let left = [frame(1, 0, at: 5), frame(1, 1, at: 5), frame(1, 2, at: 7)]
        let right = [frame(2, 0, at: 5), frame(2, 1, at: 6), frame(2, 2, at: 7)]
        let paths = try [folder.write(pcap(left).bytes, as: "l"), folder.write(pcap(right).bytes, as: "r")]
        #expect(
            drain(try CaptureOpener.open(paths: paths)) == [left[0], left[1], right[0], right[1], left[2], right[2]])
        #expect(
            drain(try CaptureOpener.open(paths: paths.reversed()))
                == [right[0], left[0], left[1], right[1], right[2], left[2]])
    }

    @Test("A file's own order is kept even where its times go back")
    func ownOrder() throws {
        let left = [frame(1, 0, at: 10), frame(1, 1, at: 3), frame(1, 2, at: 12)]
        let right = [frame(2, 0, at: 9), frame(2, 1, at: 11)]
        let paths = try [folder.write(pcap(left).bytes, as: "l"), folder.write(pcap(right).bytes, as: "r")]
        #expect(drain(try CaptureOpener.open(paths: paths)) == [right[0], left[0], left[1], right[1], left[2]])
    }

    @Test(
        "Many files of all kinds come out in the order of a stable sort, for any batch size",
        arguments: [1, 13, 4096])
    func manyFiles(capacity: Int) throws {
        var generator = SeededGenerator(seed: 41)
        var paths: [String] = []
        var all: [(time: Timestamp, file: Int, frame: Delivered)] = []
        for file in 0..<9 {
            var second: Int64 = 0
            let frames = (0..<Int.random(in: 0...700, using: &generator)).map { index in
                second += Int64.random(in: 0...2, using: &generator)
                return Delivered(
                    [UInt8(file), UInt8(index % 256)], time: Timestamp(seconds: second),
                    linkType: file % 3 == 0 ? .raw : .ethernet)
            }
            all += frames.map { ($0.time, file, $0) }
            let bytes = file % 3 == 0 ? pcap(frames, linkType: 101).bytes : pcapng(frames).bytes
            paths.append(try folder.write(file % 2 == 0 ? bytes : zstd(bytes), as: "\(file)"))
        }
        // The sort of the standard library is stable, and `all` is in the order of the files.
        let expected = all.sorted { $0.time < $1.time }.map(\.frame)
        let source = try CaptureOpener.open(paths: paths)
        #expect(!source.lendsBytes)
        #expect(drain(source, capacity: capacity) == expected)
        #expect(source.damage.isEmpty)
        let progress = try #require(source.progress)
        #expect(progress.done == progress.total)
    }

    @Test("A merge of mapped files lends their bytes")
    func lending() throws {
        let frames = randomFrames(2000, seed: 42)
        let even = frames.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        let odd = frames.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        let source = try CaptureOpener.open(paths: [
            folder.write(pcap(even).bytes, as: "even"), folder.write(pcapng(odd).bytes, as: "odd"),
        ])
        #expect(source.lendsBytes)
        let batch = FrameBatch(capacity: 5000)
        #expect(source.read(into: batch) == .finished)
        #expect((0..<batch.count).map { Delivered(batch[$0]) } == frames)
    }

    @Test("A source that has nothing right now holds the merge until it speaks")
    func waitingSource() {
        let left = MemorySource([
            .packet(MemorySource.Packet([1], time: Timestamp(seconds: 1))), .idle(Timestamp(seconds: 2)),
            .packet(MemorySource.Packet([3], time: Timestamp(seconds: 3))),
        ])
        let right = MemorySource([
            MemorySource.Packet([2], time: Timestamp(seconds: 2)),
            MemorySource.Packet([4], time: Timestamp(seconds: 4)),
        ])
        let merged = MergedSource([left, right])
        let batch = FrameBatch(capacity: 10)
        #expect(merged.read(into: batch) == .open)
        #expect((0..<batch.count).map { Array(batch[$0].bytes) } == [[1]])
        #expect(merged.read(into: batch) == .finished)
        #expect((0..<batch.count).map { Array(batch[$0].bytes) } == [[1], [2], [3], [4]])
    }
}
