// Packets written as a capture file.

import Glibc
import NetTypes

/// Writes a pcap file with nanosecond stamps (draft-ietf-opsawg-pcap), first under another name and at the end in its
/// place. One thread at a time may use it.
public final class PcapFile {
    private let path: String
    private let file: UnsafeMutablePointer<FILE>
    private let linkType: LinkType
    private var isClosed = false

    /// Creates the file and writes its header.
    ///
    /// - Parameter linkType: of all packets; the format knows one a file.
    public init(path: String, linkType: LinkType) throws(OutputError) {
        guard let file = fopen(path + ".partial", "we") else { throw .cannotOpen(path, errno: errno) }
        self.path = path
        self.file = file
        self.linkType = linkType
        put(UInt32(0xa1b2_3c4d))
        put(UInt16(2))
        put(UInt16(4))
        put(UInt64(0))
        put(UInt32(262_144))
        put(UInt32(linkType.rawValue))
    }

    deinit {
        guard !isClosed else { return }
        fclose(file)
        unlink(path + ".partial")
    }

    /// Appends a packet; false when its link type is not the file's.
    public func append(_ frame: Frame) -> Bool {
        guard frame.linkType == linkType else { return false }
        put(UInt32(truncatingIfNeeded: frame.time.seconds))
        put(UInt32(truncatingIfNeeded: frame.time.subsecond))
        put(frame.capturedLength)
        put(frame.wireLength)
        _ = fwrite(frame.bytes.baseAddress, 1, frame.bytes.count, file)
        return true
    }

    /// Ends the file and puts it in its place.
    public func close() throws(OutputError) {
        isClosed = true
        let isWritten = ferror(file) == 0
        let code = errno
        guard fclose(file) == 0, isWritten, rename(path + ".partial", path) == 0 else {
            let error = errno == 0 ? code : errno
            unlink(path + ".partial")
            throw .cannotOpen(path, errno: error)
        }
    }

    private func put<Value: FixedWidthInteger>(_ value: Value) {
        withUnsafeBytes(of: value.littleEndian) { _ = fwrite($0.baseAddress, 1, $0.count, file) }
    }
}
