// Checkpoints: what is taken up, what is refused, and that a detector goes on as if nothing had been.

import Foundation
import NetTypes
import Synchronization
import TestSupport
import Testing

@testable import Appliance

@Suite struct CheckpointTests {
    private let folder: String
    private let said = Said()

    final class Said: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    init() throws {
        folder = try TemporaryFolder.make("checkpoint")
    }

    private func keeper() -> CheckpointKeeper {
        CheckpointKeeper(folder: folder, every: 60) { [said] in said.add($0) }
    }

    private func description(second: Int64 = 1000) -> Checkpoint.Description {
        .init(second: second, firstKey: 1, secondKey: 2, threshold: 4.5, suppressed: ["noise": 3])
    }

    private static let state: [UInt8] = [10, 20, 10]

    private static var soon: Int { WaitLock.now + 10_000 }

    /// Writes a last checkpoint and waits for it.
    private func finish(_ keeper: CheckpointKeeper, second: Int64 = 1000, state: [UInt8] = state) {
        keeper.finish(description(second: second), by: Self.soon) { write in state.withUnsafeBytes { write($0) } }
        #expect(keeper.isAtRest(by: Self.soon))
    }

    @Test("A checkpoint that was written is taken up as it was, by its user alone")
    func roundTrip() throws {
        finish(keeper())
        let next = keeper()
        var found: Checkpoint?
        next.load(at: 1010) { found = $0 }
        #expect(found?.state == Self.state)
        #expect(found?.description.suppressed == ["noise": 3])
        #expect(next.figures.resumedFrom == 1000)
        #expect(next.figures.refusal == nil)
        let mode = try FileManager.default.attributesOfItem(atPath: folder + "/checkpoint")[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(!FileManager.default.fileExists(atPath: folder + "/checkpoint.partial"))
    }

    @Test("A state of any length, handed over in pieces of any length, is read back as it was")
    func pieces() {
        var generator = SystemRandomNumberGenerator()
        let state = (0..<3_000_001).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let written = keeper()
        written.finish(description(), by: Self.soon) { write in
            state.withUnsafeBytes { bytes in
                var place = 0
                for length in [1, 7, 0, 262_143, 262_144, 262_145, 1_000_000] {
                    write(UnsafeRawBufferPointer(rebasing: bytes[place..<(place + length)]))
                    place += length
                }
                write(UnsafeRawBufferPointer(rebasing: bytes[place...]))
            }
        }
        #expect(written.isAtRest(by: Self.soon))
        var found: [UInt8]?
        keeper().load(at: 1010) { found = $0.state }
        #expect(found == state)
        #expect(written.figures.lastBytes > state.count)
    }

    @Test("The last checkpoint of a run takes the place of one that is still on its way")
    func overtaking() {
        let keeper = keeper()
        let large = [UInt8](repeating: 7, count: 64 << 20)
        keeper.take(description(second: 1)) { write in large.withUnsafeBytes { write($0) } }
        finish(keeper, second: 2)
        var found: Int64?
        self.keeper().load(at: 1010) { found = $0.description.second }
        #expect(found == 2)
        #expect(!FileManager.default.fileExists(atPath: folder + "/checkpoint.partial"))
    }

    @Test(
        "What is damaged, of another version or of another kind is refused, put aside and counted",
        arguments: ["flip", "cut", "version", "kind", "empty"])
    func refused(_ damage: String) throws {
        finish(keeper())
        var bytes = try FileBytes.read(folder + "/checkpoint", expecting: "a checkpoint")
        switch damage {
        case "flip": bytes[bytes.count / 2] ^= 1
        case "cut": bytes.removeLast(5)
        case "version": bytes = SealedFile.seal(kind: "checkpoint", version: 9, description: [], body: [])
        case "kind": bytes = Array("something else\n".utf8)
        default: bytes = []
        }
        try FileBytes.writeDurably(bytes, to: folder + "/checkpoint")
        let keeper = keeper()
        var isTaken = false
        keeper.load(at: 1010) { _ in isTaken = true }
        #expect(!isTaken)
        #expect(keeper.figures.refusal != nil)
        #expect(keeper.figures.resumedFrom == nil)
        #expect(said.all.count == 1)
        #expect(FileManager.default.fileExists(atPath: folder + "/checkpoint.refused"))
        #expect(!FileManager.default.fileExists(atPath: folder + "/checkpoint"))
        if damage == "version" { #expect(keeper.figures.refusal?.contains("version 9") == true) }
    }

    @Test("A checkpoint from the future is refused: time would stand still until it is reached")
    func future() {
        finish(keeper(), second: 5000)
        let next = keeper()
        next.load(at: 1000) { _ in Issue.record("it was taken up") }
        #expect(next.figures.refusal?.contains("future") == true)
    }

    @Test("A state that the detector refuses is counted as refused, and no checkpoint is needed to begin")
    func refusedByDetector() {
        let first = keeper()
        first.load(at: 1000) { _ in Issue.record("there is none") }
        #expect(first.figures.refusal == nil)
        finish(first)
        let next = keeper()
        next.load(at: 1000) { _ throws(UserError) in throw UserError("of another layout") }
        #expect(next.figures.refusal == "of another layout")
    }

    @Test("A folder that cannot be written to is said once and counted every time")
    func unwritable() {
        let keeper = CheckpointKeeper(folder: "/proc/leptonnet-none", every: 60) { [said] in said.add($0) }
        finish(keeper)
        finish(keeper)
        #expect(keeper.figures.failed == 2)
        #expect(keeper.figures.failure != nil)
        #expect(said.all.count == 1)
    }

    @Test("Checkpoints are due by packet time, the first one an interval after the first second")
    func due() {
        let keeper = keeper()
        #expect(!keeper.isDue(Timestamp(seconds: 1000)))
        #expect(!keeper.isDue(Timestamp(seconds: 1059)))
        #expect(keeper.isDue(Timestamp(seconds: 1060)))
        // One is being written.
        #expect(!keeper.isDue(Timestamp(seconds: 2000)))
    }

    @Test("What an earlier version wrote, without withheld incidents and home networks, is still read")
    func earlier() throws {
        let description = #"{"firstKey":1,"second":1000,"secondKey":2,"suppressed":{"noise":3},"threshold":4.5}"#
        let bytes = SealedFile.seal(kind: "checkpoint", version: 1, description: Array(description.utf8), body: [7])
        let read = try Checkpoint(bytes)
        #expect(read.description.suppressed == ["noise": 3])
        #expect(read.description.hiddenIncidents == nil)
        #expect(read.description.homeNetworks == nil)
    }

    /// A detector that is left and gone on from by a checkpoint in the middle of a capture.
    private final class Changeover: EventObserver {
        private var detection: DetectionObserver
        private let next: DetectionObserver
        private let moment: Timestamp
        private(set) var checkpoint: Checkpoint?
        /// Alerts and incident records that came through, before the changeover and after it.
        private(set) var told = (before: 0, after: 0)

        init(_ first: DetectionObserver, _ next: DetectionObserver, at moment: Timestamp) {
            detection = first
            self.next = next
            self.moment = moment
        }

        var interests: FlowEventKinds { detection.interests }
        var hidden: [String: Int] { detection.hidden }

        func observe(_ event: StreamEvent, annotations: inout FlowAnnotations) {
            let before = annotations.alerts.count + annotations.incidents.count
            detection.observe(event, annotations: &annotations)
            let told = annotations.alerts.count + annotations.incidents.count - before
            if checkpoint == nil { self.told.before += told } else { self.told.after += told }
            guard checkpoint == nil, event.kind == .tick, event.time >= moment else { return }
            #expect(throws: Never.self) {
                let made = try detection.kept(at: event.time, in: TemporaryFolder.make("changeover"))
                checkpoint = made
                try next.restore(made)
            }
            detection = next
        }
    }

    @Test("Of an incident that is withheld nothing is said after a restart either, not even that it closed")
    func withheldIncident() throws {
        var hour = OrdinaryHour()
        for port in 1...300 {
            hour.connect("192.168.7.12", "192.168.7.15", UInt16(port), at: 3000 + Double(port) * 0.02, reply: false)
        }
        for second in stride(from: 3600, to: 3900, by: 20) {
            hour.connect("192.168.7.13", "203.0.113.9", 443, at: Double(second))
        }
        let run = try ReplayRun(hour.bytes)
        let withholding = "{host: 192.168.7.12, until: never, reason: our scanner}"
        func changeover(suppressions: SuppressionList?) throws -> Changeover {
            var settings = ReplaySettings()
            DetectionTests.detecting(&settings)
            settings.paths = [run.capture]
            settings.showsProgress = false
            let policy = try #require(settings.detection)
            settings.omitDetection()
            let make = {
                DetectionObserver(
                    policy: policy, hasher: LiveSecret(first: 1, second: 2).hasher, home: .privateAlone,
                    suppressions: suppressions)
            }
            let observer = Changeover(make(), make(), at: Timestamp(seconds: OrdinaryHour.start + 3100))
            _ = try Replay(settings, observers: [observer]).run()
            return observer
        }
        let open = try changeover(suppressions: nil)
        #expect(open.told.before > 0)
        #expect(open.told.after > 0)
        let list = try SuppressionList(path: run.file("suppress.yaml", "suppressions:\n  - " + withholding))
        let withheld = try changeover(suppressions: list)
        #expect(withheld.told == (0, 0))
        #expect(withheld.hidden["our scanner", default: 0] > 0)
        #expect(withheld.checkpoint?.description.hiddenIncidents?.count == 1)
    }
}
