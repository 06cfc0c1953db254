// Ways in which a capture stops making sense.

/// Why a record or block could not be read. Holds figures only, so that the record walk never touches the heap.
enum DamageReason: Hashable, Sendable, CustomStringConvertible {
    case recordHeaderCut(available: Int, expected: Int)
    case recordCut(available: Int, expected: Int)
    case recordTooLong(UInt32)
    case blockCut(available: Int, expected: Int)
    case blockLength(UInt32)
    case blockTooLong(UInt32)
    case blockTrailer(leading: UInt32, trailing: UInt32)
    case blockTooShort(type: UInt32, length: UInt32)
    case byteOrderMagic(UInt32)
    case sectionVersion(major: UInt16, minor: UInt16)
    case optionOverrun(code: UInt16)
    case interfaceUndescribed(UInt32, described: Int)
    case tooManyInterfaces
    case packetOverrunsBlock(captured: UInt32, room: Int)
    case batchTooSmall(length: Int, storage: Int)

    /// Whether bytes are missing at the end, rather than wrong.
    var isCut: Bool {
        switch self {
        case .recordHeaderCut, .recordCut, .blockCut: true
        default: false
        }
    }

    /// The end of a sentence that begins with the place.
    var description: String {
        switch self {
        case .recordHeaderCut(let available, let expected):
            "the capture ends within a record header (\(available) of \(expected) bytes are there)"
        case .recordCut(let available, let expected):
            "the capture ends within a packet (\(available) of \(expected) bytes are there)"
        case .recordTooLong(let length):
            "a record claims \(length) captured bytes, more than any capture holds (\(CaptureLimits.frameLength))"
        case .blockCut(let available, let expected):
            "the capture ends within a block (\(available) of \(expected) bytes are there)"
        case .blockLength(let length):
            "a block claims a length of \(length) bytes, which is below 12 or no multiple of 4"
        case .blockTooLong(let length):
            "a packet or interface block claims \(length) bytes, more than \(CaptureLimits.blockLength)"
        case .blockTrailer(let leading, let trailing):
            "a block's length is \(leading) bytes at its start but \(trailing) at its end"
        case .blockTooShort(let type, let length):
            "a block of type \(type) has only \(length) bytes, too few for its fixed fields"
        case .byteOrderMagic(let magic):
            "a section header has no byte-order magic but \(hexadecimal(magic))"
        case .sectionVersion(let major, let minor):
            "a section has pcapng version \(major).\(minor), only 1.0 and 1.2 are known"
        case .optionOverrun(let code):
            "option \(code) of an interface description is longer than its block"
        case .interfaceUndescribed(let interface, let described):
            "a packet names interface \(interface), the section has described \(described)"
        case .tooManyInterfaces:
            "a section describes more than \(CaptureLimits.interfaces) interfaces"
        case .packetOverrunsBlock(let captured, let room):
            "a packet claims \(captured) captured bytes, its block has room for \(room)"
        case .batchTooSmall(let length, let storage):
            "a packet of \(length) bytes does not fit in a batch with \(storage) bytes of storage"
        }
    }

    private func hexadecimal(_ value: UInt32) -> String {
        "0x" + String(repeating: "0", count: value.leadingZeroBitCount / 4 - (value == 0 ? 1 : 0))
            + String(value, radix: 16)
    }
}
