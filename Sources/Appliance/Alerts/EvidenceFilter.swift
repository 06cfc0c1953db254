// Which packets are behind an alert.

import Anomaly
import Configuration
import NetTypes

/// Picks the packets of the patterns that an alert's main evidence is about, within its windows.
///
/// The alert's own flow always counts. A contribution of a fifth of the score or more adds the packets that its feature
/// saw: between the pair, from the client to the port, to the port of the server, at the host.
struct EvidenceFilter {
    private struct Pattern {
        var client: IPAddress?
        var server: IPAddress?
        var port: UInt16?
        var clientPort: UInt16?
    }

    let window: ClosedRange<Timestamp>
    private let patterns: [Pattern]
    private let transport: UInt8
    private let source: IPAddress
    private let target: IPAddress

    /// Seconds before the alert in which its evidence may lie: the longest window of a feature.
    private static let before: Int64 = 600
    private static let after: Int64 = 60
    private static let leastShare = 0.2

    /// Nil for an alert whose time or addresses cannot be read.
    init?(_ alert: LoggedAlert) {
        guard let time = alert.time, let source = alert.source, let target = alert.target else { return nil }
        let start = alert.flow.flatMap { MomentText.timestamp($0.start) } ?? time
        let earliest = min(start, Timestamp(nanoseconds: time.nanoseconds - Self.before * 1_000_000_000))
        window = earliest...Timestamp(nanoseconds: time.nanoseconds + Self.after * 1_000_000_000)
        self.source = source
        self.target = target
        transport = alert.transport
        let port = alert.alert.target.port
        var patterns = [
            Pattern(client: source, server: target, port: port, clientPort: alert.alert.source.port)
        ]
        for part in alert.evidence.contributions where part.score >= Self.leastShare * alert.evidence.score {
            switch Feature.named(part.feature).first?.scope {
            case .link: patterns.append(Pattern(client: source, server: target))
            case .service: patterns.append(Pattern(client: source, port: port))
            case .tuple: patterns.append(Pattern(client: source, server: target, port: port))
            case .server: patterns.append(Pattern(server: target, port: port))
            case .host: patterns.append(Pattern(server: target))
            case .domain: patterns.append(Pattern(client: source, port: 53))
            case nil: break
            }
        }
        self.patterns = patterns
    }

    /// Whether a packet belongs to the evidence. Later fragments have no ports and match by their addresses.
    func matches(_ packet: PacketSummary) -> Bool {
        guard packet.kind == .flow || packet.kind == .laterFragment, packet.key.transport == transport else {
            return false
        }
        let first = (packet.key.firstAddress, packet.key.firstPort)
        let second = (packet.key.secondAddress, packet.key.secondPort)
        let hasPorts = packet.kind == .flow && transport != IPProtocol.icmp && transport != IPProtocol.icmpv6
        return patterns.contains {
            Self.matches($0, first, second, hasPorts) || Self.matches($0, second, first, hasPorts)
        }
    }

    /// Whether an ARP packet belongs to the evidence: it does when the alert is about ARP and one of its addresses.
    func matches(_ message: ARPMessage) -> Bool {
        transport == 0 && [message.senderIP, message.targetIP].contains { $0 == source || $0 == target }
    }

    private static func matches(
        _ pattern: Pattern, _ client: (IPAddress, UInt16), _ server: (IPAddress, UInt16), _ hasPorts: Bool
    ) -> Bool {
        pattern.client.map { $0 == client.0 } ?? true && pattern.server.map { $0 == server.0 } ?? true
            && (!hasPorts || pattern.port.map { $0 == server.1 } ?? true)
            && (!hasPorts || pattern.clientPort.map { $0 == client.1 } ?? true)
    }
}
