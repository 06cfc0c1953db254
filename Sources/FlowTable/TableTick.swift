// A moment between the packets of a batch.

import NetTypes

/// Packet time crosses a whole second before the packet with the given position.
@frozen
public struct TableTick: Sendable {
    /// Position in the batch of the first packet behind it; the number of packets when none is.
    public var position: UInt32
    /// The second's first moment.
    public var time: Timestamp

    @inlinable
    public init(position: UInt32, time: Timestamp) {
        self.position = position
        self.time = time
    }
}
