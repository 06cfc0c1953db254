// What is inside the blocks of pcapng that matter here.

import NetTypes

extension PcapngParser {
    /// Learns the byte order of the section that begins at `position`, of which 12 bytes are in the window.
    mutating func readByteOrder(in window: ByteWindow) -> DamageReason? {
        if window.uint32(at: position + 8, bigEndian: false) == Self.byteOrderMagic {
            bigEndian = false
        } else if window.uint32(at: position + 8, bigEndian: true) == Self.byteOrderMagic {
            bigEndian = true
        } else {
            return .byteOrderMagic(window.uint32(at: position + 8, bigEndian: false))
        }
        return nil
    }

    /// Begins a section, of whose header 16 bytes are in the window. Its interfaces are numbered from zero again.
    mutating func beginSection(_ block: Block, in window: ByteWindow) -> DamageReason? {
        guard block.length >= 28 else {
            return .blockTooShort(type: BlockType.sectionHeader, length: block.length)
        }
        let major = window.uint16(at: block.offset + 12, bigEndian: bigEndian)
        let minor = window.uint16(at: block.offset + 14, bigEndian: bigEndian)
        // 1.2 was written by some programs for what is 1.0; the draft asks readers to treat them alike.
        guard major == 1, minor == 0 || minor == 2 else { return .sectionVersion(major: major, minor: minor) }
        interfaces.removeAll(keepingCapacity: true)
        return nil
    }

    /// Reads a packet or interface block that is in the window as a whole.
    mutating func read(_ block: Block, type: UInt32, in window: ByteWindow) -> BlockOutcome {
        if let fault = trailerFault(of: block, in: window) { return .damage(fault) }
        let fixedLength: UInt32 = type == BlockType.interfaceDescription ? 8 : type == BlockType.simplePacket ? 4 : 20
        guard block.length >= fixedLength + 12 else {
            return .damage(.blockTooShort(type: type, length: block.length))
        }
        switch type {
        case BlockType.interfaceDescription:
            return readInterface(block, in: window)
        case BlockType.simplePacket:
            return readSimplePacket(block, in: window)
        case BlockType.packet:
            // The interface number has 16 bits here; a drop count follows it.
            let interface = window.uint16(at: block.offset + 8, bigEndian: bigEndian)
            return readPacket(block, interface: UInt32(interface), in: window)
        default:
            let interface = window.uint32(at: block.offset + 8, bigEndian: bigEndian)
            return readPacket(block, interface: interface, in: window)
        }
    }

    /// The part that enhanced packet blocks and obsolete packet blocks share.
    private func readPacket(_ block: Block, interface number: UInt32, in window: ByteWindow) -> BlockOutcome {
        guard number < interfaces.count else {
            return .damage(.interfaceUndescribed(number, described: interfaces.count))
        }
        let interface = interfaces[Int(number)]
        let capturedLength = window.uint32(at: block.offset + 20, bigEndian: bigEndian)
        if let fault = captureFault(capturedLength, room: Int(block.length) - 32) { return .damage(fault) }
        let high = window.uint32(at: block.offset + 12, bigEndian: bigEndian)
        let low = window.uint32(at: block.offset + 16, bigEndian: bigEndian)
        return .packet(
            CaptureRecord(
                offset: block.offset + 28, capturedLength: capturedLength,
                wireLength: window.uint32(at: block.offset + 24, bigEndian: bigEndian),
                time: interface.resolution.time(ticks: UInt64(high) << 32 | UInt64(low)),
                linkType: interface.linkType, interface: UInt16(number)))
    }

    /// A simple packet block belongs to interface 0, is cut at that interface's snap length and carries no time.
    private func readSimplePacket(_ block: Block, in window: ByteWindow) -> BlockOutcome {
        guard let interface = interfaces.first else { return .damage(.interfaceUndescribed(0, described: 0)) }
        let wireLength = window.uint32(at: block.offset + 8, bigEndian: bigEndian)
        let capturedLength = interface.snapLength == 0 ? wireLength : min(wireLength, interface.snapLength)
        if let fault = captureFault(capturedLength, room: Int(block.length) - 16) { return .damage(fault) }
        return .packet(
            CaptureRecord(
                offset: block.offset + 12, capturedLength: capturedLength, wireLength: wireLength, time: lastTime,
                linkType: interface.linkType))
    }

    private func captureFault(_ capturedLength: UInt32, room: Int) -> DamageReason? {
        guard capturedLength <= CaptureLimits.frameLength else { return .recordTooLong(capturedLength) }
        guard Int(capturedLength) <= room else { return .packetOverrunsBlock(captured: capturedLength, room: room) }
        return nil
    }

    private mutating func readInterface(_ block: Block, in window: ByteWindow) -> BlockOutcome {
        guard interfaces.count < CaptureLimits.interfaces else { return .damage(.tooManyInterfaces) }
        var resolutionCode: UInt8 = 6
        var offsetSeconds: Int64 = 0
        var option = block.offset + 16
        while option + 4 <= block.trailer {
            let code = window.uint16(at: option, bigEndian: bigEndian)
            let length = Int(window.uint16(at: option + 2, bigEndian: bigEndian))
            guard option + 4 + length <= block.trailer else { return .damage(.optionOverrun(code: code)) }
            switch (code, length) {
            case (OptionCode.endOfOptions, _):
                option = block.trailer
            case (OptionCode.timestampResolution, 1):
                resolutionCode = window.uint8(at: option + 4)
            case (OptionCode.timestampOffset, 8):
                offsetSeconds = Int64(bitPattern: window.uint64(at: option + 4, bigEndian: bigEndian))
            default:
                break
            }
            option += 4 + (length + 3) & ~3
        }
        interfaces.append(
            PcapngInterface(
                linkType: LinkType(inCapture: window.uint16(at: block.offset + 8, bigEndian: bigEndian)),
                snapLength: window.uint32(at: block.offset + 12, bigEndian: bigEndian),
                resolution: TimestampResolution(code: resolutionCode, offsetSeconds: offsetSeconds)))
        return .noPacket
    }

    /// Options of an interface description that change how packets are read.
    private enum OptionCode {
        static let endOfOptions: UInt16 = 0
        static let timestampResolution: UInt16 = 9
        static let timestampOffset: UInt16 = 14
    }
}
