// Tests: captures from pipes.

import Capture
import Foundation
import NetTypes
import TestSupport
import Testing

@Suite("Captures from pipes", .serialized)
struct StreamTests {
    let frames = randomFrames(2000, seed: 31, maximumLength: 900)

    /// Writes the pieces into a pipe from a thread of its own, pausing before each but the first.
    private func feed(_ pieces: [[UInt8]], pause: TimeInterval, into pipe: Pipe) {
        Thread.detachNewThread {
            for (index, piece) in pieces.enumerated() {
                if index > 0 { Thread.sleep(forTimeInterval: pause) }
                pipe.fileHandleForWriting.write(Data(piece))
            }
            try? pipe.fileHandleForWriting.close()
        }
    }

    /// Opens the reading end of a pipe by its name under /dev/fd, as a shell's process substitution does.
    private func open(_ pipe: Pipe) throws -> any CaptureSource {
        try CaptureOpener.open(paths: ["/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"])
    }

    @Test("A pipe gives the frames of the file, plain and compressed, pcap and pcapng")
    func pipes() throws {
        for bytes in [pcap(frames).bytes, pcapng(frames).bytes] {
            for written in [bytes, zstd(bytes)] {
                let pipe = Pipe()
                feed([written], pause: 0, into: pipe)
                let source = try open(pipe)
                #expect(!source.lendsBytes)
                #expect(source.progress == nil)
                #expect(drain(source) == frames)
                #expect(source.damage.isEmpty)
            }
        }
    }

    @Test("Standard input is read, and its compression found")
    func standardInput() throws {
        for bytes in [pcap(frames).bytes, zstd(pcap(frames).bytes)] {
            let pipe = Pipe()
            let saved = dup(STDIN_FILENO)
            dup2(pipe.fileHandleForReading.fileDescriptor, STDIN_FILENO)
            defer {
                dup2(saved, STDIN_FILENO)
                close(saved)
            }
            feed([bytes], pause: 0, into: pipe)
            let source = try CaptureOpener.open(paths: ["-"])
            #expect(drain(source) == frames)
            #expect(source.damage.isEmpty)
        }
    }

    @Test("A cut on standard input is damage under the name -")
    func cutStandardInput() throws {
        let capture = pcap(frames)
        let pipe = Pipe()
        let saved = dup(STDIN_FILENO)
        dup2(pipe.fileHandleForReading.fileDescriptor, STDIN_FILENO)
        defer {
            dup2(saved, STDIN_FILENO)
            close(saved)
        }
        feed([Array(capture.bytes[..<(capture.recordOffsets[1000] + 5)])], pause: 0, into: pipe)
        let source = try CaptureOpener.open(paths: ["-"])
        #expect(drain(source) == Array(frames[..<1000]))
        #expect(source.damage.map(\.path) == ["-"])
        #expect(source.damage.map(\.offset) == [capture.recordOffsets[1000]])
    }

    @Test("A slow writer: frames at hand are delivered without waiting for the batch to fill")
    func slowWriter() throws {
        let capture = pcap(frames)
        let half = capture.recordOffsets[10] + 7
        let pipe = Pipe()
        feed([Array(capture.bytes[..<half]), Array(capture.bytes[half...])], pause: 0.6, into: pipe)
        let source = try open(pipe)
        let batch = FrameBatch(capacity: 4096, storageCapacity: 8 << 20)
        #expect(source.read(into: batch) == .open)
        #expect(batch.count == 10)
        batch.clear()
        #expect(source.read(into: batch) == .open)
        #expect(batch.count == 0)
        #expect(drain(source, storage: 8 << 20) == Array(frames[10...]))
    }

    @Test("A writer that trickles gives the same frames")
    func trickle() throws {
        let bytes = pcapng(Array(frames[..<40])).bytes
        let pieces = stride(from: 0, to: bytes.count, by: 97).map { Array(bytes[$0..<min($0 + 97, bytes.count)]) }
        let pipe = Pipe()
        feed(pieces, pause: 0.0005, into: pipe)
        #expect(drain(try open(pipe)) == Array(frames[..<40]))
    }

    @Test("Frames of a stream survive in a full batch while the source reads on into another")
    func batchesAreIndependent() throws {
        let pipe = Pipe()
        feed([pcap(frames).bytes], pause: 0, into: pipe)
        let source = try open(pipe)
        let first = FrameBatch(capacity: 500, storageCapacity: 1 << 20)
        while first.count < 500 { _ = source.read(into: first) }
        #expect(drain(source) == Array(frames[500...]))
        #expect((0..<500).map { Delivered(first[$0]) } == Array(frames[..<500]))
    }
}
