// Sinks that never hold up the capture.

import Foundation
import Outputs
import Synchronization
import Testing

@testable import Appliance

@Suite("Queues in front of sinks")
struct QueuedSinkTests {
    /// A sink that stands still until it is let go.
    private final class Stuck: LineSink, @unchecked Sendable {
        let isFree = Atomic<Bool>(false)
        private(set) var lines = 0
        private(set) var calls = 0
        var lostLines: UInt64 { 0 }
        var failure: OutputError? { nil }

        func write(_ lines: borrowing LineBuffer) {
            while !isFree.load(ordering: .acquiring) { usleep(1000) }
            self.lines += lines.lines
            calls += 1
        }

        func close() throws(OutputError) {}
    }

    private func write(_ count: Int, to sink: QueuedSink) {
        for _ in 0..<count {
            var json = JSONWriter(capacity: 128)
            json.beginLine()
            json.member("number", 7)
            json.endLine()
            sink.write(json.buffer)
        }
    }

    @Test("A sink that stands still costs no time; what finds no room is shed, counted and told at the end")
    func shedding() {
        let stuck = Stuck()
        let sink = QueuedSink(stuck, name: "stuck", limit: 1300)
        sink.start()
        let begin = Date()
        write(1000, to: sink)
        #expect(Date().timeIntervalSince(begin) < 1)
        // A line has 13 bytes: one hundred of them wait, and those that the sink was given at first.
        let shed = sink.report.shedLines
        #expect((700...900).contains(shed))
        stuck.isFree.store(true, ordering: .releasing)
        #expect(throws: OutputError.self) { try sink.close() }
        #expect(stuck.lines + Int(shed) == 1000)
    }

    @Test("Everything that waits is written before the sink is closed")
    func flushing() throws {
        let free = Stuck()
        free.isFree.store(true, ordering: .releasing)
        let sink = QueuedSink(free, name: "free", limit: 1 << 20)
        sink.start()
        write(5000, to: sink)
        try sink.close()
        #expect(free.lines == 5000)
        #expect(sink.report.writtenLines == 5000)
    }

    @Test("Lines that come one behind the other are written together, and a single one soon")
    func gathering() throws {
        let free = Stuck()
        free.isFree.store(true, ordering: .releasing)
        let sink = QueuedSink(free, name: "free", limit: 1 << 20)
        sink.start()
        let begin = Date()
        write(1, to: sink)
        while sink.report.writtenLines == 0, Date().timeIntervalSince(begin) < 10 { usleep(500) }
        #expect(Date().timeIntervalSince(begin) < 0.9)
        for _ in 0..<200 {
            write(1, to: sink)
            usleep(200)
        }
        try sink.close()
        #expect(free.lines == 201)
        #expect(free.calls < 50)
    }
}
