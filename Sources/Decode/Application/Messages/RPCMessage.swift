// DCE/RPC, connection-oriented (The Open Group C706, chapter 12; [MS-RPCE]).

import NetTypes

/// The head of a PDU: which interfaces are bound, which operation is called. Borrows its bytes.
struct RPCMessage {
    private enum Kind {
        static let request: UInt8 = 0
        static let bind: UInt8 = 11
        static let alterContext: UInt8 = 14
    }

    static let headerLength = 16
    /// Interfaces of a binding of which each has a field.
    private static let maximumInterfaces = 8

    private let kind: UInt8
    private let isLittle: Bool
    private let callID: UInt32
    private let body: ApplicationReader

    /// Length of a PDU from its header; nil when that is not there.
    static func length(_ bytes: ApplicationReader) -> Int? {
        var reader = bytes
        guard reader.remaining >= headerLength, reader.skip(4), let order = reader.uint8(), reader.skip(3),
            let length = reader.uint16()
        else { return nil }
        return max(headerLength, Int(order & 0x10 != 0 ? length.byteSwapped : length))
    }

    static func begins(_ bytes: ApplicationReader) -> Bool {
        var reader = bytes
        guard reader.uint8() == 5, let minor = reader.uint8(), minor <= 1, let kind = reader.uint8(), kind <= 19,
            reader.skip(1), let order = reader.uint8(), order & 0xef == 0, reader.uint8() == 0, reader.uint16() == 0,
            let length = length(bytes)
        else { return false }
        return length > headerLength
    }

    init?(_ bytes: ApplicationReader) {
        var reader = bytes
        guard Self.begins(bytes), reader.skip(2), let kind = reader.uint8(), reader.skip(1),
            let order = reader.uint8(), reader.skip(7), let callID = reader.uint32()
        else { return nil }
        self.kind = kind
        isLittle = order & 0x10 != 0
        self.callID = isLittle ? callID.byteSwapped : callID
        body = ApplicationReader(reader.unread)
    }

    private func integer(_ reader: inout ApplicationReader) -> UInt16? {
        isLittle ? reader.littleUInt16() : reader.uint16()
    }

    private var operation: UInt16? {
        // Allocation hint and context, then the operation.
        var reader = body
        guard kind == Kind.request, reader.skip(6) else { return nil }
        return integer(&reader)
    }

    /// Bindings always are news, operations the first time after a binding.
    ///
    /// - Parameter places: how many of the connection's used numbers belong to somebody else.
    func isNews(to state: inout ApplicationSlot, behind places: Int = 0) -> Bool {
        switch kind {
        case Kind.bind, Kind.alterContext:
            state.used &= (1 << UInt64(places)) - 1
            return true
        case Kind.request:
            guard let operation else { return false }
            return state.isFirstUse(of: Int(operation) + places)
        default: return false
        }
    }

    func write(to fields: inout FieldWriter) {
        fields.append(.rpcType, kind)
        fields.append(.rpcCallID, callID)
        if let operation { fields.append(.rpcOperation, operation) }
        if kind == Kind.bind || kind == Kind.alterContext { writeInterfaces(to: &fields) }
    }

    private func writeInterfaces(to fields: inout FieldWriter) {
        var reader = body
        // Fragment sizes and association, then the number of contexts.
        guard reader.skip(8), let count = reader.uint8(), reader.skip(3) else { return }
        for _ in 0..<min(Int(count), Self.maximumInterfaces) {
            guard reader.skip(2), let transfers = reader.uint8(), reader.skip(1), var identifier = reader.take(16),
                let major = integer(&reader), let minor = integer(&reader), reader.skip(Int(transfers) * 20)
            else { return }
            var text = TextBuilder<20>()
            // The first three parts of a UUID are integers in the sender's order.
            for size in [4, 2, 2] {
                guard let part = identifier.take(size) else { return }
                for index in 0..<size { text.append(part.peek(isLittle ? size - 1 - index : index) ?? 0) }
            }
            text.append(identifier)
            for number in [major, minor] {
                text.append(UInt8(truncatingIfNeeded: number >> 8))
                text.append(UInt8(truncatingIfNeeded: number))
            }
            text.withText { fields.append(.rpcInterface, $0) }
        }
    }
}
