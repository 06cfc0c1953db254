// The one contract of the decompressors.

/// What one call of a decompressor came to.
struct DecodeProgress {
    /// Compressed bytes taken.
    var consumed = 0
    /// Bytes written to the output; valid even when `fault` is set.
    var produced = 0
    /// Why the compressed data make no sense from here on, as the end of a sentence.
    var fault: String?
}

/// A decompressor that works through its input piece by piece. Concatenated members or frames are one stream.
///
/// One thread at a time may call it.
protocol StreamDecoder: AnyObject {
    /// The format's name, for messages.
    var formatName: String { get }

    /// Whether the input may end here: no member or frame is half read.
    var isComplete: Bool { get }

    /// Decompresses what fits. Neither consuming nor producing anything means that more input is needed.
    func decode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecodeProgress
}
