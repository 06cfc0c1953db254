// The pieces of a CEF line. The writer is the JSON one: its buffer, calendar and pseudonyms serve here too.

import NetTypes
import Pseudonyms

extension JSONWriter {
    /// Begins a field of the extension. The space goes before all but the first.
    mutating func beginField(_ key: StaticString) {
        if buffer.last != UInt8(ascii: "|") { buffer.append(UInt8(ascii: " ")) }
        buffer.append(key)
        buffer.append(UInt8(ascii: "="))
    }

    mutating func extensionField(_ key: StaticString, _ value: Int64) {
        beginField(key)
        buffer.append(decimal: value)
    }

    /// A literal that needs no escaping.
    mutating func extensionField(_ key: StaticString, literal value: StaticString) {
        beginField(key)
        buffer.append(value)
    }

    /// Text from elsewhere; empty text has no field, since typed keys must not be empty.
    mutating func extensionField(_ key: StaticString, _ value: String) {
        guard !value.isEmpty else { return }
        beginField(key)
        var value = value
        value.withUTF8 { append(cefText: UnsafeRawBufferPointer($0), escaping: UInt8(ascii: "=")) }
    }

    mutating func extensionField(_ key: StaticString, _ value: IPAddress) {
        beginField(key)
        buffer.append(shown(value))
    }

    mutating func extensionField(_ key: StaticString, _ value: MACAddress) {
        beginField(key)
        buffer.append(shown(value))
    }

    /// A custom field with its label.
    mutating func customField(_ key: StaticString, _ label: StaticString, _ body: (inout LineBuffer) -> Void) {
        beginField(key)
        body(&buffer)
        buffer.append(UInt8(ascii: " "))
        buffer.append(key)
        buffer.append("Label=")
        buffer.append(label)
    }

    /// A field of the header: a vertical bar would end it.
    mutating func append(cefHeader text: String) {
        var text = text
        text.withUTF8 { append(cefText: UnsafeRawBufferPointer($0), escaping: UInt8(ascii: "|")) }
    }

    private mutating func append(cefText text: UnsafeRawBufferPointer, escaping special: UInt8) {
        if let pseudonyms, AddressText.mayContain(text) {
            AddressText.replace(in: text, by: pseudonyms).withUnsafeBytes {
                buffer.append(cefText: terse($0), escaping: special)
            }
        } else {
            buffer.append(cefText: terse(text), escaping: special)
        }
    }
}

extension LineBuffer {
    /// The value of an extension field.
    mutating func append(cefValue text: String) {
        var text = text
        text.withUTF8 { append(cefText: UnsafeRawBufferPointer($0), escaping: UInt8(ascii: "=")) }
    }

    /// Text with backslash and one more character escaped, and line ends as \n and \r.
    ///
    /// Other control characters, what is not UTF-8, and characters that break or turn lines where a log is looked at
    /// become the text \xNN, written with the escaped backslash.
    mutating func append(cefText text: UnsafeRawBufferPointer, escaping special: UInt8) {
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\\"), special:
                append(UInt8(ascii: "\\"))
                append(byte)
            case 0x0a where special == UInt8(ascii: "="): append("\\n")
            case 0x0d where special == UInt8(ascii: "="): append("\\r")
            case 0..<0x20, 0x7f: append(cefByte: byte)
            case 0x80...:
                let (scalar, length) = JSONWriter.scalar(at: index - 1, of: text)
                let bytes = text[(index - 1)..<(index - 1 + max(1, length))]
                if length == 0 || JSONWriter.isUnsafe(scalar) {
                    for byte in bytes { append(cefByte: byte) }
                } else {
                    append(UnsafeRawBufferPointer(rebasing: bytes))
                }
                index += max(1, length) - 1
            default: append(byte)
            }
        }
    }

    private mutating func append(cefByte byte: UInt8) {
        append("\\\\x")
        append(hexadecimal: byte)
    }
}
