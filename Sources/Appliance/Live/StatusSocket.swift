// The socket at which the appliance answers questions.

import CLinux
import Glibc
import Outputs

/// Listens on a Unix socket, mode 0660, for one-line questions. Used by the control thread alone.
///
/// Whoever the file's permissions let in must also be root, or the appliance's own user or group.
final class StatusSocket {
    /// Someone who waits for an answer.
    struct Caller {
        fileprivate let descriptor: Int32
        let question: String
    }

    let descriptor: Int32
    private let path: String

    /// Questions are short; what does not come within a second is none.
    private static let questionLength = 256

    init(path: String) throws(UserError) {
        guard let address = SocketAddress(path: path) else {
            throw UserError("\(path): too long for the path of a socket; name a shorter one")
        }
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        // What a run that was killed has left; someone who listens there keeps it.
        if !Self.isAnswered(address) { unlink(path) }
        let mask = umask(0o117)
        let isBound = address.withPointer { bind(descriptor, $0, $1) } == 0
        let code = errno
        umask(mask)
        guard isBound, listen(descriptor, 8) == 0 else {
            close(descriptor)
            throw UserError(
                code == EADDRINUSE
                    ? "\(path): another leptonnet answers there; name another socket (status-socket)"
                    : "\(path): no socket can be made there: \(String(cString: strerror(code))); name another place")
        }
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    private static func isAnswered(_ address: SocketAddress) -> Bool {
        let probe = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(probe) }
        return address.withPointer { connect(probe, $0, $1) } == 0
    }

    /// Takes the next caller's question; nil when there is none, or the caller may not ask.
    func accept() -> Caller? {
        let caller = lepton_accept(descriptor)
        guard caller >= 0 else { return nil }
        var user: UInt32 = 0
        var group: UInt32 = 0
        let isKnown = lepton_peer(caller, &user, &group) == 0
        guard isKnown, user == 0 || user == geteuid() || group == getegid() else {
            close(caller)
            return nil
        }
        var patience = timeval(tv_sec: 1, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(caller, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        setsockopt(caller, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
        var bytes = [UInt8](repeating: 0, count: Self.questionLength)
        let count = max(0, read(caller, &bytes, bytes.count))
        let line = bytes[..<count].prefix { $0 != UInt8(ascii: "\n") }
        return Caller(descriptor: caller, question: String(decoding: line, as: UTF8.self))
    }

    /// Answers a caller and hangs up.
    func answer(_ caller: Caller, _ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count {
                let count = send(
                    caller.descriptor, bytes.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
                guard count > 0 else { break }
                done += count
            }
        }
        close(caller.descriptor)
    }
}
