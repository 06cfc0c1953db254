// An alert as it stands in the log.

import Anomaly
import Configuration
import Foundation
import NetTypes

/// An EVE `alert` line of this program, as far as the commands that work on alerts need it.
struct LoggedAlert: Decodable {
    struct Party: Decodable {
        let ip: String
        let port: UInt16?
    }

    struct Contribution: Decodable {
        let feature: String
        let value: Double
        let expected: Double
        let score: Double
    }

    struct Counterfactual: Decodable {
        let feature: String
        let atMost: Double
    }

    struct Nearest: Decodable {
        let distance: Double
        let flows: Int
        let pktsToserver: Double
        let pktsToclient: Double
        let bytesToserver: Double
        let bytesToclient: Double
        let seconds: Double
    }

    struct Evidence: Decodable {
        let incidentId: String
        let incidentStage: String
        let incidentAlerts: Int
        let level: String?
        let risk: Int
        let score: Double
        let threshold: Double
        let contributions: [Contribution]
        let counterfactual: [Counterfactual]
        let nearest: Nearest?
    }

    struct Context: Decodable {
        let leptonnet: Evidence
    }

    struct Body: Decodable {
        let signatureId: UInt32
        let signature: String
        let category: String
        let severity: UInt8
        let source: Party
        let target: Party
        let metadata: [String: [String]]?
        let context: Context
    }

    struct Flow: Decodable {
        let start: String
    }

    let timestamp: String
    let flowId: UInt64?
    let proto: String?
    let srcIp: String
    let srcPort: UInt16?
    let destIp: String
    let destPort: UInt16?
    let alert: Body
    let flow: Flow?

    var evidence: Evidence { alert.context.leptonnet }

    /// Incident and number within it: what commands take and print.
    var identifier: String { "\(evidence.incidentId).\(evidence.incidentAlerts)" }

    var time: Timestamp? { MomentText.timestamp(timestamp) }

    var source: IPAddress? { IPAddress(alert.source.ip) }

    var target: IPAddress? { IPAddress(alert.target.ip) }

    /// IANA number; zero for ARP.
    var transport: UInt8 {
        guard let proto else { return 0 }
        return (0...UInt8.max).first { IPProtocol.name($0).map { "\($0)" == proto } ?? false } ?? UInt8(proto) ?? 0
    }

    /// The level, also for logs that do not name it.
    var level: AlertLevel {
        evidence.level.flatMap { AlertLevel(rawValue: $0) } ?? AlertLevel(severity: alert.severity, risk: evidence.risk)
    }
}
