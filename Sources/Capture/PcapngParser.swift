// The block walk of pcapng files.

import NetTypes

/// Finds the packets of a pcapng capture (draft-ietf-opsawg-pcapng): any number of sections, each with its own byte
/// order and interfaces. Blocks that hold no packet are skipped.
struct PcapngParser: RecordParser {
    private(set) var position = 0
    var bigEndian = false
    var interfaces: [PcapngInterface] = []
    /// The time of the packet before, which a simple packet block takes over as it has none of its own.
    var lastTime = Timestamp(nanoseconds: 0)
    /// A block that is being skipped: `position` is at its trailing length.
    private var skipped: Block?

    /// A block's place and length.
    struct Block {
        let offset: Int
        let length: UInt32

        var end: Int { offset + Int(length) }
        /// Offset of the length that closes the block.
        var trailer: Int { end - 4 }
    }

    /// Block type codes.
    enum BlockType {
        static let sectionHeader: UInt32 = 0x0a0d_0d0a
        static let interfaceDescription: UInt32 = 1
        /// The obsolete packet block.
        static let packet: UInt32 = 2
        static let simplePacket: UInt32 = 3
        static let enhancedPacket: UInt32 = 6
    }

    /// The byte-order magic of a section header, read in the section's own order.
    static let byteOrderMagic: UInt32 = 0x1a2b_3c4d

    /// What became of a block.
    enum BlockOutcome {
        case packet(CaptureRecord)
        case noPacket
        case damage(DamageReason)
    }

    var linkTypes: [LinkType] {
        interfaces.reduce(into: []) { types, interface in
            if !types.contains(interface.linkType) { types.append(interface.linkType) }
        }
    }

    mutating func next(in window: ByteWindow) -> RecordStep {
        while true {
            if let block = skipped {
                guard window.holds(4, at: block.trailer) else { return missing(block, in: window) }
                if let fault = trailerFault(of: block, in: window) { return .damage(offset: block.offset, fault) }
                position = block.end
                skipped = nil
            }
            guard window.holds(8, at: position) else { return headerMissing(8, in: window) }
            let type = window.uint32(at: position, bigEndian: bigEndian)
            if type == BlockType.sectionHeader {
                guard window.holds(12, at: position) else { return headerMissing(12, in: window) }
                if let fault = readByteOrder(in: window) { return .damage(offset: position, fault) }
            }
            let block = Block(offset: position, length: window.uint32(at: position + 4, bigEndian: bigEndian))
            guard block.length >= 12, block.length % 4 == 0 else {
                return .damage(offset: position, .blockLength(block.length))
            }
            switch type {
            case BlockType.enhancedPacket, BlockType.interfaceDescription, BlockType.simplePacket, BlockType.packet:
                guard block.length <= CaptureLimits.blockLength else {
                    return .damage(offset: position, .blockTooLong(block.length))
                }
                guard window.holds(Int(block.length), at: position) else { return missing(block, in: window) }
                switch read(block, type: type, in: window) {
                case .packet(let record):
                    position = block.end
                    lastTime = record.time
                    return .record(record)
                case .noPacket:
                    position = block.end
                case .damage(let reason):
                    return .damage(offset: position, reason)
                }
            case BlockType.sectionHeader:
                guard window.holds(16, at: position) else { return headerMissing(16, in: window) }
                if let fault = beginSection(block, in: window) { return .damage(offset: position, fault) }
                skip(block)
            default:
                skip(block)
            }
        }
    }

    /// Goes on at the block's trailing length, so that a stream need not hold the block.
    private mutating func skip(_ block: Block) {
        position = block.trailer
        skipped = block
    }

    /// What is wrong with the length that closes a block, if anything.
    func trailerFault(of block: Block, in window: ByteWindow) -> DamageReason? {
        let trailing = window.uint32(at: block.trailer, bigEndian: bigEndian)
        return trailing == block.length ? nil : .blockTrailer(leading: block.length, trailing: trailing)
    }

    private func missing(_ block: Block, in window: ByteWindow) -> RecordStep {
        guard window.isFinal else { return .needs(upTo: block.end) }
        let available = max(0, window.end - block.offset)
        return .damage(offset: block.offset, .blockCut(available: available, expected: Int(block.length)))
    }

    private func headerMissing(_ count: Int, in window: ByteWindow) -> RecordStep {
        guard window.isFinal else { return .needs(upTo: position + count) }
        let available = max(0, window.end - position)
        guard available > 0 else { return .end }
        return .damage(offset: position, .blockCut(available: available, expected: 12))
    }
}
