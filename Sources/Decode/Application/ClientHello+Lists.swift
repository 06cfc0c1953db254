// Lists of a ClientHello that EVE shows for QUIC.

import NetTypes

extension ClientHello {
    /// Protocols of which each has a field of its own.
    private static let maximumProtocols = 8

    /// Writes the protocols offered and the types of all extensions.
    func writeLists(to fields: inout FieldWriter) {
        var reader = extensions
        var types = TextBuilder<256>()
        while let type = reader.uint16(), let length = reader.uint16() {
            let value = reader.takeAvailable(Int(length))
            if type.isGREASE { continue }
            types.append(UInt8(truncatingIfNeeded: type >> 8))
            types.append(UInt8(truncatingIfNeeded: type))
            if type == TLSExtension.applicationProtocols { Self.writeProtocols(value, to: &fields) }
        }
        if types.count > 0 { types.withText { fields.append(.quicExtensions, $0) } }
    }

    private static func writeProtocols(_ value: ApplicationReader, to fields: inout FieldWriter) {
        var reader = value
        guard let total = reader.uint16(), var list = reader.take(Int(total)) else { return }
        var count = 0
        while count < maximumProtocols, let length = list.uint8(), let name = list.take(Int(length)) {
            fields.append(.quicALPN, name.unread)
            count += 1
        }
    }
}
