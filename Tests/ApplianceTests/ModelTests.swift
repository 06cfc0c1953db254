// Models that are saved, kept in versions and taken up again.

import Appliance
import Foundation
import NetTypes
import TestSupport
import Testing

@Suite("Saved models")
struct ModelTests {
    private static let start: Int64 = 1_700_000_000

    /// Two hours of clients and servers with a long silence between, as two captures and as one. The first ends with an
    /// ARP packet after the silence, so that no flow is alive where it is cut.
    private static func captures() -> (first: [UInt8], second: [UInt8], whole: [UInt8]) {
        var generator = SeededGenerator(seed: 9)
        var parts: [[(time: Int64, frame: [UInt8])]] = [[], []]
        for part in 0...1 {
            for second in stride(from: 0, to: 3000, by: 3) {
                let at = (start + Int64(part * 7200 + second)) * 1_000_000_000
                let client = "192.168.7.\(10 + generator.next() % 12)"
                let server = generator.next() & 1 == 0 ? "198.51.100.5" : "203.0.113.9"
                let port = UInt16(20_000 + generator.next() % 12_000)
                let isScan = part == 1 && second > 2000 && second < 2120
                for (delay, up, flags) in [(0, true, TCPFlags.syn), (1, false, [.syn, .ack]), (30, true, .rst)] {
                    let (from, to) = up ? (client, server) : (server, client)
                    let ports: (UInt16, UInt16) = up ? (port, 443) : (443, port)
                    let segment = PacketBytes.tcp(ports.0, ports.1, flags: flags)
                    parts[part].append(
                        (
                            at + Int64(delay) * 1_000_000,
                            PacketBytes.ethernet(0x0800, payload: PacketBytes.ipv4(from, to, 6, payload: segment))
                        ))
                }
                guard isScan else { continue }
                for step in 0..<40 {
                    let segment = PacketBytes.tcp(50_000, UInt16(second * 10 + step), flags: .syn)
                    parts[part].append(
                        (
                            at + Int64(step + 40) * 1_000_000,
                            PacketBytes.ethernet(
                                0x0800,
                                payload: PacketBytes.ipv4("192.168.7.12", "192.168.7.15", 6, payload: segment))
                        ))
                }
            }
        }
        let arp = PacketBytes.ethernet(
            0x0806,
            payload: [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 192, 168, 7, 1, 0, 0, 0, 0, 0, 0, 192, 168, 7, 2])
        parts[0].append(((start + 7000) * 1_000_000_000, arp))
        func file(_ packets: [(time: Int64, frame: [UInt8])]) -> [UInt8] {
            var file = PcapBytes()
            for packet in packets.sorted(by: { $0.time < $1.time }) {
                file.add(packet.frame, time: Timestamp(nanoseconds: packet.time))
            }
            return file.bytes
        }
        return (file(parts[0]), file(parts[1]), file(parts[0] + parts[1]))
    }

    private static func settings(_ settings: inout ReplaySettings, models: String = "") {
        #expect(settings.useModels(models) == nil)
        // Beside the nearest known shapes the models have little to add.
        #expect(settings.dropFeatures("shape.kind,shape.direction") == nil)
        let isDuration = settings.setBaseline("40m")
        #expect(isDuration)
        let selection = EventSelection("flow,alert")
        #expect(selection != nil)
        if let selection { settings.select(selection) }
    }

    /// Trains on a capture into a folder.
    private func train(
        _ run: ReplayRun, _ folder: String, continues: Bool = false, models: String = ""
    ) throws -> Int {
        var settings = ReplaySettings()
        settings.paths = [run.capture]
        settings.showsProgress = false
        Self.settings(&settings, models: models)
        return try DetectorTraining(settings, folder: folder, continues: continues).run().version
    }

