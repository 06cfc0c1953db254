// Services as an operator names them.

import NetTypes

/// `tcp/443`, `tcp/*`, `*/53`, `443`, or a range of ports, `udp/6000-6010`.
struct ServicePattern: Sendable, Equatable {
    private let transport: UInt8?
    private let ports: ClosedRange<UInt16>?

    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count) else { return nil }
        if parts.count == 2, parts[0] != "*" {
            guard let number = Self.transport(parts[0].lowercased()) else { return nil }
            transport = number
        } else {
            transport = nil
        }
        let port = parts[parts.count - 1]
        guard port != "*" else {
            ports = nil
            return
        }
        let ends = port.split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
        guard let low = ends[0], let high = ends[ends.count - 1], ends.count <= 2, low <= high else { return nil }
        ports = low...high
    }

    private static func transport(_ name: String) -> UInt8? {
        switch name {
        case "tcp": IPProtocol.tcp
        case "udp": IPProtocol.udp
        case "icmp": IPProtocol.icmp
        case "icmpv6": IPProtocol.icmpv6
        case "sctp": IPProtocol.sctp
        case "arp": 0
        default: nil
        }
    }

    var isEverything: Bool { transport == nil && ports == nil }

    func matches(transport number: UInt8, port: UInt16) -> Bool {
        transport.map { $0 == number } ?? true && ports.map { $0.contains(port) } ?? true
    }
}
