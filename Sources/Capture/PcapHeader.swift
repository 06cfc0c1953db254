// The file header of a pcap capture.

import NetTypes

/// What the 24 bytes at the start of a pcap file say
/// (PCAP Capture File Format, draft-ietf-opsawg-pcap; the libpcap manual page pcap-savefile).
struct PcapHeader: Equatable {
    /// Bytes of the file header.
    static let length = 24

    let bigEndian: Bool
    /// Nanoseconds in one unit of the fraction of a record's time: 1,000, or 1 for the nanosecond magic.
    let fractionUnit: Int64
    /// Bytes of a record header: 16, or 24 for the "modified" format that some Linux distributions wrote around 2000.
    let recordHeaderLength: Int
    let majorVersion: UInt16
    let minorVersion: UInt16
    /// Longest captured length the writer promised; not enforced, as writers get it wrong.
    let snapLength: UInt32
    let linkType: LinkType

    /// Reads the header; nil when the window does not hold one or it has no pcap magic.
    init?(in window: ByteWindow) {
        guard window.holds(Self.length, at: 0) else { return nil }
        let bigEndian: Bool
        switch (window.uint32(at: 0, bigEndian: false), window.uint32(at: 0, bigEndian: true)) {
        case (Magic.micro, _), (Magic.nano, _), (Magic.modified, _): bigEndian = false
        case (_, Magic.micro), (_, Magic.nano), (_, Magic.modified): bigEndian = true
        default: return nil
        }
        let magic = window.uint32(at: 0, bigEndian: bigEndian)
        self.bigEndian = bigEndian
        fractionUnit = magic == Magic.nano ? 1 : 1000
        recordHeaderLength = magic == Magic.modified ? 24 : 16
        majorVersion = window.uint16(at: 4, bigEndian: bigEndian)
        minorVersion = window.uint16(at: 6, bigEndian: bigEndian)
        snapLength = window.uint32(at: 16, bigEndian: bigEndian)
        // The upper half holds the length of the frame check sequence and reserved bits.
        let number = UInt16(truncatingIfNeeded: window.uint32(at: 20, bigEndian: bigEndian))
        linkType = LinkType(inCapture: number)
    }

    /// Versions whose records are laid out as they are today: 2.3 of 1997 and 2.4.
    var isSupportedVersion: Bool {
        majorVersion == 2 && (3...4).contains(minorVersion)
    }

    /// The first four bytes, read in the writer's byte order.
    enum Magic {
        static let micro: UInt32 = 0xa1b2_c3d4
        static let nano: UInt32 = 0xa1b2_3c4d
        static let modified: UInt32 = 0xa1b2_cd34
    }
}
