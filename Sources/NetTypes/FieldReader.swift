// Reads the fields of an application record.

/// Iterates over the tagged fields that `FieldWriter` wrote. Borrows the bytes.
public struct FieldReader: Sequence, IteratorProtocol {
    /// One field: its name and its value's bytes.
    public struct Field {
        public let name: ApplicationField
        public let value: UnsafeRawBufferPointer

        /// The value as a big-endian integer of at most 8 bytes.
        public var integer: UInt64 {
            value.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        }

        /// The value as text; bytes that are not UTF-8 become U+FFFD.
        public var text: String { String(decoding: value, as: UTF8.self) }
    }

    private let bytes: UnsafeRawBufferPointer
    private var offset = 0

    public init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    public mutating func next() -> Field? {
        while offset + 3 <= bytes.count {
            let tag = bytes[offset]
            let length = Int(bytes[offset + 1]) | Int(bytes[offset + 2]) << 8
            guard offset + 3 + length <= bytes.count else { return nil }
            let value = UnsafeRawBufferPointer(rebasing: bytes[(offset + 3)..<(offset + 3 + length)])
            offset += 3 + length
            if let name = ApplicationField(rawValue: tag) { return Field(name: name, value: value) }
        }
        return nil
    }

    /// The first field of the given name.
    public func first(_ name: ApplicationField) -> Field? {
        for field in FieldReader(bytes) where field.name == name { return field }
        return nil
    }
}
