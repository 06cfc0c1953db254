// What the traffic programs of the testbed are to send.

import Foundation
import Shaper

/// `leptonnet testbed trace`: one simulated trace as JSON, with an address and ports for each flow.
public struct TestbedTrace {
    private struct Flow: Encodable {
        var kind: String
        var start: Double
        var end: Double?
        /// Bit/s for flows of constant rate, bytes for the others.
        var amount: Double
        var phase: Double
        var source: String
        var sourcePort: Int
        var destination: String
        var destinationPort: Int
        var flagged: Double?
    }

    private struct Document: Encodable {
        var seed: UInt64
        var seconds: Double
        var interval: Double
        var fifoBuffer: Double
        var propagation: Double
        var devices: [String]
        var table: String
        /// Bit/s of each path in each interval.
        var capacity: [[Double]]
        var flows: [Flow]
    }

    private let seed: UInt64
    private let seconds: Double

    public init(seed: UInt64, seconds: Double) {
        self.seed = seed
        self.seconds = seconds
    }

    /// Prints the trace.
    public func run() {
        let trace = PacketReport.trace(seed: seed, seconds: seconds)
        let paths = trace.scenario.paths.indices
        let capacity = (0..<trace.scenario.intervals).map { interval in
            paths.map { path in
                let first = interval * Scenario.substepsPerInterval
                let sum = trace.capacity[first..<(first + Scenario.substepsPerInterval)].reduce(0) { $0 + $1[path] }
                return sum / Double(Scenario.substepsPerInterval)
            }
        }
        let document = Document(
            seed: seed, seconds: seconds, interval: Scenario.interval, fifoBuffer: trace.scenario.fifoBuffer,
            propagation: trace.scenario.paths[0].propagation, devices: paths.map { TestbedNetwork.device($0) },
            table: TestbedNetwork.table, capacity: capacity,
            flows: trace.flows.enumerated().map { Self.flow($1, index: $0) })
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        encoder.keyEncodingStrategy = .convertToSnakeCase
        guard let data = try? encoder.encode(document) else { preconditionFailure("Every number of a trace is finite") }
        Terminal.write(String(decoding: data, as: UTF8.self) + "\n", to: STDOUT_FILENO)
    }

    /// Attackers and flows that will be flagged by mistake have addresses of their own, since a detector flags addresses.
    private static func flow(_ demand: FlowDemand, index: Int) -> Flow {
        let host: Int
        switch (demand.kind, demand.flaggedAt.isFinite) {
        case (.attack, _): host = 128 + index % 64
        case (_, true): host = 192 + index % 60
        case (_, false): host = 64 + index % 20
        }
        return Flow(
            kind: "\(demand.kind)", start: demand.start, end: demand.end.isFinite ? demand.end : nil,
            amount: demand.kind.isElastic ? (demand.amount / 8).rounded() : demand.amount, phase: demand.phase,
            source: "198.18.0.\(host)", sourcePort: 10_000 + index, destination: "198.18.100.\(1 + index % 4)",
            destinationPort: TestbedNetwork.port(demand.kind),
            flagged: demand.flaggedAt.isFinite ? demand.flaggedAt : nil)
    }
}
