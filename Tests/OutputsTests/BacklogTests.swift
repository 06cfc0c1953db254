// Messages that wait: order, bounds, and what a crash leaves.

import Foundation
import Testing

@testable import Outputs

@Suite("Backlogs")
struct BacklogTests {
    private func folder() -> String {
        let path = NSTemporaryDirectory() + "siem-spool-\(UUID().uuidString)"
        return path
    }

    private func messages(_ texts: [(String, Bool)]) -> MessageBuffer {
        var buffer = MessageBuffer()
        for (text, isAlert) in texts { Array(text.utf8).withUnsafeBytes { buffer.append($0, isAlert: isAlert) } }
        return buffer
    }

    private func texts(_ buffer: borrowing MessageBuffer) -> [String] {
        (0..<buffer.count).map { buffer.withMessage($0) { String(decoding: $0, as: UTF8.self) } }
    }

    private func readAll(_ backlog: any Backlog, from start: UInt64? = nil, atMost limit: Int = 100) -> [String] {
        var all: [String] = []
        var position = start ?? backlog.confirmed
        while position < backlog.end {
            var buffer = MessageBuffer()
            position = backlog.read(from: position, atMost: limit, into: &buffer)
            all += texts(buffer)
        }
        return all
    }

    @Test("Both kinds give back what was put in, in order, also in small pieces", arguments: [1, 40, 100_000])
    func order(_ limit: Int) throws {
        let path = folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let all = (0..<500).map { "message \($0)" }
        for backlog in [MemoryBacklog(limit: 1 << 20), try SpoolBacklog(path: path, limit: 1 << 20)] as [any Backlog] {
            for start in stride(from: 0, to: 500, by: 7) {
                _ = backlog.append(messages(all[start..<min(500, start + 7)].map { ($0, false) }))
            }
            #expect(readAll(backlog, atMost: limit) == all)
        }
    }

    @Test("A full backlog sheds and counts, and keeps its last eighth for alerts")
    func shedding() throws {
        let path = folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = String(repeating: "x", count: 1000)
        for backlog in [MemoryBacklog(limit: 80_000), try SpoolBacklog(path: path, limit: 80_000)] as [any Backlog] {
            let flows = backlog.append(messages((0..<100).map { _ in (text, false) }))
            let kept = 100 - flows.messages
            #expect(flows.alerts == 0)
            #expect((60...70).contains(kept))
            let more = backlog.append(messages((0..<5).map { _ in (text, true) }))
            #expect(more.messages == 0, "an alert found no room in \(type(of: backlog))")
            #expect(backlog.append(messages([(text, false)])).messages == 1)
            #expect(readAll(backlog, atMost: 1 << 20).count == kept + 5)
        }
    }

    @Test("What was read and not sent stays when room is short; what was sent makes way")
    func makingWay() {
        let text = String(repeating: "x", count: 1000)
        let backlog = MemoryBacklog(limit: 80_000)
        for number in 0..<60 { _ = backlog.append(messages([("\(number) \(text)", false)])) }
        var buffer = MessageBuffer()
        let position = backlog.read(from: 0, atMost: 20_000, into: &buffer)
        let refused = backlog.append(messages((0..<20).map { _ in (text, false) })).messages
        #expect(refused > 0 && backlog.confirmed == 0)
        backlog.note(sent: position)
        #expect(backlog.append(messages((0..<10).map { _ in (text, false) })).messages == 0)
        #expect(backlog.confirmed > 0 && backlog.confirmed <= position)
    }

    @Test("What is confirmed is gone after a restart, the rest is there")
    func restart() throws {
        let path = folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        var middle: UInt64 = 0
        do {
            let spool = try SpoolBacklog(path: path, limit: 1 << 20)
            _ = spool.append(messages((0..<50).map { ("first \($0)", false) }))
            middle = spool.end
            _ = spool.append(messages((0..<50).map { ("second \($0)", true) }))
            spool.confirm(middle)
            spool.close()
        }
        let again = try SpoolBacklog(path: path, limit: 1 << 20)
        #expect(again.confirmed == middle)
        #expect(readAll(again) == (0..<50).map { "second \($0)" })
        #expect(again.tornRecords == 0)
    }

