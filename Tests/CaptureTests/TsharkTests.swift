// Tests: judged by tshark.

import Capture
import NetTypes
import TestSupport
import Testing

@Suite("Judged by tshark")
struct TsharkTests {
    /// One line a packet as tshark prints it: seconds with nine digits, wire length, captured length.
    private func lines(_ frames: [Delivered]) -> [String] {
        frames.map { frame in
            let digits = String(frame.time.subsecond)
            let fraction = String(repeating: "0", count: 9 - digits.count) + digits
            return "\(frame.time.seconds).\(fraction)\t\(frame.wireLength)\t\(frame.bytes.count)"
        }
    }

    private func tshark(_ bytes: [UInt8]) throws -> [String]? {
        let arguments = ["-r", "-", "-T", "fields", "-e", "frame.time_epoch", "-e", "frame.len", "-e", "frame.cap_len"]
        guard let text = try output(of: "tshark", arguments, input: bytes) else {
            print("tshark is not installed: times and lengths were not compared with it")
            return nil
        }
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    @Test("Times and lengths of odd resolutions, offsets and byte orders", arguments: [false, true])
    func oddResolutions(bigEndian: Bool) throws {
        var generator = SeededGenerator(seed: 51)
        var capture = PcapngBytes(bigEndian: bigEndian)
        let now: UInt64 = 1_700_000_000
        let units: [(code: UInt8, ticksPerSecond: UInt64)] = [
            (0, 1), (1, 10), (3, 1000), (6, 1_000_000), (7, 10_000_000), (9, 1_000_000_000), (0x80, 1),
            (0x8a, 1 << 10), (0x94, 1 << 20), (0x9e, 1 << 30), (0xa0, 1 << 32),
        ]
        for (index, unit) in units.enumerated() {
            capture.addInterface(resolution: unit.code, offset: index % 3 == 1 ? 3600 : nil)
        }
        for _ in 0..<200 {
            let index = Int.random(in: 0..<units.count, using: &generator)
            let perSecond = units[index].ticksPerSecond
            let ticks = now * perSecond + UInt64.random(in: 0..<perSecond, using: &generator)
            let frame = [UInt8](repeating: 0, count: Int.random(in: 1...99, using: &generator))
            capture.addPacket(
                frame, ticks: ticks, interface: UInt32(index),
                wireLength: UInt32.random(in: 99...1500, using: &generator))
        }
        guard let judged = try tshark(capture.bytes) else { return }
        let result = try CaptureFolder().readBothWays(capture.bytes)
        #expect(lines(result.frames) == judged)
        #expect(judged.count == 200)
    }

    @Test("Times and lengths of pcap in all variations")
    func pcapVariations() throws {
        for resolution in [PcapBytes.Resolution.microseconds, .nanoseconds, .modified] {
            for bigEndian in [false, true] {
                var capture = PcapBytes(bigEndian: bigEndian, resolution: resolution)
                for frame in randomFrames(50, seed: 52) {
                    let time = Timestamp(nanoseconds: frame.time.nanoseconds + 123_456_789)
                    capture.add([0] + frame.bytes, time: time, wireLength: frame.wireLength + 1)
                }
                guard let judged = try tshark(capture.bytes) else { return }
                #expect(lines(try CaptureFolder().readBothWays(capture.bytes).frames) == judged)
                #expect(judged.count == 50)
            }
        }
    }
}
