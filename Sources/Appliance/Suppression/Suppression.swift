// Alerts that the operator does not want to see.

import Anomaly
import NetTypes

/// What suppression looks at in an alert, whether it is being raised or was read from a log.
struct SuppressionSubject {
    var time: Timestamp
    var source: IPAddress
    var target: IPAddress
    var targetPort: UInt16
    var transport: UInt8
    var signatureID: UInt32

    /// The family whose rule raised it.
    var family: String? {
        guard signatureID >= Self.firstSignature, signatureID - Self.firstSignature <= UInt32(UInt8.max) else {
            return nil
        }
        return FeatureFamily(rawValue: UInt8(signatureID - Self.firstSignature)).map { "\($0.name)" }
    }

    private static let firstSignature: UInt32 = 9_100_001
}

extension SuppressionSubject {
    init(_ alert: Alert) {
        self.init(
            time: alert.time, source: alert.source, target: alert.target, targetPort: alert.targetPort,
            transport: alert.transport, signatureID: alert.signatureID)
    }

    /// Nil for a line whose time or addresses cannot be read.
    init?(_ alert: LoggedAlert) {
        guard let time = alert.time, let source = alert.source, let target = alert.target else { return nil }
        self.init(
            time: time, source: source, target: target, targetPort: alert.alert.target.port ?? 0,
            transport: alert.transport, signatureID: alert.alert.signatureId)
    }
}

/// One entry of a suppression file: everything it names must agree.
struct Suppression: Sendable {
    /// Either side.
    var host: AddressPattern?
    /// The one side and the other, whichever is the source.
    var pair: (AddressPattern, AddressPattern)?
    var service: ServicePattern?
    /// A family or a signature; `*` at the end stands for anything.
    var rule: String?
    /// Until this moment of packet time; nil for always.
    var expiry: Timestamp?
    var reason: String
    var line: Int

    func hides(_ alert: SuppressionSubject) -> Bool {
        if let expiry, alert.time >= expiry { return false }
        if let host, !host.matches(alert.source), !host.matches(alert.target) { return false }
        if let (one, other) = pair {
            let isForward = one.matches(alert.source) && other.matches(alert.target)
            guard isForward || one.matches(alert.target) && other.matches(alert.source) else { return false }
        }
        if let service, !service.matches(transport: alert.transport, port: alert.targetPort) { return false }
        if let rule { return Self.matches(rule, alert.family ?? "") || Self.matches(rule, "\(alert.signatureID)") }
        return true
    }

    private static func matches(_ pattern: String, _ name: String) -> Bool {
        pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
    }

    /// Whether it would hide every alert.
    var isEverything: Bool {
        (host?.isEverything ?? true) && (pair.map { $0.0.isEverything && $0.1.isEverything } ?? true)
            && (service?.isEverything ?? true) && (rule.map { $0 == "*" } ?? true)
    }
}
