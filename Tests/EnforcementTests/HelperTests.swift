// The whole program in mode auto: its helper, its end, and its crash.

import Enforcement
import Foundation
import Testing

@testable import Advice
@testable import Appliance

/// The program that this test run built, as users start it.
private let binary: String? = {
    let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let built = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../.build/debug")
    return [own, built].map { $0.appending(path: "leptonnet").path }.first { access($0, X_OK) == 0 }
}()

@Suite(
    .enabled(if: PrivateNetwork.isPossible && binary != nil, PrivateNetwork.reason), .serialized)
struct HelperTests {
    /// Files of one run, and the process.
    private struct Run {
        let folder: String
        let site: String

        init() throws {
            folder = try PrivateNetwork.folder()
            site = folder + "/site.yaml"
            try Data(
                """
                protected: {own: [203.0.113.2], gateways: [203.0.113.1], dns: []}
                paths:
                  - {name: one, interface: wan0, next-hop: 192.0.2.1, rate: 20Mbit, delay: 10ms}
                  - {name: two, interface: wan1, next-hop: 192.0.2.5, rate: 10Mbit, delay: 10ms}
                  - {name: three, interface: wan2, next-hop: 192.0.2.9, rate: 10Mbit, delay: 10ms}
                destinations: [198.18.0.0/15]
                networks: [10.0.0.0/8]
                """.utf8
            ).write(to: URL(filePath: site))
        }

        func file(_ recommendation: Recommendation) throws -> String {
            let path = "\(folder)/\(recommendation.decision).json"
            try Data(RecommendationFile(recommendation).bytes()).write(to: URL(filePath: path))
            return path
        }

        /// Starts `leptonnet enforce` in this thread's network.
        func start(_ files: [String]) throws -> pid_t {
            var process: pid_t = 0
            let arguments = [binary!, "enforce"] + files + ["--site", site, "--state", folder + "/state"]
            var copies: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
            defer { for copy in copies { free(copy) } }
            try #require(posix_spawn(&process, binary!, nil, nil, &copies, environ) == 0)
            return process
        }
    }

    private static func wait(_ process: pid_t) -> Int32 {
        var state: Int32 = 0
        waitpid(process, &state, 0)
        return state
    }

    private static func until(_ condition: () throws -> Bool) throws -> Bool {
        for _ in 0..<200 {
            if try condition() { return true }
            usleep(50_000)
        }
        return false
    }

    private static func hasTable(_ recommendation: Recommendation) throws -> Bool {
        try Program.nft.run(["list", "table", "inet", recommendation.name]).isSuccess
    }

    /// Processes whose parent is the given one.
    private static func children(of process: pid_t) -> [pid_t] {
        let text = try? String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)
        return (text ?? "").split(separator: " ").compactMap { pid_t($0) }
    }

    private static func capabilities(of process: pid_t) -> UInt64? {
        let text = try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
        return text?.split(separator: "\n").first { $0.hasPrefix("CapEff:") }
            .flatMap { UInt64($0.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16) }
    }

    @Test("Only the helper may change the network, and all is undone on stop")
    func onlyTheHelperMayChangeTheNetworkAndAllIsUndoneOnStop() async throws {
        let recommendation = try SampleRules.filter(.limit)
        try await PrivateNetwork.run {
            let run = try Run()
            let before = try NetworkSandbox.snapshot(interfaces: [])
            let process = try run.start([try run.file(recommendation)])
            #expect(try Self.until { try Self.hasTable(recommendation) })
            let helper = try #require(Self.children(of: process).first)
            let netAdmin: UInt64 = 1 << 12
            #expect(Self.capabilities(of: helper) == netAdmin)
            #expect((Self.capabilities(of: process) ?? netAdmin) & netAdmin == 0)
            kill(process, SIGTERM)
            #expect(Self.wait(process) == 0)
            #expect(try NetworkSandbox.snapshot(interfaces: []) == before)
        }
    }

    @Test("The next start undoes what killed processes left")
    func theNextStartUndoesWhatKilledProcessesLeft() async throws {
        let recommendations = try [SampleRules.filter(.drop), SampleRules.shape(), SampleRules.route([20, 10, 10])]
        try await PrivateNetwork.run {
            let run = try Run()
            let interfaces = ["wan0", "wan1", "wan2"]
            for (index, interface) in interfaces.enumerated() {
                try NetworkSandbox.addPair(interface, "far\(index)")
                try Program.ip.require(["route", "add", "192.0.2.\(index * 4 + 1)", "dev", interface])
            }
            let before = try NetworkSandbox.snapshot(interfaces: interfaces)
            let process = try run.start(try recommendations.map { try run.file($0) })
            #expect(
                try Self.until {
                    try Self.hasTable(recommendations[0])
                        && Program.ip.run(["route", "show", "198.18.0.0/15"]).output.contains("nhid")
                })
            let helper = try #require(Self.children(of: process).first)
            // The helper first: it would undo everything if it saw its appliance go.
            kill(helper, SIGKILL)
            kill(process, SIGKILL)
            _ = Self.wait(process)
            #expect(try NetworkSandbox.snapshot(interfaces: interfaces) != before)
            let next = try run.start([])
            #expect(Self.wait(next) == 0)
            #expect(try NetworkSandbox.snapshot(interfaces: interfaces) == before)
        }
    }

    @Test("The helper undoes everything when its appliance is killed")
    func theHelperUndoesEverythingWhenItsApplianceIsKilled() async throws {
        let recommendation = try SampleRules.filter(.limit)
        try await PrivateNetwork.run {
            let run = try Run()
            let before = try NetworkSandbox.snapshot(interfaces: [])
            let process = try run.start([try run.file(recommendation)])
            #expect(try Self.until { try Self.hasTable(recommendation) })
            kill(process, SIGKILL)
            _ = Self.wait(process)
            #expect(try Self.until { try NetworkSandbox.snapshot(interfaces: []) == before })
        }
    }

    @Test("What the gate refuses is not applied by the helper either")
    func whatTheGateRefusesIsNotAppliedByTheHelperEither() async throws {
        let recommendation = try SampleRules.filter(.limit)
        try await PrivateNetwork.run {
            let run = try Run()
            let path = try run.file(recommendation)
            // The same file at a site where its source is the gateway.
            let text = try String(contentsOfFile: run.site, encoding: .utf8)
            try text.replacing("203.0.113.1]", with: "198.51.100.7]").write(
                toFile: run.site, atomically: true, encoding: .utf8)
            let process = try run.start([path])
            #expect(Self.wait(process) == 0)
            #expect(try !Self.hasTable(recommendation))
        }
    }
}
