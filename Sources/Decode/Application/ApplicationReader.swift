// The cursor that every application parser reads with: the one type of this folder that reads through a pointer.

/// A bounds-checked cursor over bytes of a message. Integers are read in network byte order; a read that would pass the
/// end fails softly and leaves the cursor where it was.
///
/// Borrows the bytes: a reader must not outlive the packet or buffer it was made from.
struct ApplicationReader {
    private let bytes: UnsafeRawBufferPointer
    /// Position of the next byte.
    private(set) var offset = 0

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
    }

    /// A reader over nothing.
    static var empty: ApplicationReader { ApplicationReader(UnsafeRawBufferPointer(start: nil, count: 0)) }

    /// Bytes that the reader was made over, read or not.
    var length: Int { bytes.count }

    var remaining: Int { bytes.count &- offset }

    var isAtEnd: Bool { offset == bytes.count }

    /// The bytes not read yet.
    var unread: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[offset...]) }

    /// The byte `ahead` places after the cursor.
    @inline(__always)
    func peek(_ ahead: Int = 0) -> UInt8? {
        ahead >= 0 && ahead < remaining ? bytes[offset &+ ahead] : nil
    }

    @inline(__always)
    mutating func uint8() -> UInt8? {
        guard remaining >= 1 else { return nil }
        defer { offset &+= 1 }
        return bytes[offset]
    }

    @inline(__always)
    mutating func uint16() -> UInt16? {
        integer(UInt16.self)
    }

    /// Three bytes, as TLS writes its lengths.
    @inline(__always)
    mutating func uint24() -> Int? {
        guard remaining >= 3 else { return nil }
        defer { offset &+= 3 }
        return Int(bytes[offset]) << 16 | Int(bytes[offset &+ 1]) << 8 | Int(bytes[offset &+ 2])
    }

    @inline(__always)
    mutating func uint32() -> UInt32? {
        integer(UInt32.self)
    }

    @inline(__always)
    private mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(_: Value.Type) -> Value? {
        let size = MemoryLayout<Value>.size
        guard remaining >= size else { return nil }
        defer { offset &+= size }
        return Value(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
    }

    /// The next `count` bytes as a reader of their own.
    @inline(__always)
    mutating func take(_ count: Int) -> ApplicationReader? {
        guard count >= 0, count <= remaining else { return nil }
        return takeAvailable(count)
    }

    /// The next `count` bytes, or those that are there: the caller compares lengths to see whether bytes are missing.
    @inline(__always)
    mutating func takeAvailable(_ count: Int) -> ApplicationReader {
        let taken = max(0, min(count, remaining))
        defer { offset &+= taken }
        return ApplicationReader(UnsafeRawBufferPointer(rebasing: bytes[offset..<(offset &+ taken)]))
    }

    @inline(__always)
    mutating func skip(_ count: Int) -> Bool {
        guard count >= 0, count <= remaining else { return false }
        offset &+= count
        return true
    }

    /// Moves the cursor to an absolute position.
    @inline(__always)
    mutating func seek(to position: Int) -> Bool {
        guard position >= 0, position <= bytes.count else { return false }
        offset = position
        return true
    }
}

extension ApplicationReader {
    /// Whether the unread bytes begin with `text`.
    func starts(with text: StaticString) -> Bool {
        commonPrefix(with: text) == text.utf8CodeUnitCount
    }

    /// How many of the unread bytes agree with the beginning of `text`.
    func commonPrefix(with text: StaticString) -> Int {
        text.withUTF8Buffer { expected in
            var count = 0
            while count < expected.count, peek(count) == expected[count] { count += 1 }
            return count
        }
    }

    /// Whether the unread bytes are `text`, given in lower case, whatever the case of their ASCII letters.
    func equals(ignoringCase text: StaticString) -> Bool {
        guard remaining == text.utf8CodeUnitCount else { return false }
        return text.withUTF8Buffer { expected in
            for index in 0..<expected.count {
                guard let byte = peek(index), byte.lowercasedASCII == expected[index] else { return false }
            }
            return true
        }
    }

    /// Bytes before the next `byte`; nil when there is none.
    func distance(to byte: UInt8) -> Int? {
        unread.firstIndex(of: byte)
    }
}

extension UInt8 {
    /// The byte with `A` to `Z` turned into `a` to `z`.
    @inline(__always)
    var lowercasedASCII: UInt8 {
        self >= 0x41 && self <= 0x5a ? self | 0x20 : self
    }

    var isASCIIAlphanumeric: Bool {
        (self >= 0x30 && self <= 0x39) || (lowercasedASCII >= 0x61 && lowercasedASCII <= 0x7a)
    }
}
