// Work that gathers on one worker at low load, and spreads again, without changing what comes out.

import Capture
import FlowTable
import NetTypes
import Outputs
import TestSupport
import Testing

@testable import Appliance

@Suite("Gathering of work")
struct GatheringDeterminismTests {
    /// Notes every event it sees.
    private final class Witness: EventObserver {
        let interests = FlowEventKinds.all
        private(set) var seen: [String] = []

        func observe(_ event: StreamEvent, annotations: inout FlowAnnotations) {
            seen.append("\(event.ordinal) \(event.kind) \(event.time.nanoseconds)")
        }
    }

    /// Bursts of very different sizes, with time that passes between them.
    private static let items: [MemorySource.Item] = {
        var generator = SeededGenerator(seed: 3)
        var items: [MemorySource.Item] = []
        var clock: Int64 = 1_700_000_000_000_000_000
        for burst in 0..<60 {
            let size = burst % 7 == 0 ? 5000 : Int(generator.next() % 40)
            for _ in 0..<size {
                clock += Int64(generator.next() % 200_000)
                let host = generator.next() % 500
                let frame = PacketBytes.ethernet(
                    0x0800,
                    payload: PacketBytes.ipv4(
                        "10.0.\(host >> 8).\(host & 255)", "192.0.2.1", 6,
                        payload: PacketBytes.tcp(
                            UInt16(1024 + generator.next() % 3), 80, flags: generator.next() & 1 == 0 ? .syn : .ack,
                            payload: [])))
                items.append(.packet(MemorySource.Packet(frame, time: Timestamp(nanoseconds: clock))))
            }
            for _ in 0..<Int(generator.next() % 9) {
                clock += 700_000_000
                items.append(.idle(Timestamp(nanoseconds: clock)))
            }
        }
        return items
    }()

    private func run(workers: Int, gatherBelow: Int) -> [String] {
        var configuration = PipelineConfiguration()
        configuration.workers = workers
        configuration.gatherBelow = gatherBelow
        configuration.table.memory = 4 << 20
        let witness = Witness()
        Pipeline(
            configuration: configuration, source: MemorySource(Self.items), observers: [witness],
            outputs: PipelineOutputs(options: EVEOptions(), eveSink: nil, supplementSink: nil),
            progress: ProgressReport(isWanted: false)
        ).run()
        return witness.seen
    }

    @Test("Events are the same for any number of workers, whether small batches wake them or not")
    func same() {
        let expected = run(workers: 1, gatherBelow: 0)
        #expect(expected.count > 10_000)
        for (workers, gatherBelow) in [(1, 256), (2, 0), (2, 256), (4, 256), (4, 1 << 16)] {
            let other = run(workers: workers, gatherBelow: gatherBelow)
            #expect(other == expected, "\(workers) workers, gathered below \(gatherBelow)")
        }
    }
}
