// From packets to recommendations, and through their files.

import Foundation
import NetTypes
import Testing

@testable import Advice
@testable import Appliance

struct RecommendationTests {
    private static let capture = DetectionTests.capture(scan: true)

    /// What a capture with a port scan leads to.
    private func report(protecting allowed: String = "192.0.2.1", workers: Int = 1) throws -> RecommendationReport {
        let folder = NSTemporaryDirectory() + "recommend-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data(Self.capture).write(to: URL(filePath: folder + "/capture.pcap"))
        let site = """
            networks: [192.168.7.0/24]
            protected: {own: [], gateways: [], dns: [], allow: [\(allowed)]}
            paths:
              - {name: fibre, interface: wan0, next-hop: 192.0.2.5, rate: 20Mbit, delay: 10ms}
              - {name: cable, interface: wan1, next-hop: 192.0.2.9, rate: 10Mbit, delay: 20ms}
            destinations: [198.51.100.0/24]
            """
        try Data(site.utf8).write(to: URL(filePath: folder + "/site.yaml"))
        var settings = ReplaySettings()
        settings.paths = [folder + "/capture.pcap"]
        settings.workers = workers
        settings.showsProgress = false
        let isDuration = settings.setBaseline("20m")
        #expect(isDuration)
        return try RecommendationRun(settings, site: SiteFile(path: folder + "/site.yaml")).run()
    }

    @Test func aScanIsLimitedInPacketsAtItsSourceAndTheCaptureDecidesEveryByte() throws {
        let first = try report()
        let filter = try #require(first.recommendations.first { $0.proposal.filter != nil })
        let rule = try #require(filter.proposal.filter)
        #expect(rule.sources == [IPPrefix("192.168.7.12")!])
        #expect(rule.effect == .limit && rule.unit == .packets)
        #expect(filter.proposal.blastRadius.packetsDropped > 0)
        #expect(!filter.proposal.reasons.isEmpty)
        #expect(first.recommendations.contains { $0.proposal.shape != nil })
        #expect(first.recommendations.contains { $0.proposal.route != nil })
        let again = try report(workers: 2)
        #expect(
            again.recommendations.map { RecommendationFile($0).bytes() }
                == first.recommendations.map { RecommendationFile($0).bytes() })
    }

    @Test func anAllowListedScannerIsNotLimitedAndTheRefusalSaysWhy() throws {
        let refusals = try report(protecting: "192.168.7.12").outcomes.compactMap { outcome -> Refusal? in
            if case .refused(let refusal, _, _) = outcome { refusal } else { nil }
        }
        #expect(refusals.map(\.invariant) == [.protectedHost])
        #expect(refusals.first?.explanation.contains("allow-listed host 192.168.7.12") == true)
    }

    @Test func aFileGivesItsRecommendationBackAndAChangedOneIsRefused() throws {
        let recommendation = try #require(try report().recommendations.first { $0.proposal.filter != nil })
        let bytes = RecommendationFile(recommendation).bytes()
        let gate = Gate(site: recommendation.site)
        #expect(try RecommendationFile.recommendation(bytes, path: "r.json", gate: gate) == recommendation)
        let text = String(decoding: bytes, as: UTF8.self)
        let changed = text.replacing("\"lifetime\" : 900", with: "\"lifetime\" : 901")
        #expect(changed != text)
        #expect(throws: UserError.self) {
            try RecommendationFile.recommendation(Array(changed.utf8), path: "r.json", gate: gate)
        }
        let own = changed.replacing("\"decision\" : \"\(recommendation.decision)\",", with: "")
        #expect(
            try RecommendationFile.recommendation(Array(own.utf8), path: "r.json", gate: gate).proposal.lifetime == 901)
    }

    @Test(arguments: ["", "{}", "[1]", "{\"format\":1,\"recommendation\":{}}", "nonsense", "{\"format\":1e999}"])
    func whatIsNoRecommendationIsSaidSo(_ text: String) {
        #expect(throws: UserError.self) {
            try RecommendationFile.recommendation(Array(text.utf8), path: "r.json", gate: Gate(site: Site()))
        }
    }
}
