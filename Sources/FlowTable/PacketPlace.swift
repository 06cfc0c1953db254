// Where a packet of a batch stands and where in the table it belongs.

/// Names one packet of a batch by its position, with its hash beside it: what the table asks for first should not cost
/// an access to the packet.
@frozen
public struct PacketPlace: Sendable {
    /// The packet's keyed hash.
    public var hash: UInt64
    /// Its position in the batch.
    public var position: UInt32

    @inlinable
    public init(hash: UInt64, position: UInt32) {
        self.hash = hash
        self.position = position
    }
}
