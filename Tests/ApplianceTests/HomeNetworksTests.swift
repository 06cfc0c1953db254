// A site with public addresses, from its configuration to its alerts.

import Capture
import Configuration
import Foundation
import NetTypes
import Outputs
import TestSupport
import Testing

@testable import Appliance

@Suite("Home networks of a site")
struct HomeNetworksTests {
    /// Two octets at the beginning of every address of the recorded site, and others that are public (RFC 2544).
    private static let recorded: [UInt8] = [10, 77]
    private static let moved: [UInt8] = [198, 18]

    /// The site's branch office of fixtures/labelled, as it is or with its private addresses replaced by public ones: in IPv4
    /// and ARP headers, and where DNS says them. Checksums stay as they are: the decoder does not mind them.
    private static func capture(isMoved: Bool) throws -> [UInt8] {
        let path = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../fixtures/labelled/branch_1.pcap.zst").standardizedFileURL.path
        let source = try CaptureOpener.open(paths: [path], filter: nil)
        let batch = FrameBatch(capacity: 1024, storageCapacity: 1 << 22)
        var file = PcapBytes(resolution: .nanoseconds)
        while true {
            batch.clear()
            let state = source.read(into: batch)
            for index in 0..<batch.count {
                var bytes = Array(batch[index].bytes)
                if isMoved { move(&bytes) }
                file.add(bytes, time: batch[index].time, wireLength: batch[index].wireLength)
            }
            if state == .finished { return file.bytes }
        }
    }

    private static func move(_ frame: inout [UInt8]) {
        guard frame.count >= 34 else { return }
        switch (frame[12], frame[13]) {
        case (8, 0):
            replace(&frame, at: 26)
            replace(&frame, at: 30)
            let payload = 14 + Int(frame[14] & 15) * 4
            guard frame[23] == 17, frame.count > payload + 8, frame[payload..<(payload + 4)].contains(53) else {
                return
            }
            for place in (payload + 8)..<frame.count { replace(&frame, at: place) }
        case (8, 6):
            replace(&frame, at: 28)
            replace(&frame, at: 38)
        default: break
        }
    }

    private static func replace(_ frame: inout [UInt8], at place: Int) {
        guard frame.count >= place + 4, Array(frame[place..<(place + 2)]) == recorded else { return }
        frame.replaceSubrange(place..<(place + 2), with: moved)
    }

    /// When alerts came and which hosts of the site they name, with moved addresses moved back. Not the outside party and the
    /// score's last digits: records that end in one second come in the order of their flows' hashes, and those of their
    /// addresses.
    private func alerts(isMoved: Bool, _ networks: String?) throws -> [String] {
        let logs = try ReplayRun(Self.capture(isMoved: isMoved)).replay { settings in
            let isDuration = settings.setBaseline("420s")
            #expect(isDuration)
            if let networks { #expect(throws: Never.self) { try settings.setHomeNetworks(networks) } }
        }
        return try logs.lines().filter { $0["event_type"] as? String == "alert" }.map { line in
            let parties = ["src_ip", "dest_ip"].map { side in
                (line[side] as? String ?? "").replacing(/^198\.18\./, with: "10.77.")
            }
            return "\(line["timestamp"] ?? "") \(parties.filter { $0.hasPrefix("10.77.") })"
        }
    }

    @Test("A site with public addresses that are named as its own has the alerts of the same site with private ones")
    func sameAlerts() throws {
        let recorded = try alerts(isMoved: false, nil)
        #expect(recorded.count > 5)
        #expect(try alerts(isMoved: true, "198.18.0.0/16") == recorded)
        // Unnamed, its hosts are strangers.
        #expect(try alerts(isMoved: true, nil) != recorded)
    }

    private func read(_ text: String) throws -> LiveSettings {
        var settings = LiveSettings()
        try settings.apply(ConfigurationNode(parsing: text, path: "x.yaml"))
        return settings
    }

    @Test("The configuration names them for detection and outputs, and a mistake is told with its line")
    func configuration() throws {
        let settings = try read("home-networks: [203.0.113.0/24, \"!10.9.0.0/16\"]\n")
        #expect(settings.analysis.homeNetworks.description == "203.0.113.0/24,!10.9.0.0/16")
        #expect(settings.analysis.eveOptions.homeNetworks == settings.analysis.homeNetworks)
        for (text, words) in [
            ("home-networks:\n  - 203.0.113.0/24\n  - 203.0.113.7/25\n", "x.yaml:3: '203.0.113.7/25' has bits beyond"),
            ("home-networks: [!10.9.0.0/16]\n", "what begins with ! stands in quotes"),
            ("home-networks:\n  - !10.9.0.0/16\n", "x.yaml:2: '' is neither an address nor a range"),
            ("home-networks: 203.0.113.0/24\n", "x.yaml:1: expected a list here"),
        ] {
            do {
                _ = try read(text)
                Issue.record("\(text) was taken")
            } catch {
                #expect("\(error)".contains(words), "\(error)")
            }
        }
    }

    @Test("A changed list is taken over after a restart only, and a reload says so")
    func reload() throws {
        let before = try read("home-networks: [203.0.113.0/24]\n")
        let after = try read("home-networks: [203.0.113.0/24, 198.51.100.0/24]\n")
        #expect(before.analysisFingerprint != after.analysisFingerprint)
        #expect(try before.analysisFingerprint == read("home-networks: [203.0.113.0/24]\n").analysisFingerprint)
    }

    @Test("What was learned with other home networks is refused, and says both lists")
    func otherNetworks() throws {
        func observer(_ networks: [String]) throws -> DetectionObserver {
            DetectionObserver(
                policy: try #require(ReplaySettings().detection), hasher: FlowHasher(firstKey: 1, secondKey: 2),
                home: try HomeNetworks(networks), suppressions: nil)
        }
        let first = try observer(["203.0.113.0/24"])
        let kept = try first.kept(at: Timestamp(seconds: 1000), in: TemporaryFolder.make("networks"))
        #expect(throws: Never.self) { try observer(["203.0.113.0/24"]).restore(kept) }
        do {
            try observer([]).restore(kept)
            Issue.record("it was taken up")
        } catch {
            #expect("\(error)" == "it was made with other home networks (203.0.113.0/24) than these (none named)")
        }
    }
}
