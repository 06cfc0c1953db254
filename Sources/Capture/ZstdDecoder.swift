// Zstandard by the system's libzstd.

import CCompression

/// Decompresses Zstandard (RFC 8878), any number of frames in a row, skippable ones included.
///
/// Windows above 128 MiB (`zstd --long=28` and more) are refused, as zstd(1) does by default: the size is the file's
/// word, not ours.
final class ZstdDecoder: StreamDecoder {
    /// Bytes of a block header (RFC 8878, section 3.1.1.2).
    private static let blockHeaderLength = 3

    private let context: OpaquePointer
    /// Bytes that libzstd wants next: mostly a block and the header of the one behind it. It is given the block alone,
    /// because a call that meets a damaged header says nothing about the sound block it decoded before.
    private var wanted: Int
    private var betweenFrames = true

    init() {
        guard let context = ZSTD_createDStream() else { preconditionFailure("libzstd refuses to start: out of memory") }
        self.context = context
        wanted = ZSTD_initDStream(context)
    }

    deinit {
        ZSTD_freeDStream(context)
    }

    var formatName: String { "zstd" }

    var isComplete: Bool { betweenFrames }

    func decode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecodeProgress {
        guard !(betweenFrames && input.isEmpty) else { return DecodeProgress() }
        let portion = wanted > Self.blockHeaderLength ? wanted - Self.blockHeaderLength : wanted
        var source = ZSTD_inBuffer(src: input.baseAddress, size: min(portion, input.count), pos: 0)
        var target = ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
        let result = ZSTD_decompressStream(context, &target, &source)
        guard ZSTD_isError(result) == 0 else {
            let words = String(cString: ZSTD_getErrorName(result))
            return DecodeProgress(fault: "the zstd data are damaged (\(words))")
        }
        betweenFrames = result == 0
        // The smallest header of a frame has 5 bytes (6 with the content size); libzstd asks for the rest by itself.
        wanted = result == 0 ? 5 : result
        return DecodeProgress(consumed: source.pos, produced: target.pos)
    }
}
