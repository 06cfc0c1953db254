// Tests: mutated captures.

import Capture
import NetTypes
import TestSupport
import Testing

@Suite("Mutated captures")
struct MutationTests {
    /// A capture with the place behind each of its packets.
    private struct Original {
        let bytes: [UInt8]
        let frames: [Delivered]
        let ends: [Int]
        /// Bytes before the first packet.
        let head: Int
    }

    private func original(blocks: Bool, seed: UInt64) -> Original {
        let frames = randomFrames(25, seed: seed, maximumLength: 120)
        if blocks {
            let capture = pcapng(frames)
            let ends = capture.blockOffsets.dropFirst(3) + [capture.bytes.count]
            return Original(bytes: capture.bytes, frames: frames, ends: Array(ends), head: capture.blockOffsets[2])
        }
        let capture = pcap(frames)
        let ends = capture.recordOffsets.dropFirst() + [capture.bytes.count]
        return Original(bytes: capture.bytes, frames: frames, ends: Array(ends), head: 24)
    }

    /// Changes the bytes at one place or more; gives the first place changed.
    private func mutate(_ bytes: inout [UInt8], using generator: inout SeededGenerator) -> Int {
        var first = bytes.count
        for _ in 0..<Int.random(in: 1...3, using: &generator) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &generator)
            first = min(first, place)
            switch Int.random(in: 0..<5, using: &generator) {
            case 0:
                bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            case 1:
                let extremes: [UInt8] = [0, 0xff, 0x7f, 0x80]
                let value = extremes.randomElement(using: &generator) ?? 0
                for index in place..<min(place + 4, bytes.count) { bytes[index] = value }
            case 2:
                bytes.removeSubrange(place...)
            case 3:
                let count = Int.random(in: 1...9, using: &generator)
                bytes.removeSubrange(place..<min(place + count, bytes.count))
            default:
                let count = Int.random(in: 1...9, using: &generator)
                let added = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
                bytes.insert(contentsOf: added, at: place)
            }
        }
        return first
    }

    @Test(
        "2,000 mutated captures never crash, and packets before the mutation are untouched", arguments: [false, true])
    func mutations(blocks: Bool) throws {
        let folder = try CaptureFolder()
        var generator = SeededGenerator(seed: blocks ? 11 : 12)
        var damaged = 0
        for round in 0..<1000 {
            let original = original(blocks: blocks, seed: UInt64(round))
            var bytes = original.bytes
            let first = mutate(&bytes, using: &generator)
            do {
                let result = try folder.readBothWays(bytes)
                guard first >= original.head else { continue }
                let intact = original.ends.count { $0 <= first }
                #expect(Array(result.frames.prefix(intact)) == Array(original.frames[..<intact]), "round \(round)")
                #expect(
                    result.damage.allSatisfy { $0.offset >= (intact == 0 ? original.head : original.ends[intact - 1]) })
                damaged += result.damage.count
            } catch let error as CaptureError {
                #expect(first < original.head, "round \(round): \(error)")
            }
        }
        #expect(damaged > 300)
    }

    @Test("Mutated compressed captures never crash, and what they deliver before the fault is sound")
    func compressedMutations() throws {
        let folder = try CaptureFolder()
        let original = original(blocks: false, seed: 13)
        let members = try [zstd(original.bytes), output(of: "gzip", ["-c"], input: original.bytes) ?? []]
        var generator = SeededGenerator(seed: 14)
        for packed in members where !packed.isEmpty {
            for _ in 0..<300 {
                var bytes = packed
                let cut = Int.random(in: 0..<bytes.count, using: &generator)
                bytes.removeSubrange(cut...)
                guard let result = try? folder.read(bytes) else { continue }
                #expect(result.frames == Array(original.frames.prefix(result.frames.count)))
                #expect(!result.damage.isEmpty)
                bytes = packed
                _ = mutate(&bytes, using: &generator)
                _ = try? folder.read(bytes)
            }
        }
    }
}
