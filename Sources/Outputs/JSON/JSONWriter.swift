// Writes JSON into a line buffer, one object per line.

import Pseudonyms

/// Appends JSON (RFC 8259) to lines without allocating.
///
/// Keys are literals that need no escaping. A comma is written wherever the byte before does not open an object or an
/// array, so there is no state to keep; strings end with a quotation mark and cannot be mistaken for an opening.
/// The caller pairs `begin…` and `end…`. Not for concurrent use.
public struct JSONWriter: ~Copyable, Sendable {
    /// The lines written so far.
    public var buffer: LineBuffer
    var calendar = CivilCalendar()
    /// What stands for addresses; nil writes them as they are.
    public var pseudonyms: AddressPseudonyms?
    /// What the lines that follow carry for whoever has to notice duplicates; nil for nothing.
    var eventID: EventID?
    /// Whether strings are written in ASCII alone, the rest as \\u escapes.
    var isASCII = false
    /// Whether what a message can do without is left out, and long strings are cut, because it has to be short.
    var isTerse = false

    /// - Parameter capacity: bytes to start with.
    public init(capacity: Int = 1 << 16) {
        buffer = LineBuffer(capacity: capacity)
    }

    /// Forgets all lines, keeping the room.
    public mutating func clear() {
        buffer.clear()
    }

    /// Opens the object of a new line.
    @inline(__always)
    public mutating func beginLine() {
        buffer.append(UInt8(ascii: "{"))
    }

    /// Closes the object of a line and ends the line.
    @inline(__always)
    public mutating func endLine() {
        buffer.append(UInt8(ascii: "}"))
        buffer.endLine()
    }

    /// Opens an object that is a member.
    @inline(__always)
    public mutating func beginObject(_ key: StaticString) {
        write(key: key)
        buffer.append(UInt8(ascii: "{"))
    }

    /// Opens an object that is an element of an array.
    public mutating func beginObject() {
        separate()
        buffer.append(UInt8(ascii: "{"))
    }

    @inline(__always)
    public mutating func endObject() {
        buffer.append(UInt8(ascii: "}"))
    }

    /// Opens an array that is a member.
    @inline(__always)
    public mutating func beginArray(_ key: StaticString) {
        write(key: key)
        buffer.append(UInt8(ascii: "["))
    }

    @inline(__always)
    public mutating func endArray() {
        buffer.append(UInt8(ascii: "]"))
    }

    /// Writes the comma before an element or member, where one is due.
    @inline(__always)
    mutating func separate() {
        let last = buffer.last
        if last != UInt8(ascii: "{"), last != UInt8(ascii: "[") { buffer.append(UInt8(ascii: ",")) }
    }

    /// Writes a member's key and colon.
    @inline(__always)
    mutating func write(key: StaticString) {
        buffer.append(key: key)
    }
}

extension JSONWriter {
    @inline(__always)
    public mutating func member(_ key: StaticString, _ value: UInt64) {
        write(key: key)
        buffer.append(decimal: value)
    }

    @inline(__always)
    public mutating func member(_ key: StaticString, _ value: Int64) {
        write(key: key)
        buffer.append(decimal: value)
    }

    @inline(__always)
    public mutating func member(_ key: StaticString, _ value: Int) {
        member(key, Int64(value))
    }

    @inline(__always)
    public mutating func member<Value: UnsignedInteger & FixedWidthInteger>(_ key: StaticString, _ value: Value) {
        member(key, UInt64(truncatingIfNeeded: value))
    }

    @inline(__always)
    public mutating func member(_ key: StaticString, _ value: Bool) {
        write(key: key)
        if value {
            buffer.append("true")
        } else {
            buffer.append("false")
        }
    }

    /// A fraction given in thousandths, written without an exponent.
    public mutating func member(_ key: StaticString, thousandths value: Int64) {
        write(key: key)
        buffer.append(thousandths: value)
    }

    /// A literal that needs no escaping.
    @inline(__always)
    public mutating func member(_ key: StaticString, _ value: StaticString) {
        write(key: key)
        buffer.append(quoting: value)
    }

    /// Text from elsewhere, escaped.
    public mutating func member(_ key: StaticString, _ value: String) {
        write(key: key)
        string(value)
    }

    /// Bytes from the network, escaped.
    public mutating func member(_ key: StaticString, escaping value: UnsafeRawBufferPointer) {
        write(key: key)
        string(value)
    }

    /// An integer as an element of an array.
    public mutating func element(_ value: Int64) {
        separate()
        buffer.append(decimal: value)
    }

    /// Text as an element of an array, escaped.
    public mutating func element(_ value: String) {
        separate()
        string(value)
    }

    /// Bytes from the network as an element of an array, escaped.
    public mutating func element(escaping value: UnsafeRawBufferPointer) {
        separate()
        string(value)
    }
}
