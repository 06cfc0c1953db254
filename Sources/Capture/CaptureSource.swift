// What the sources of this module have in common beyond `PacketSource`.

import NetTypes

/// A source that says whose bytes its frames are.
public protocol CaptureSource: PacketSource {
    /// Whether frames borrow the source's own bytes, so that a batch needs no storage and the frames stay valid as long
    /// as the source lives. Otherwise every frame is copied into the batch, which needs `CaptureLimits.frameLength`
    /// bytes of storage or more.
    var lendsBytes: Bool { get }
}
