// What libndpi calls a flow.

import NetTypes

extension JSONWriter {
    /// Writes the name that a `closed` event carries; nothing where none does. EVE has a key for it, with "contents
    /// provided by 3rd party library".
    @inline(__always)
    mutating func member(nameOf event: StreamEvent) {
        // Most flows carry no fields, and no build without libndpi has a name among them.
        guard event.header.fieldCount > 0 else { return }
        writeName(of: event)
    }

    @inline(never)
    private mutating func writeName(of event: StreamEvent) {
        event.withFields { fields in
            guard let name = fields.first(.flowName) else { return }
            beginObject("ndpi")
            member("proto", escaping: name.value)
            if let numbers = fields.first(.flowNameNumbers)?.integer {
                write(key: "proto_id")
                buffer.append(UInt8(ascii: "\""))
                if numbers >> 16 != 0 {
                    buffer.append(decimal: UInt64(numbers >> 16))
                    buffer.append(UInt8(ascii: "."))
                }
                buffer.append(decimal: UInt64(numbers & 0xffff))
                buffer.append(UInt8(ascii: "\""))
            }
            if let category = fields.first(.flowNameCategory) { member("category", escaping: category.value) }
            if let confidence = fields.first(.flowNameConfidence) { member("confidence", escaping: confidence.value) }
            endObject()
        }
    }
}
