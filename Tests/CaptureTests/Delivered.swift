// What a source delivered, kept beyond the life of its batches.

import Capture
import Foundation
import NetTypes
import TestSupport

/// A frame with its bytes copied.
struct Delivered: Hashable {
    var bytes: [UInt8]
    var wireLength: UInt32
    var time: Timestamp
    var linkType = LinkType.ethernet
    var interface: UInt16 = 0

    init(
        _ bytes: [UInt8], time: Timestamp, wireLength: UInt32? = nil, linkType: LinkType = .ethernet,
        interface: UInt16 = 0
    ) {
        self.bytes = bytes
        self.wireLength = wireLength ?? UInt32(bytes.count)
        self.time = time
        self.linkType = linkType
        self.interface = interface
    }

    init(_ frame: Frame) {
        self.init(
            Array(frame.bytes), time: frame.time, wireLength: frame.wireLength, linkType: frame.linkType,
            interface: frame.interface)
    }
}

/// Reads a source to its end in batches of the given size.
func drain(
    _ source: any PacketSource, capacity: Int = 64, storage: Int = CaptureLimits.frameLength
) -> [Delivered] {
    let batch = FrameBatch(capacity: capacity, storageCapacity: storage)
    var frames: [Delivered] = []
    while true {
        batch.clear()
        let state = source.read(into: batch)
        frames += (0..<batch.count).map { Delivered(batch[$0]) }
        if state == .finished { return frames }
    }
}

/// Frames of random bytes and lengths, one a millisecond, as they would be delivered.
func randomFrames(_ count: Int, seed: UInt64, maximumLength: Int = 300) -> [Delivered] {
    var generator = SeededGenerator(seed: seed)
    return (0..<count).map { index in
        let length = Int.random(in: 0...maximumLength, using: &generator)
        let words = (0...(length / 8)).map { _ in generator.next() }
        let bytes = words.withUnsafeBytes { Array($0.prefix(length)) }
        return Delivered(
            bytes, time: Timestamp(seconds: 1_700_000_000, nanoseconds: Int64(index) * 1_000_000),
            wireLength: UInt32(length + Int.random(in: 0...2000, using: &generator)))
    }
}

/// A pcap capture of the frames.
func pcap(_ frames: [Delivered], linkType: UInt32 = 1) -> PcapBytes {
    var capture = PcapBytes(linkType: linkType)
    for frame in frames { capture.add(frame.bytes, time: frame.time, wireLength: frame.wireLength) }
    return capture
}

/// A pcapng capture of the frames, times in microseconds.
func pcapng(_ frames: [Delivered]) -> PcapngBytes {
    var capture = PcapngBytes()
    capture.addInterface()
    for frame in frames {
        capture.addPacket(
            frame.bytes, ticks: UInt64(frame.time.nanoseconds / 1000), wireLength: frame.wireLength)
    }
    return capture
}
