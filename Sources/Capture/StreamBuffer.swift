// A window that moves over a stream.

/// Holds the part of a stream that a parser needs: bounded, refilled on demand.
///
/// One thread at a time may call it.
final class StreamBuffer: @unchecked Sendable {
    /// Room for the longest block that is read as a whole, and as much again to keep reads large.
    private static let capacity = 2 * CaptureLimits.blockLength

    /// What asking for bytes came to.
    enum Outcome: Equatable {
        /// The bytes are there, or the stream has ended before them.
        case ready
        /// Nothing arrived in time.
        case waiting
    }

    let stream: ByteStream
    private let storage: UnsafeMutableRawBufferPointer
    /// Offset in the stream of the first byte in `storage`.
    private var start = 0
    /// Bytes in `storage`.
    private var used = 0
    private var hasEnded = false
    /// Why the stream ended before its time, as the end of a sentence.
    private(set) var fault: String?

    init(_ stream: ByteStream) {
        self.stream = stream
        storage = .allocate(byteCount: Self.capacity, alignment: 16)
    }

    deinit {
        storage.deallocate()
    }

    /// The bytes at hand. Valid until the next `fill`.
    var window: ByteWindow {
        ByteWindow(
            base: UnsafeRawPointer(storage.baseAddress!), start: start, end: start + used, isFinal: hasEnded)
    }

    /// Forgets the bytes before `keepFrom` and reads until those before `limit` are there.
    ///
    /// - Parameter patience: milliseconds to wait whenever nothing is there; -1 waits for ever.
    func fill(keepFrom: Int, upTo limit: Int, patience: Int32) -> Outcome {
        precondition(limit - keepFrom <= Self.capacity, "a parser asks for more than the buffer holds")
        discard(before: keepFrom)
        while start + used < limit, !hasEnded {
            let free = UnsafeMutableRawBufferPointer(rebasing: storage[used...])
            switch stream.read(into: free, patience: patience) {
            case .bytes(let count):
                used += count
                discard(before: keepFrom)
            case .waiting:
                return .waiting
            case .end:
                hasEnded = true
            case .failed(let words):
                hasEnded = true
                fault = words
            }
        }
        return .ready
    }

    private func discard(before offset: Int) {
        let count = min(offset - start, used)
        guard count > 0 else { return }
        storage.copyMemory(from: UnsafeRawBufferPointer(rebasing: storage[count..<used]))
        start += count
        used -= count
    }
}
