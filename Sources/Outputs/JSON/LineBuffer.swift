// The bytes of rendered lines, before a sink takes them: the module's one owner of raw memory.

import Glibc

/// A growing run of bytes that renderers append to and sinks write out whole.
///
/// Grows by doubling and keeps its room when cleared, so that appending does not allocate once it has met its largest
/// content. Not for concurrent use: each worker has its own.
public struct LineBuffer: ~Copyable, @unchecked Sendable {
    private var base: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    /// Bytes in the buffer.
    public private(set) var count = 0
    /// Lines ended by `endLine()`.
    public private(set) var lines = 0

    /// - Parameter capacity: bytes to start with.
    public init(capacity: Int = 1 << 16) {
        precondition(capacity > 0, "a buffer needs room")
        self.capacity = capacity
        base = Self.room(nil, capacity)
    }

    deinit {
        free(base)
    }

    /// Forgets the content, keeping the room.
    public mutating func clear() {
        count = 0
        lines = 0
    }

    /// Hands the content to `body`; it must not escape.
    public borrowing func withBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// The last byte; zero when there is none.
    @inline(__always)
    var last: UInt8 { count > 0 ? base[count - 1] : 0 }

    /// Makes room for `additional` bytes.
    @inline(__always)
    mutating func reserve(_ additional: Int) {
        if capacity - count < additional { grow(by: additional) }
    }

    @inline(never)
    private mutating func grow(by additional: Int) {
        var larger = capacity
        while larger - count < additional { larger *= 2 }
        base = Self.room(base, larger)
        capacity = larger
    }

    /// Makes or enlarges an allocation. The C library's: it enlarges large ones without copying or touching them.
    private static func room(_ old: UnsafeMutablePointer<UInt8>?, _ capacity: Int) -> UnsafeMutablePointer<UInt8> {
        guard let room = realloc(old, capacity) else { preconditionFailure("no memory for \(capacity) bytes of lines") }
        return room.assumingMemoryBound(to: UInt8.self)
    }
}

extension LineBuffer {
    /// Appends one byte.
    @inline(__always)
    public mutating func append(_ byte: UInt8) {
        reserve(1)
        base[count] = byte
        count += 1
    }

    /// Appends a literal as it is. Its length is known when compiling, so short ones become plain stores.
    @inline(__always)
    public mutating func append(_ text: StaticString) {
        let length = text.utf8CodeUnitCount
        reserve(length)
        (base + count).initialize(from: text.utf8Start, count: length)
        count += length
    }

    /// Appends bytes as they are.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        reserve(bytes.count)
        UnsafeMutableRawPointer(base + count).copyMemory(from: start, byteCount: bytes.count)
        count += bytes.count
    }

    /// Appends the lines of another buffer.
    public mutating func append(_ other: borrowing LineBuffer) {
        other.withBytes { append($0) }
        lines += other.lines
    }

    /// Ends a line.
    public mutating func endLine() {
        append(UInt8(ascii: "\n"))
        lines += 1
    }

    /// Removes everything after the first `length` bytes. The lines ended there are the caller's to know.
    mutating func truncate(to length: Int) {
        precondition(length <= count, "a buffer cannot be cut to more than it holds")
        count = length
    }

    /// Appends eight bytes, lowest first.
    @inline(__always)
    mutating func append(word: UInt64) {
        reserve(8)
        UnsafeMutableRawPointer(base + count).storeBytes(of: word.littleEndian, as: UInt64.self)
        count += 8
    }

    /// Appends a comma unless an opening bracket stands before, then the quoted key and a colon.
    @inline(__always)
    mutating func append(key: StaticString) {
        let length = key.utf8CodeUnitCount
        reserve(length + 4)
        let last = self.last
        let isFirst = last == UInt8(ascii: "{") || last == UInt8(ascii: "[")
        // Written in any case, and overwritten when none is due.
        base[count] = UInt8(ascii: ",")
        let start = base + count + (isFirst ? 0 : 1)
        start[0] = UInt8(ascii: "\"")
        (start + 1).initialize(from: key.utf8Start, count: length)
        start[length + 1] = UInt8(ascii: "\"")
        start[length + 2] = UInt8(ascii: ":")
        count += length + (isFirst ? 3 : 4)
    }

    /// Appends a quoted literal.
    @inline(__always)
    mutating func append(quoting text: StaticString) {
        let length = text.utf8CodeUnitCount
        reserve(length + 2)
        let start = base + count
        start[0] = UInt8(ascii: "\"")
        (start + 1).initialize(from: text.utf8Start, count: length)
        start[length + 1] = UInt8(ascii: "\"")
        count += length + 2
    }

    /// Appends at most `limit` bytes that `body` writes into fresh room; it returns how many it wrote.
    @inline(__always)
    mutating func append(atMost limit: Int, _ body: (inout ByteCursor) -> Void) {
        reserve(limit)
        var cursor = ByteCursor(base + count, limit: limit)
        body(&cursor)
        count += cursor.count
    }
}

/// Room of a known size at the end of a line buffer, so that several small writes need one check for growth.
struct ByteCursor: ~Copyable {
    private let start: UnsafeMutablePointer<UInt8>
    private let limit: Int
    /// Bytes written.
    private(set) var count = 0

    fileprivate init(_ start: UnsafeMutablePointer<UInt8>, limit: Int) {
        self.start = start
        self.limit = limit
    }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        precondition(count < limit)
        start[count] = byte
        count += 1
    }

    /// Two bytes, the lower one first.
    @inline(__always)
    mutating func put(_ pair: UInt16) {
        precondition(count + 2 <= limit)
        UnsafeMutableRawPointer(start + count).storeBytes(of: pair.littleEndian, as: UInt16.self)
        count += 2
    }

    /// Four bytes, the lowest one first.
    @inline(__always)
    mutating func put(_ quad: UInt32) {
        precondition(count + 4 <= limit)
        UnsafeMutableRawPointer(start + count).storeBytes(of: quad.littleEndian, as: UInt32.self)
        count += 4
    }
}
