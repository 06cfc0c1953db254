// One captured frame, borrowed from whoever holds its bytes.

/// A frame as the capture stage hands it on.
///
/// The bytes are borrowed: they stay valid until the `FrameBatch` that holds the frame is cleared.
@frozen
public struct Frame: Sendable {
    /// First captured byte.
    @usableFromInline nonisolated(unsafe) let base: UnsafePointer<UInt8>
    /// Number of captured bytes at `base`.
    public let capturedLength: UInt32
    /// Length of the frame on the wire, before any snap length.
    public let wireLength: UInt32
    /// When the frame was captured.
    public let time: Timestamp
    public let linkType: LinkType
    /// Position of the interface in the capture (pcapng), zero when there is one.
    public let interface: UInt16

    @inlinable
    public init(
        base: UnsafePointer<UInt8>, capturedLength: UInt32, wireLength: UInt32, time: Timestamp, linkType: LinkType,
        interface: UInt16 = 0
    ) {
        self.base = base
        self.capturedLength = capturedLength
        self.wireLength = wireLength
        self.time = time
        self.linkType = linkType
        self.interface = interface
    }

    /// The captured bytes. Valid as long as the batch is.
    @inlinable
    public var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base, count: Int(capturedLength))
    }
}
