// gzip by the system's zlib.

import CCompression

/// Decompresses gzip (RFC 1952), any number of members in a row. Zero bytes behind the last member are padding, as they
/// are for gzip(1).
final class GzipDecoder: StreamDecoder {
    /// On the heap, because zlib remembers the address.
    private let stream: UnsafeMutablePointer<z_stream>
    /// Whether the bytes to come are the start of a member.
    private var betweenMembers = true
    private var membersRead = 0

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        precondition(lepton_inflate_init(stream) == Z_OK, "zlib refuses to start: out of memory")
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    var formatName: String { "gzip" }

    var isComplete: Bool { betweenMembers }

    func decode(_ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer) -> DecodeProgress {
        var progress = DecodeProgress()
        var input = input
        if betweenMembers {
            if membersRead > 0 {
                let padding = input.prefix { $0 == 0 }.count
                progress.consumed = padding
                input = UnsafeRawBufferPointer(rebasing: input[padding...])
            }
            guard let first = input.first else { return progress }
            guard first == 0x1f else {
                progress.fault = "bytes that are no gzip data follow the last gzip member"
                return progress
            }
            inflateReset(stream)
            betweenMembers = false
        }
        stream.pointee.next_in = UnsafeMutablePointer(mutating: input.bindMemory(to: UInt8.self).baseAddress)
        stream.pointee.avail_in = UInt32(input.count)
        stream.pointee.next_out = output.bindMemory(to: UInt8.self).baseAddress
        stream.pointee.avail_out = UInt32(output.count)
        let result = inflate(stream, Z_NO_FLUSH)
        progress.consumed += input.count - Int(stream.pointee.avail_in)
        progress.produced = output.count - Int(stream.pointee.avail_out)
        switch result {
        case Z_OK, Z_BUF_ERROR:
            break
        case Z_STREAM_END:
            betweenMembers = true
            membersRead += 1
        default:
            let words = stream.pointee.msg.map { String(cString: $0) } ?? "error \(result)"
            progress.fault = "the gzip data are damaged (\(words))"
        }
        return progress
    }
}
