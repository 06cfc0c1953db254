// The uncompressed bytes of a file or pipe.

/// Reads a descriptor and decompresses what it gives when its first bytes say so.
///
/// One thread at a time may call it.
final class ByteStream: @unchecked Sendable {
    /// Compressed bytes read at a time.
    private static let inputCapacity = 256 << 10

    let descriptor: FileDescriptor
    private let input: UnsafeMutableRawBufferPointer
    /// Bytes of `input` that are read but not yet decompressed.
    private var pending = 0..<0
    private var inputEnded = false
    private var decoder: (any StreamDecoder)?
    private var fault: String?

    /// Reads the first bytes, waiting for them as long as it takes, and finds out how they are compressed.
    init(_ descriptor: FileDescriptor) throws(CaptureError) {
        self.descriptor = descriptor
        input = .allocate(byteCount: Self.inputCapacity, alignment: 16)
        while pending.count < 4, !inputEnded {
            if case .failed(let words) = readInput(patience: -1) {
                throw CaptureError(.unreadable, path: descriptor.path, "cannot be read: \(words)")
            }
        }
        switch Compression(firstBytes: input[pending]) {
        case .gzip: decoder = GzipDecoder()
        case .zstd: decoder = ZstdDecoder()
        case nil: break
        }
    }

    deinit {
        input.deallocate()
    }

    /// The format's name when the stream is compressed, for messages.
    var compressionName: String? { decoder?.formatName }

    /// Fills the output with what is there, at least one byte unless the outcome says otherwise.
    ///
    /// - Parameter patience: milliseconds to wait for the first byte; -1 waits for ever.
    func read(into output: UnsafeMutableRawBufferPointer, patience: Int32) -> FileDescriptor.Outcome {
        guard let decoder else { return readPlain(into: output, patience: patience) }
        while true {
            if let fault { return .failed(fault) }
            let progress = decoder.decode(UnsafeRawBufferPointer(rebasing: input[pending]), into: output)
            pending = (pending.lowerBound + progress.consumed)..<pending.upperBound
            fault = progress.fault
            if progress.produced > 0 { return .bytes(progress.produced) }
            if progress.consumed > 0 || fault != nil { continue }
            if inputEnded {
                guard !decoder.isComplete else { return .end }
                fault = "the \(decoder.formatName) data end in the middle"
                continue
            }
            switch readInput(patience: patience) {
            case .waiting: return .waiting
            case .failed(let words): fault = "reading failed (\(words))"
            case .bytes, .end: continue
            }
        }
    }

    private func readPlain(into output: UnsafeMutableRawBufferPointer, patience: Int32) -> FileDescriptor.Outcome {
        guard pending.isEmpty else {
            let count = min(pending.count, output.count)
            output.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[pending.prefix(count)]))
            pending = (pending.lowerBound + count)..<pending.upperBound
            return .bytes(count)
        }
        if inputEnded { return .end }
        let outcome = descriptor.read(into: output, patience: patience)
        switch outcome {
        case .end: inputEnded = true
        case .failed(let words): return .failed("reading failed (\(words))")
        case .bytes, .waiting: break
        }
        return outcome
    }

    /// Reads more input behind what is pending.
    private func readInput(patience: Int32) -> FileDescriptor.Outcome {
        if pending.lowerBound > 0 {
            input.copyMemory(from: UnsafeRawBufferPointer(rebasing: input[pending]))
            pending = 0..<pending.count
        }
        let free = UnsafeMutableRawBufferPointer(rebasing: input[pending.upperBound...])
        let outcome = descriptor.read(into: free, patience: patience)
        switch outcome {
        case .bytes(let count): pending = 0..<(pending.upperBound + count)
        case .end: inputEnded = true
        case .waiting, .failed: break
        }
        return outcome
    }
}
