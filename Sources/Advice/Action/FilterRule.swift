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

    public var sources: [IPPrefix]
    public var destinations: [IPPrefix]
    /// IANA protocol number.
    public var transport: UInt8?
    public var sourcePort: UInt16?
    public var destinationPort: UInt16?
    public var effect: Effect
    /// Bit/s of IP packets; zero for `drop`.
    public var rate: Int

    public init(
        sources: [IPPrefix], destinations: [IPPrefix], transport: UInt8? = nil, sourcePort: UInt16? = nil,
        destinationPort: UInt16? = nil, effect: Effect, rate: Int
    ) {
        self.sources = sources
        self.destinations = destinations
        self.transport = transport
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
        self.effect = effect
        self.rate = rate
    }

    /// Bytes of IP packets a second.
    public var bytesPerSecond: Int { max(1, rate / 8) }

    /// Bytes by which a limit may be exceeded at once: a tenth of a second, but room for some full packets.
    public var burst: Int { max(15_000, min(bytesPerSecond / 10, 10_000_000)) }

    /// Bytes that nftables' bucket holds: it adds a second's worth to the burst (Linux, `nft_limit`).
    public var bucket: Int { bytesPerSecond + burst }

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
