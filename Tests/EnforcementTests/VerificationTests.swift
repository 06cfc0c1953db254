// Every kind of recommendation, proven in the kernel: counters as predicted, everything as before.

import Enforcement
import Testing

@testable import Advice
@testable import Appliance

@Suite(.enabled(if: PrivateNetwork.isPossible, PrivateNetwork.reason), .serialized)
struct VerificationTests {
    private func prove(_ recommendation: Recommendation) async throws {
        let (comparisons, isRestored) = try await PrivateNetwork.run {
            try NetworkSandbox.addPair("other0", "other1")
            try Program.nft.require(
                ["-f", "-"], input: "table inet others {\nchain c {\ntype filter hook input priority 0;\n}\n}\n")
            let (comparisons, isRestored) = try Verification(recommendation).prove()
            return (comparisons.map { ($0.figure, $0.predicted, $0.counted, $0.holds) }, isRestored)
        }
        #expect(isRestored)
        #expect(!comparisons.isEmpty)
        for (figure, predicted, counted, holds) in comparisons {
            #expect(holds, "\(figure): predicted \(predicted), counted \(counted)")
        }
    }

    @Test(
        "A filter drops what its blast radius says", arguments: FilterRule.Effect.allCases,
        ["198.51.100.7", "2001:db8:7::7"])
    func aFilterDropsWhatItsBlastRadiusSays(_ effect: FilterRule.Effect, _ source: String) async throws {
        try await prove(try SampleRules.filter(effect, source: source, isNamed: effect != .limitPerSource))
    }

    @Test(
        "A limit in packets drops what its blast radius says", arguments: [FilterRule.Effect.limit, .limitPerSource])
    func aLimitInPacketsDropsWhatItsBlastRadiusSays(_ effect: FilterRule.Effect) async throws {
        try await prove(try SampleRules.filter(effect, isNamed: effect == .limit, unit: .packets))
    }

    @Test("Queues put each packet into the class of the site file")
    func queuesPutEachPacketIntoTheClassOfTheSiteFile() async throws {
        try await prove(try SampleRules.shape())
    }

    @Test("Flows are spread by weight", arguments: [[20, 10, 10], [64, 1, 0], [7, 5, 3]])
    func flowsAreSpreadByWeight(_ weights: [Int]) async throws {
        try await prove(try SampleRules.route(weights))
    }
}
