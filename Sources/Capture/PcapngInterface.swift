// One interface of a pcapng section.

import NetTypes

/// What an interface description block says about the packets that name the interface
/// (draft-ietf-opsawg-pcapng, section 4.2).
struct PcapngInterface: Equatable {
    let linkType: LinkType
    /// Most bytes captured of a packet; zero for no limit.
    let snapLength: UInt32
    let resolution: TimestampResolution
}
