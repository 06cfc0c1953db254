// What the runs of the testbed came to.

import Foundation
import Glibc
import Shaper

/// `leptonnet testbed report`: reads the measurements of a folder and prints the paired table.
public struct TestbedReport {
    /// What scripts/testbed.d/traffic.py writes for a run.
    private struct Measurement: Decodable {
        var policy: String
        var seed: UInt64
        var seconds: Double
        var meanLatency: Double
        var realTimeLatency: Double
        var realTimeLatency99: Double
        var legitimateLoss: Double
        var realTimeLoss: Double
        var usefulUtilisation: Double
        var webCompletionTime: Double
        var webCompletionTime99: Double
        var attackBytesPassed: Double?
    }

    private let folder: String
    private let weights: String?

    public init(folder: String, weights: String?) {
        self.folder = folder
        self.weights = weights
    }

    /// Prints tables, or one JSON object.
    public func run(json: Bool) throws(UserError) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        var runs: [PacketRun] = []
        var seconds: Double?
        for name in names.sorted() where name.hasSuffix(".result.json") {
            let bytes = try FileBytes.read("\(folder)/\(name)", expecting: "a measurement of scripts/testbed")
            guard let one = try? decoder.decode(Measurement.self, from: Data(bytes)) else {
                throw UserError("\(folder)/\(name): no measurement of scripts/testbed; delete it and run it again")
            }
            if let seconds, seconds != one.seconds {
                throw UserError(
                    "\(folder)/\(name): lasted \(one.seconds) s and others \(seconds) s; use another folder")
            }
            seconds = one.seconds
            runs.append(
                PacketRun(
                    policy: one.policy, seed: one.seed,
                    metrics: RunMetrics(
                        meanLatency: one.meanLatency, realTimeLatency: one.realTimeLatency,
                        realTimeLatency99: one.realTimeLatency99, legitimateLoss: one.legitimateLoss,
                        realTimeLoss: one.realTimeLoss, usefulUtilisation: one.usefulUtilisation,
                        webCompletionTime: one.webCompletionTime, webCompletionTime99: one.webCompletionTime99,
                        attackBytesPassed: one.attackBytesPassed)))
        }
        guard let seconds else { throw UserError("\(folder): holds no measurement; run scripts/testbed first") }
        let learned: DeepQPolicy?
        if let weights { learned = try PolicySimulation.policy(weights) } else { learned = nil }
        let report = PacketReport(runs, seconds: seconds, policy: learned).make()
        Terminal.write(json ? report.json : report.text, to: STDOUT_FILENO)
    }
}
