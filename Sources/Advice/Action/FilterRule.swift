// A rule that limits or drops packets.

import NetTypes

/// Which packets, and what happens to them. Empty lists and nil match everything.
public struct FilterRule: Codable, Sendable, Hashable {
    /// What happens to packets that match.
    public enum Effect: String, Codable, CaseIterable, Sendable {
        /// Together they get a rate; what exceeds it is dropped.
        case limit
        /// Each source gets the rate.
        case limitPerSource = "limit-per-source"
        case drop
    }

    /// What a rate counts.
    public enum Unit: String, Codable, CaseIterable, Sendable {
        /// Bits of IP packets.
        case bits
        /// Packets: what scans and floods of small packets are many of.
        case packets
    }

    public var sources: [IPPrefix]
    public var destinations: [IPPrefix]
    /// IANA protocol number.
    public var transport: UInt8?
    public var sourcePort: UInt16?
    public var destinationPort: UInt16?
    public var effect: Effect
    /// Bit/s or packets/s; zero for `drop`.
    public var rate: Int
    public var unit: Unit

    public init(
        sources: [IPPrefix], destinations: [IPPrefix], transport: UInt8? = nil, sourcePort: UInt16? = nil,
        destinationPort: UInt16? = nil, effect: Effect, rate: Int, unit: Unit = .bits
    ) {
        self.sources = sources
        self.destinations = destinations
        self.transport = transport
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.effect = effect
        self.rate = rate
        self.unit = unit
    }

    /// Bytes of IP packets, or packets, a second.
    public var perSecond: Int { unit == .bits ? max(1, rate / 8) : max(1, rate) }

    /// Bytes or packets by which a limit may be exceeded at once: a tenth of a second, but room for some packets.
    public var burst: Int { max(unit == .bits ? 15_000 : 5, min(perSecond / 10, 10_000_000)) }

    /// What nftables' bucket holds: for bytes it adds a second's worth to the burst (Linux, `nft_limit_init`).
    public var bucket: Int { unit == .bits ? perSecond + burst : burst }

    /// The least packets/s for a site whose least rate is given in bit/s: as many as thousand-byte packets make.
    public static func packetFloor(rateFloor: Int) -> Int { max(1, rateFloor / 8_000) }

    /// Whether packets of this kind match.
    public func matches(
        source: IPAddress, destination: IPAddress, transport: UInt8, sourcePort: UInt16, destinationPort: UInt16
    ) -> Bool {
        (self.transport == nil || self.transport == transport)
            && (self.sourcePort == nil || self.sourcePort == sourcePort)
            && (self.destinationPort == nil || self.destinationPort == destinationPort)
            && (sources.isEmpty || sources.contains { $0.contains(source) })
            && (destinations.isEmpty || destinations.contains { $0.contains(destination) })
    }
}
