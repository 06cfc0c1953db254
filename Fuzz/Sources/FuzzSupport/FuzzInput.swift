// The bytes that libFuzzer made up, taken from the front.

/// Reads an input piece by piece. What is missing at its end reads as zero or as fewer bytes, so that every input means
/// something.
public struct FuzzInput {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0

    /// The arguments of `LLVMFuzzerTestOneInput`; the bytes must outlive the reader.
    public init(_ data: UnsafePointer<UInt8>?, _ size: Int) {
        bytes = UnsafeRawBufferPointer(start: data, count: data == nil ? 0 : size)
    }

    /// Everything not taken yet.
    public var rest: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: bytes[position...]) }

    public var isAtEnd: Bool { position == bytes.count }

    public mutating func byte() -> UInt8 {
        guard position < bytes.count else { return 0 }
        position += 1
        return bytes[position - 1]
    }

    /// A little-endian integer.
    public mutating func integer<Value: FixedWidthInteger>(_: Value.Type = Value.self) -> Value {
        var value: Value = 0
        for index in 0..<(Value.bitWidth / 8) { value |= Value(truncatingIfNeeded: byte()) << Value(index * 8) }
        return value
    }

    /// At most `count` bytes.
    public mutating func take(_ count: Int) -> UnsafeRawBufferPointer {
        let end = min(position + count, bytes.count)
        defer { position = end }
        return UnsafeRawBufferPointer(rebasing: bytes[position..<end])
    }
}
