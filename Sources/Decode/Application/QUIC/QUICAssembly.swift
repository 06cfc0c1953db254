// Puts the handshake of a QUIC client together from CRYPTO frames, in whatever order they come.

import PacketProtection

/// A view of a segment buffer as the handshake bytes of a QUIC client: which connection they belong to, which bytes are
/// there, and the bytes.
///
/// Clients spread a large hello over several packets, and some shuffle its frames on purpose.
struct QUICAssembly {
    /// Bytes of the handshake that are kept; a hello that is longer is read as far as that.
    static let capacity = 3584

    private static let idLengthOffset = 0
    private static let idOffset = 1
    private static let marksOffset = 64
    private static let bytesOffset = 512

    private let block: UnsafeMutableRawBufferPointer

    init(_ block: UnsafeMutableRawBufferPointer) {
        precondition(block.count >= Self.bytesOffset + Self.capacity, "a segment buffer has room for a handshake")
        self.block = block
    }

    /// Begins anew with the connection identifier that keys are made from.
    func begin(_ connectionID: ApplicationReader) {
        for index in 0..<Self.bytesOffset { block[index] = 0 }
        block[Self.idLengthOffset] = UInt8(connectionID.remaining)
        UnsafeMutableRawBufferPointer(rebasing: block[Self.idOffset...]).copyMemory(from: connectionID.unread)
    }

    /// The identifier given to `begin`.
    var connectionID: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: block[Self.idOffset..<(Self.idOffset + Int(block[Self.idLengthOffset]))])
    }

    /// Adds a frame's bytes; those beyond the capacity are left out.
    func add(_ bytes: ApplicationReader, at offset: Int) {
        var reader = bytes
        var position = offset
        while position < Self.capacity, let byte = reader.uint8() {
            let mark = Self.marksOffset + position / 8
            let bit: UInt8 = 1 << UInt8(position % 8)
            if block[mark] & bit == 0 {
                block[mark] |= bit
                block[Self.bytesOffset + position] = byte
            }
            position += 1
        }
    }

    /// How many bytes are there without a hole from the beginning.
    private var prefixLength: Int {
        var length = 0
        while length < Self.capacity, block[Self.marksOffset + length / 8] & 1 << UInt8(length % 8) != 0 { length += 1 }
        return length
    }

    /// Length of the first message, its header included; nil while that is not there.
    private var messageLength: Int? {
        guard block[Self.marksOffset] & 0x0f == 0x0f else { return nil }
        let length = (1...3).reduce(0) { $0 << 8 | Int(block[Self.bytesOffset + $1]) }
        return TLSHandshake.headerLength + length
    }

    /// Whether the first message is there, as far as there is room for it.
    var isComplete: Bool {
        guard let length = messageLength else { return false }
        return prefixLength >= min(length, Self.capacity)
    }

    /// The first message as far as it is there without a hole, header included, and whether something is missing; nil
    /// when not even its header is there.
    var message: (bytes: ApplicationReader, isCut: Bool)? {
        guard let length = messageLength else { return nil }
        let there = min(length, prefixLength)
        let bytes = UnsafeRawBufferPointer(rebasing: block[Self.bytesOffset..<(Self.bytesOffset + there)])
        return (ApplicationReader(bytes), there < length)
    }
}
