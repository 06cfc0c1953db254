// Writing a sealed file piece by piece.

import Digest
import Glibc

/// Writes a sealed file that is too large to be held in memory. The content goes to `PATH.partial` through a small buffer,
/// as fast as the kernel takes it; `seal` then adds the checksum, makes the file outlive a failure of power and puts it in its
/// place, so that what the path names is whole at any moment. For its user alone.
///
/// Used by one thread at a time: `seal`, which waits for the disk, may be another's than that which appends.
final class SealedFileWriter: @unchecked Sendable {
    private let path: String
    private var partial: String { path + ".partial" }
    private let file: Int32
    private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: chunk, alignment: 16)
    private var buffered = 0
    /// Bytes in the file.
    private var length = 0
    private var failure: Int32?

    /// Bytes that are written, or read back, at once.
    private static let chunk = 1 << 18

    /// - Parameter description: must hold no line feed.
    init(path: String, kind: String, version: Int, description: some Sequence<UInt8>) {
        self.path = path
        file = open(path + ".partial", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o600)
        if file < 0 { failure = errno }
        let head = Array("leptonnet \(kind) \(version)\n".utf8) + description + [UInt8(ascii: "\n")]
        head.withUnsafeBytes { append($0) }
    }

    deinit {
        buffer.deallocate()
        if file >= 0 { close(file) }
    }

    /// Adds bytes to the body.
    func append(_ bytes: UnsafeRawBufferPointer) {
        if buffered + bytes.count > Self.chunk { flush() }
        guard bytes.count < Self.chunk else { return put(bytes) }
        UnsafeMutableRawBufferPointer(rebasing: buffer[buffered...]).copyMemory(from: bytes)
        buffered += bytes.count
    }

    private func flush() {
        put(UnsafeRawBufferPointer(rebasing: buffer[..<buffered]))
        buffered = 0
    }

    private func put(_ bytes: UnsafeRawBufferPointer) {
        var done = 0
        while failure == nil, done < bytes.count {
            let count = write(file, bytes.baseAddress! + done, bytes.count - done)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                failure = errno
                return
            }
            done += count
        }
        length += done
    }

    /// Adds the checksum and puts the file in its place.
    ///
    /// - Parameter isWanted: asked now and then; once it says no, the file is dropped.
    /// - Returns: the bytes of the file; nil when it was dropped.
    func seal(while isWanted: () -> Bool) throws(UserError) -> Int? {
        flush()
        guard failure == nil, let digest = digest(while: isWanted) else {
            unlink(partial)
            guard let failure else { return nil }
            throw FileBytes.unwritable(path, errno: failure)
        }
        withUnsafeBytes(of: digest) { put($0) }
        if failure == nil, fsync(file) != 0 || rename(partial, path) != 0 { failure = errno }
        if let failure {
            unlink(partial)
            throw FileBytes.unwritable(path, errno: failure)
        }
        FileBytes.keepName(of: path)
        return length
    }

    /// The checksum of what was written; nil when it cannot be read back, or is no longer wanted.
    private func digest(while isWanted: () -> Bool) -> InlineArray<32, UInt8>? {
        var hash = SHA256()
        var chunk = [UInt8](repeating: 0, count: Self.chunk)
        var place = 0
        while place < length {
            guard isWanted() else { return nil }
            let count = pread(file, &chunk, min(Self.chunk, length - place), off_t(place))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                failure = count < 0 ? errno : EIO
                return nil
            }
            chunk.withUnsafeBytes { hash.update(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            place += count
        }
        return hash.finish()
    }
}
