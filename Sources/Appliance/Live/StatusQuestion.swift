// Asking a running appliance.

import Glibc
import Outputs

/// Asks the appliance that answers at a socket.
public enum StatusQuestion: String, Sendable {
    case text = "status text"
    case json = "status json"
    case selftest

    /// Where the service of the package answers.
    public static let defaultPath = "/run/leptonnet/status.sock"

    /// Asks and waits for the whole answer.
    ///
    /// - Throws: `UserError` when nobody answers.
    public func ask(_ path: String) throws(UserError) -> String {
        guard let address = SocketAddress(path: path) else { throw UserError("\(path): too long for a socket") }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        guard address.withPointer({ connect(descriptor, $0, $1) }) == 0 else {
            let advice =
                errno == EACCES
                ? "you are not in its group" : "is leptonnet running, and is this its socket (--socket)?"
            throw UserError("\(path): nobody answers: \(String(cString: strerror(errno))); \(advice)")
        }
        Terminal.write(rawValue + "\n", to: descriptor)
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 14)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            answer += chunk[..<count]
        }
        guard !answer.isEmpty else {
            throw UserError("\(path): no answer: only root, its own user and its group may ask")
        }
        return String(decoding: answer, as: UTF8.self)
    }
}
