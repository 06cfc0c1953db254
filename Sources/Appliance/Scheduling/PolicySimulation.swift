// Running the scheduling simulator on request.

import Glibc
import Learning
import Outputs
import Shaper

/// `leptonnet simulate`: runs a suite of the scheduling simulator and prints its figures.
public struct PolicySimulation {
    /// The suites by name.
    public static let suites = SimulationSuite.allCases.map(\.rawValue)

    private let suite: SimulationSuite
    private let weights: [String]
    private let pictures: String?

    /// - Parameters:
    ///   - suite: one of `suites`.
    ///   - weights: weights files of learned policies, for the suites that judge one.
    ///   - pictures: folder for the suite's SVG pictures; nil draws none.
    public init(suite: String, weights: [String], pictures: String?) throws(UserError) {
        guard let suite = SimulationSuite(rawValue: suite) else {
            throw UserError("there is no suite '\(suite)'; there are \(Self.suites.joined(separator: ", "))")
        }
        self.suite = suite
        self.weights = weights
        self.pictures = pictures
    }

    /// Runs the suite and prints the figures.
    ///
    /// - Parameter json: prints one JSON object instead of tables.
    /// - Returns: whether every figure that the suite checks lies where it must.
    public func run(json: Bool) throws(UserError) -> Bool {
        var policies: [DeepQPolicy] = []
        for path in weights { policies.append(try Self.policy(path)) }
        let report: SuiteReport
        do {
            report = try suite.run(policies: policies) { step in
                if isatty(STDERR_FILENO) == 1 { Terminal.write("\r\u{1b}[K\(step)", to: STDERR_FILENO) }
            }
        } catch {
            throw UserError("\(error); see --weights and `leptonnet train policy`")
        }
        if isatty(STDERR_FILENO) == 1 { Terminal.write("\r\u{1b}[K", to: STDERR_FILENO) }
        Terminal.write(json ? report.json + "\n" : report.text, to: STDOUT_FILENO)
        if let pictures {
            do {
                try OutputDirectory.prepare(pictures)
            } catch {
                throw UserError("\(error)")
            }
            for picture in report.pictures {
                try FileBytes.write(Array(picture.svg.utf8), to: "\(pictures)/\(picture.name).svg")
            }
        }
        return report.passed
    }

    /// Reads the weights file of a learned policy for the reference site's three paths.
    static func policy(_ path: String) throws(UserError) -> DeepQPolicy {
        let bytes = try FileBytes.read(path, expecting: "a weights file of `leptonnet train policy`")
        do {
            return try DeepQPolicy(weights: SafetensorsFile(bytes: bytes), paths: Scenario.threePaths.count)
        } catch {
            throw UserError("\(path): \(error)")
        }
    }
}
