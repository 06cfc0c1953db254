// Lengths, directions and gaps of a flow's first packets: one cache line.

/// The first 16 packets of a flow, as sequences that classifiers can use. 64 bytes.
@frozen
public struct FirstPackets: Sendable {
    /// How many packets are kept.
    public static let limit = 16

    /// Frame length of each packet.
    public var lengths: InlineArray<16, UInt16> = .init(repeating: 0)
    /// Time since the packet before (either direction), as `PackedGap` bits; zero for the first packet.
    public var gaps: InlineArray<16, UInt16> = .init(repeating: 0)

    @inlinable
    public init() {}
}