    /// When, against whom and why, of every alert.
    private static func alerts(_ logs: [ReplayRun.Logs]) throws -> [String] {
        try logs.flatMap { try $0.lines() }.filter { $0["event_type"] as? String == "alert" }.map { line in
            let alert = line["alert"] as? [String: Any] ?? [:]
            return
                "\(line["timestamp"] ?? "") \(line["src_ip"] ?? "") \(line["dest_ip"] ?? "") \(alert["signature"] ?? "")"
        }
    }

    @Test(
        "A replay that goes on from a saved model writes what an uninterrupted one does, byte for byte, with any models",
        arguments: [
            "", "trees", "autoencoders", "subspace", "density", "sequence",
            "trees,autoencoders,subspace,density,sequence",
        ])
    func goesOn(models: String) throws {
        let captures = Self.captures()
        let first = try ReplayRun(captures.first)
        let folder = first.path("models")
        #expect(try train(first, folder, models: models) == 1)
        let beginning = try first.replay { Self.settings(&$0, models: models) }
        let end = try ReplayRun(captures.second).replay { settings in
            Self.settings(&settings, models: models)
            #expect(throws: Never.self) { try settings.apply(model: folder) }
        }
        let entire = try ReplayRun(captures.whole)
        let whole = try entire.replay { Self.settings(&$0, models: models) }
        #expect(try !Self.alerts([whole]).isEmpty)
        #expect(try Self.alerts([beginning, end]) == Self.alerts([whole]))
        // The supplement numbers a run's lines, so the lines of EVE are what must be equal, byte for byte.
        #expect(beginning.eve + end.eve == whole.eve)
        // The models have a say, or this would prove nothing about them; trees and the subspace find nothing strange in traffic
        // as even as this, so they are judged with the others.
        let isSilent = ["", "trees", "subspace"].contains(models)
        if !isSilent { #expect(try entire.replay { Self.settings(&$0) }.eve != whole.eve) }
    }

    @Test("Training on the rest goes on from the version in use, and a rollback brings the earlier one back")
    func versions() throws {
        let captures = Self.captures()
        let first = try ReplayRun(captures.first)
        let folder = first.path("models")
        #expect(try train(first, folder) == 1)
        #expect(try train(ReplayRun(captures.second), folder, continues: true) == 2)
        let store = ModelStore(folder: folder)
        #expect(try store.show(nil).contains("Version 2"))
        #expect(try store.show(nil).contains("version 1"))
        #expect(try store.rollBack(to: nil) == 1)
        #expect(try store.show(nil).contains("Version 1"))
        #expect(try store.list().split(separator: "\n").count == 3)
        #expect(throws: UserError.self) { try store.rollBack(to: 7) }
        #expect(throws: UserError.self) { try store.rollBack(to: nil) }
    }

    @Test("A model of two trainings on the same captures has the same bytes")
    func repeatable() throws {
        let run = try ReplayRun(Self.captures().first)
        let folders = [run.path("one"), run.path("two")]
        for folder in folders { #expect(try train(run, folder) == 1) }
        let files = try folders.map { try Data(contentsOf: URL(fileURLWithPath: $0 + "/model-000001.leptonnet")) }
        #expect(files[0] == files[1])
    }

    @Test("A damaged file, a missing folder and another secret are refused")
    func refuses() throws {
        let run = try ReplayRun(Self.captures().first)
        let folder = run.path("models")
        _ = try train(run, folder)
        let path = folder + "/model-000001.leptonnet"
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(throws: UserError.self) {
            try run.replay { settings in
                settings.seed = 5
                do { try settings.apply(model: folder) } catch { Issue.record("a sound model was refused: \(error)") }
            }
        }
        bytes[bytes.count / 2] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        var settings = ReplaySettings()
        do {
            try settings.apply(model: folder)
            Issue.record("accepted")
        } catch {
            #expect(error.description.contains("checksum"))
        }
        #expect(throws: UserError.self) { try settings.apply(model: run.path("nowhere")) }
    }
}