    @Test("A record cut at any byte is dropped and counted; those before it are kept, new ones follow")
    func torn() throws {
        let path = folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let record = SpoolRecord.size(of: "message 9".utf8.count)
        for cut in 1..<record {
            try? FileManager.default.removeItem(atPath: path)
            do {
                let spool = try SpoolBacklog(path: path, limit: 1 << 20)
                _ = spool.append(messages((0..<10).map { ("message \($0)", false) }))
            }
            let file = path + "/00000000000000000000.spool"
            let size = try #require(FileManager.default.attributesOfItem(atPath: file)[.size] as? Int)
            truncate(file, size - cut)
            let again = try SpoolBacklog(path: path, limit: 1 << 20)
            #expect(again.tornRecords == 1)
            _ = again.append(messages([("after", true)]))
            #expect(readAll(again) == (0..<9).map { "message \($0)" } + ["after"])
        }
    }

    @Test("A changed byte loses the rest of its segment, and is counted")
    func damage() throws {
        let path = folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        do {
            let spool = try SpoolBacklog(path: path, limit: 1 << 20)
            _ = spool.append(messages((0..<10).map { ("message \($0)", false) }))
        }
        let file = path + "/00000000000000000000.spool"
        var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        bytes[5 * SpoolRecord.size(of: 9) + SpoolRecord.headerLength] ^= 1
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        let again = try SpoolBacklog(path: path, limit: 1 << 20)
        #expect(readAll(again) == (0..<5).map { "message \($0)" })
        #expect(again.tornRecords == 1)
    }

    @Test("Segments that have arrived leave the disk, and a spool has one owner")
    func disk() throws {
        let path = folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let spool = try SpoolBacklog(path: path, limit: 1 << 20)
        let text = String(repeating: "y", count: 10_000)
        for _ in 0..<500 {
            #expect(spool.append(messages([(text, false)])).messages == 0)
            spool.confirm(spool.end)
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasSuffix(".spool") }
        #expect(files.count <= 2)
        #expect(throws: OutputError.self) { try SpoolBacklog(path: path, limit: 1 << 20) }
    }

    @Test("A file cut off at any byte still gives every record that was whole by then")
    func killed() throws {
        let path = folder()
        defer { try? FileManager.default.removeItem(atPath: path) }
        // What a killed writer leaves is any prefix of what it wrote: each of them is recovered.
        do {
            let spool = try SpoolBacklog(path: path, limit: 1 << 20)
            for number in 0..<20 { _ = spool.append(messages([("m\(number)", true)])) }
        }
        let file = path + "/00000000000000000000.spool"
        let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: file)))
        var before = 0
        for length in 0...whole.count {
            try Data(whole[..<length]).write(to: URL(fileURLWithPath: file))
            let again = try SpoolBacklog(path: path, limit: 1 << 20)
            let found = readAll(again, atMost: 1 << 16)
            #expect(found == (0..<found.count).map { "m\($0)" })
            #expect(again.tornRecords <= 1)
            #expect(found.count >= before)
            before = found.count
        }
        #expect(before == 20)
    }
}

@Suite("Waiting before the next try")
struct BackoffTests {
    @Test("Waits double up to a bound, never leave half of it, and follow from the seed")
    func waits() {
        var first = Backoff(first: 100, most: 1600, seed: 3)
        var second = Backoff(first: 100, most: 1600, seed: 3)
        var other = Backoff(first: 100, most: 1600, seed: 4)
        let waits = (0..<20).map { _ in first.next() }
        #expect(waits == (0..<20).map { _ in second.next() })
        #expect(waits != (0..<20).map { _ in other.next() })
        for (index, wait) in waits.enumerated() {
            let whole = min(1600, 100 << min(index, 20))
            #expect((whole / 2...whole).contains(wait))
        }
        first.succeed()
        #expect(first.next() <= 100)
    }
}
