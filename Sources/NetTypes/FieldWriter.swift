// Writes the fields of an application record into a bounded buffer.

/// Appends tagged fields to a caller's buffer: tag (1 byte), length (2 bytes, little-endian), value.
///
/// Never grows the buffer: a field that does not fit is left out and remembered in `overflowed`.
public struct FieldWriter: ~Copyable {
    private let buffer: UnsafeMutableRawBufferPointer
    /// Bytes written.
    public private(set) var count: Int
    /// Whether a field was cut or left out.
    public private(set) var overflowed = false

    /// - Parameters:
    ///   - buffer: where fields go; must outlive the writer.
    ///   - count: bytes already written by an earlier writer over the same buffer.
    public init(_ buffer: UnsafeMutableRawBufferPointer, count: Int = 0) {
        self.buffer = buffer
        self.count = count
    }

    /// The longest value of a field; longer ones are cut.
    public static let maximumLength = 512

    /// Appends bytes as they are, cut at `maximumLength`.
    public mutating func append(_ field: ApplicationField, _ value: UnsafeRawBufferPointer) {
        let length = min(value.count, Self.maximumLength)
        if length < value.count { overflowed = true }
        guard count + 3 + length <= buffer.count else {
            overflowed = true
            return
        }
        buffer[count] = field.rawValue
        buffer[count + 1] = UInt8(truncatingIfNeeded: length)
        buffer[count + 2] = UInt8(truncatingIfNeeded: length >> 8)
        if length > 0 {
            UnsafeMutableRawBufferPointer(rebasing: buffer[(count + 3)..<(count + 3 + length)])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: value[..<length]))
        }
        count += 3 + length
    }

    /// Appends an integer in big-endian order.
    public mutating func append<Value: FixedWidthInteger>(_ field: ApplicationField, _ value: Value) {
        withUnsafeBytes(of: value.bigEndian) { append(field, $0) }
    }

    /// Marks the record as incomplete when something was cut. Call once, at the end.
    public mutating func finish() {
        if overflowed, count + 4 <= buffer.count { append(.truncated, UInt8(1)) }
    }
}
