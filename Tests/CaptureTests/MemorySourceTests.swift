// Tests: frames from memory.

import Capture
import NetTypes
import Testing

@Suite("Frames from memory")
struct MemorySourceTests {
    @Test("Packets come as given, and a tick comes by itself between the batches")
    func ticks() {
        let source = MemorySource([
            .packet(
                MemorySource.Packet([1, 2], time: Timestamp(seconds: 1), linkType: .raw, wireLength: 90, interface: 3)),
            .idle(Timestamp(seconds: 5)), .idle(Timestamp(seconds: 6)),
            .packet(MemorySource.Packet([3], time: Timestamp(seconds: 7))),
        ])
        let batch = FrameBatch(capacity: 8)
        #expect(source.read(into: batch) == .open)
        #expect(
            (0..<batch.count).map { Delivered(batch[$0]) } == [
                Delivered([1, 2], time: Timestamp(seconds: 1), wireLength: 90, linkType: .raw, interface: 3)
            ])
        batch.clear()
        #expect(source.read(into: batch) == .idle(Timestamp(seconds: 5)))
        #expect(source.read(into: batch) == .idle(Timestamp(seconds: 6)))
        #expect(batch.count == 0)
        #expect(source.read(into: batch) == .finished)
        #expect((0..<batch.count).map { Delivered(batch[$0]) } == [Delivered([3], time: Timestamp(seconds: 7))])
        #expect(source.damage.isEmpty)
    }

    @Test("A full batch leaves the rest for the next")
    func fullBatch() {
        let packets = (0..<10).map { MemorySource.Packet([UInt8($0)], time: Timestamp(seconds: Int64($0))) }
        let source = MemorySource(packets)
        #expect(source.lendsBytes)
        #expect(drain(source, capacity: 3, storage: 0).map(\.bytes) == packets.map(\.bytes))
    }
}
