// Every case of fixtures/cases, through the whole appliance.

import Appliance
import Foundation
import NetTypes
import Testing

@Suite("What the logs of the fixtures hold")
struct CaseTests {
    @Test("The log of a fixture holds what its case says", arguments: Case.all)
    func logHolds(_ expected: Case) throws {
        let run = try Run(expected, workers: 1)
        #expect(run.report.isComplete == ((expected.status ?? 0) == 0))
        #expect(run.report.damage.map(\.offset) == (expected.damage.map { [$0] } ?? []))

        let events = try run.events()
        let statistics = try #require(events.last { $0.text("event_type") == "stats" })
        #expect(statistics.text("stats.decoder.pkts") == "\(expected.packets)")
        #expect(statistics.text("stats.decoder.bytes") == "\(expected.bytes)")
        let flows = events.filter { $0.text("event_type") == "flow" }
        #expect(Set(flows.compactMap { $0.text("community_id") }).count == expected.conversations)
        for check in expected.checks ?? [] {
            let found = events.count { check.matches($0) }
            #expect(found == check.count, "\(check)")
        }
    }

    @Test("Two workers write the bytes that one writes, and a second run repeats them", arguments: Case.all)
    func logIsTheSame(_ expected: Case) throws {
        let first = try Run(expected, workers: 1)
        for workers in [1, 2] {
            let other = try Run(expected, workers: workers)
            for name in ["eve.json", "leptonnet.json"] {
                #expect(try first.bytes(of: name) == other.bytes(of: name), "\(name) with \(workers) workers")
            }
        }
    }

    @Test("There are cases, and every capture of the fixtures stands in one")
    func everyCaptureHasACase() throws {
        let folder = URL(filePath: Case.all[0].capturePath).deletingLastPathComponent()
        let captures = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains(".pcap") }
        #expect(Set(captures) == Set(Case.all.map(\.capture)))
    }
}

/// One replay of a case, into a folder that goes away with it.
private final class Run {
    let report: ReplayReport
    private let folder = FileManager.default.temporaryDirectory.appending(path: "leptonnet-case-\(UUID().uuidString)")

    init(_ expected: Case, workers: Int) throws {
        var settings = ReplaySettings()
        settings.paths = [expected.capturePath]
        settings.filter = expected.filter
        settings.output = folder.path
        settings.workers = workers
        settings.flowMemory = 16 << 20
        settings.showsProgress = false
        report = try Replay(settings).run()
    }

    deinit {
        try? FileManager.default.removeItem(at: folder)
    }

    func bytes(of name: String) throws -> Data {
        try Data(contentsOf: folder.appending(path: name))
    }

    func events() throws -> [JSONValue] {
        try bytes(of: "eve.json").split(separator: UInt8(ascii: "\n")).map {
            try JSONDecoder().decode(JSONValue.self, from: Data($0))
        }
    }
}
