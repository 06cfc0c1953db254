// The memory of parameters, gradients and activations.

/// A fixed number of 32-bit floats, allocated once, aligned to a cache line and zero at first.
///
/// Many threads may read a buffer together; whoever writes to it must be alone with it for that time. The type is marked
/// as sendable on this condition, so that shared weights need no copy per worker.
public final class FloatBuffer: @unchecked Sendable {
    /// Number of floats.
    public let count: Int

    let base: UnsafeMutablePointer<Float>

    /// Makes a buffer of `count` zeros.
    public init(count: Int) {
        precondition(count >= 0, "a buffer cannot have a negative size")
        self.count = count
        let bytes = max(count, 1) * MemoryLayout<Float>.stride
        let memory = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
        base = memory.bindMemory(to: Float.self, capacity: max(count, 1))
        base.initialize(repeating: 0, count: max(count, 1))
    }

    /// Makes a buffer that holds `values`.
    public convenience init(_ values: [Float]) {
        self.init(count: values.count)
        copy(values)
    }

    deinit {
        UnsafeMutableRawPointer(base).deallocate()
    }

    /// The float at `index`; an index outside of the buffer stops the program.
    public subscript(index: Int) -> Float {
        get {
            precondition(index >= 0 && index < count, "index outside of the buffer")
            return base[index]
        }
        set {
            precondition(index >= 0 && index < count, "index outside of the buffer")
            base[index] = newValue
        }
    }

    /// The whole buffer as an array; allocates.
    public var values: [Float] { values(in: 0..<count) }

    /// A part of the buffer as an array; allocates.
    public func values(in range: Range<Int>) -> [Float] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "range outside of the buffer")
        return Array(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// Writes `values` from position `offset` on.
    public func copy(_ values: [Float], at offset: Int = 0) {
        precondition(offset >= 0 && offset + values.count <= count, "values outside of the buffer")
        values.withUnsafeBufferPointer { source in
            guard let start = source.baseAddress else { return }
            (base + offset).update(from: start, count: source.count)
        }
    }

    /// Calls `body` with a view of the buffer, which is valid only until `body` returns.
    public func withView<Result, Failure: Error>(_ body: (FloatView) throws(Failure) -> Result) throws(Failure)
        -> Result
    {
        defer { withExtendedLifetime(self) {} }
        return try body(FloatView(base: base, count: count))
    }
}
