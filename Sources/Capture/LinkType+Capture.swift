// Link types as capture files and libpcap number them.

import CPcap
import NetTypes

extension LinkType {
    /// The link type that a capture file means by `number`.
    ///
    /// Files should hold LINKTYPE_RAW (101) for packets without a link header, but some writers put down their system's
    /// own number for it, 12 or 14 on the BSDs; both are free in the registry for that reason.
    init(inCapture number: UInt16) {
        self = number == 12 || number == 14 ? .raw : LinkType(rawValue: number)
    }

    /// The number that libpcap uses for this type on Linux (DLT_*).
    var dataLink: Int32 {
        self == .raw ? DLT_RAW : Int32(rawValue)
    }

    /// Whether `Decode` understands the type.
    var isSupported: Bool {
        LinkType.supported.contains(self)
    }

    /// Number and registered name, for messages.
    var label: String {
        guard let name = pcap_datalink_val_to_name(dataLink) else { return "\(rawValue)" }
        return "\(rawValue) (\(String(cString: name)))"
    }
}
