// Addresses of Unix sockets.

import Glibc

/// The address of a socket in the file system, or in Linux's abstract namespace when the path begins with "@".
public struct SocketAddress {
    private var address = sockaddr_un()
    private let length: socklen_t

    /// Nil when the path is too long.
    public init?(path: String) {
        let isAbstract = path.hasPrefix("@")
        let bytes = Array((isAbstract ? "\0" + path.dropFirst() : path).utf8)
        let room = MemoryLayout.size(ofValue: address.sun_path)
        guard !bytes.isEmpty, bytes.count < room else { return nil }
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        let start = MemoryLayout<sockaddr_un>.offset(of: \.sun_path) ?? 2
        // An abstract name ends where its length says, any other one at a zero byte.
        length = socklen_t(start + bytes.count + (isAbstract ? 0 : 1))
    }

    public func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, length) }
        }
    }
}
