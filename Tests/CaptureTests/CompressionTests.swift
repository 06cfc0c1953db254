// Tests: compressed captures.

import Capture
import NetTypes
import TestSupport
import Testing

@Suite("Compressed captures")
struct CompressionTests {
    let folder: CaptureFolder
    let frames = randomFrames(3000, seed: 21, maximumLength: 1500)

    init() throws {
        folder = try CaptureFolder()
    }

    private func gzip(_ bytes: [UInt8]) throws -> [UInt8] {
        try #require(try output(of: "gzip", ["-c"], input: bytes), "gzip is not installed")
    }

    @Test("gzip and zstd of a pcap and a pcapng give the frames of the plain file")
    func roundTrip() throws {
        for bytes in [pcap(frames).bytes, pcapng(frames).bytes] {
            for packed in try [gzip(bytes), zstd(bytes)] {
                let result = try folder.read(packed)
                #expect(result.frames == frames)
                #expect(result.damage.isEmpty)
            }
        }
    }

    @Test("What zstd(1) writes is read, with and without checksum", arguments: ["--check", "--no-check"])
    func zstdProgram(option: String) throws {
        guard let packed = try output(of: "zstd", ["-c", option], input: pcap(frames).bytes) else {
            print("zstd is not installed: its files were not tried")
            return
        }
        #expect(try folder.read(packed).frames == frames)
    }

    @Test("Concatenated members, frames and skippable frames are one stream, wherever the joints are")
    func concatenation() throws {
        let bytes = pcap(frames).bytes
        let pieces = [bytes[..<1], bytes[1..<30], bytes[30..<100_001], bytes[100_001...]].map(Array.init)
        #expect(try folder.read(pieces.flatMap { try gzip($0) }).frames == frames)
        #expect(try folder.read(pieces.flatMap { zstd($0) }).frames == frames)
        let skippable: [UInt8] = [0x5e, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 9, 9, 9]
        let result = try folder.read(skippable + pieces.flatMap { zstd($0) + skippable })
        #expect(result.frames == frames)
        #expect(result.damage.isEmpty)
    }

    @Test("Zeros behind the last gzip member are padding, anything else is damage behind the last packet")
    func trailingBytes() throws {
        let bytes = pcap(frames).bytes
        let padded = try folder.read(gzip(bytes) + [UInt8](repeating: 0, count: 5000))
        #expect(padded.frames == frames)
        #expect(padded.damage.isEmpty)
        for packed in try [gzip(bytes) + [0, 0, 7], zstd(bytes) + [1, 2, 3, 4, 5, 6, 7, 8]] {
            let result = try folder.read(packed)
            #expect(result.frames == frames)
            #expect(result.damage.map(\.offset) == [bytes.count])
        }
    }

    @Test("A compressed file that ends in the middle gives every packet before the end")
    func cut() throws {
        let capture = pcap(frames)
        for (packed, name) in try [(gzip(capture.bytes), "gzip"), (zstd(capture.bytes), "zstd")] {
            let result = try folder.read(Array(packed[..<(packed.count / 2)]))
            #expect(result.frames == Array(frames[..<result.frames.count]))
            // Half of the compressed bytes of random packets hold nearly half of them, less one block of 128 KiB.
            #expect(result.frames.count > frames.count / 2 - 400)
            #expect(result.damage.map(\.reason) == ["the \(name) data end in the middle"])
            #expect(result.damage.map(\.offset) == [capture.recordOffsets[result.frames.count]])
        }
    }

    @Test("Damage within a compressed file leaves the blocks before it")
    func damagedBlock() throws {
        // Half as many bits to a byte, so that the blocks are truly compressed and damage breaks their structure.
        let frames = frames.map { frame in
            Delivered(frame.bytes.map { $0 & 0x0f }, time: frame.time, wireLength: frame.wireLength)
        }
        let bytes = pcap(frames).bytes
        for packed in try [gzip(bytes), zstd(bytes)] {
            var damaged = packed
            let place = packed.count * 2 / 3
            for index in place..<(place + 2000) { damaged[index] = 0xff }
            let result = try folder.read(damaged)
            let sound = zip(result.frames, frames).prefix { $0 == $1 }.count
            // No more than the damaged block of 128 KiB is lost, of packets that are 750 bytes long on average.
            #expect(sound > frames.count * 2 / 3 - 190)
            #expect(sound < frames.count)
            #expect(result.damage.count == 1)
        }
    }

    @Test("A zstd block that makes no sense takes none of the blocks before it along")
    func damagedZstdBlock() throws {
        let capture = pcap(frames)
        var packed = zstd(capture.bytes)
        // A header with window descriptor and content size, then blocks of 128 KiB with headers of three bytes
        // (RFC 8878, section 3.1.1): the low bit marks the last, the next two give the type, the others the size.
        try #require(packed[4] & 0xe0 == 0x80, "the frame header is not the one this test knows")
        var block = 4 + 1 + 1 + 4
        let damagedBlock = 13
        for _ in 0..<damagedBlock {
            let header = Int(packed[block]) | Int(packed[block + 1]) << 8 | Int(packed[block + 2]) << 16
            try #require(header & 1 == 0, "the capture has too few blocks")
            block += 3 + (header >> 3)
        }
        packed[block] |= 0x06
        let result = try folder.read(packed)
        let ends = capture.recordOffsets.dropFirst() + [capture.bytes.count]
        let intact = ends.count { $0 <= damagedBlock << 17 }
        #expect(result.frames == Array(frames[..<intact]))
        #expect(result.damage.map(\.offset) == [capture.recordOffsets[intact]])
        #expect(result.damage.first?.reason.contains("zstd data are damaged") == true)
    }

    @Test("A wrong checksum at the end is damage behind the last packet")
    func checksum() throws {
        let bytes = pcap(frames).bytes
        var packed = try gzip(bytes)
        packed[packed.count - 8] ^= 1
        let result = try folder.read(packed)
        #expect(result.frames == frames)
        #expect(result.damage.map(\.offset) == [bytes.count])
        #expect(result.damage.first?.reason.contains("incorrect data check") == true)
    }
}
