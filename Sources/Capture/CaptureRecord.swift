// One packet record as a parser found it.

import NetTypes

/// Where a packet's bytes are in the capture, and what the capture says about the packet.
struct CaptureRecord {
    /// Offset of the first captured byte in the uncompressed stream.
    let offset: Int
    let capturedLength: UInt32
    /// Length on the wire; never less than `capturedLength`, see `init`.
    let wireLength: UInt32
    let time: Timestamp
    let linkType: LinkType
    let interface: UInt16

    /// A record whose wire length is below its captured length contradicts itself. The bytes are there, so the captured
    /// length is believed and the wire length raised to it.
    @inline(__always)
    init(
        offset: Int, capturedLength: UInt32, wireLength: UInt32, time: Timestamp, linkType: LinkType,
        interface: UInt16 = 0
    ) {
        self.offset = offset
        self.capturedLength = capturedLength
        self.wireLength = max(wireLength, capturedLength)
        self.time = time
        self.linkType = linkType
        self.interface = interface
    }
}
