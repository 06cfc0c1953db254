// The address at which Prometheus asks.

import CLinux
import Glibc
import NetTypes

/// Answers `GET /metrics` on a TCP address, one question at a time.
///
/// Whoever asks has two seconds to do so, and what is answered is read-only: a slow or hostile client holds up other
/// readers of the page and nothing else. `serve` is called by one thread; `end` by another one.
final class MetricsListener: @unchecked Sendable {
    private let descriptor: Int32
    private let ending: Int32
    let address: ListenAddress

    private static let requestLength = 4096
    private static let patience: Int64 = 2_000_000_000

    /// Opens the address; call before privileges are dropped when the port is below 1024.
    init(_ address: ListenAddress) throws(UserError) {
        self.address = address
        let family = address.ip.isIPv6 ? AF_INET6 : AF_INET
        let descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        let isBound = address.withSocketAddress { bind(descriptor, $0, $1) } == 0
        guard descriptor >= 0, isBound, listen(descriptor, 8) == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw UserError("\(address): metrics cannot be served there: \(reason.lowercased()); name another address")
        }
        self.descriptor = descriptor
        ending = lepton_wake_descriptor()
    }

    deinit {
        close(descriptor)
        close(ending)
    }

    /// The port that was opened: the one asked for, or a free one when that was zero.
    var port: UInt16 {
        var bound = sockaddr_in6()
        var size = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let result = withUnsafeMutablePointer(to: &bound) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        // The port lies at the same place for both families.
        return result == 0 ? UInt16(bigEndian: bound.sin6_port) : 0
    }

    /// Lets `serve` return.
    func end() {
        var one: UInt64 = 1
        _ = write(ending, &one, 8)
    }

    /// Answers until `end` is called.
    ///
    /// - Parameter page: makes the page for one reader.
    func serve(_ page: () -> String) {
        while true {
            var requests = [
                pollfd(fd: ending, events: Int16(POLLIN), revents: 0),
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&requests, 2, -1)
            if requests[0].revents != 0 { return }
            guard requests[1].revents != 0 else { continue }
            let caller = lepton_accept(descriptor)
            guard caller >= 0 else { continue }
            answer(caller, page)
            close(caller)
        }
    }

    private func answer(_ caller: Int32, _ page: () -> String) {
        switch Self.request(from: caller) {
        case nil: return
        case "GET /metrics"?:
            send(caller, "200 OK", type: "text/plain; version=0.0.4; charset=utf-8", page())
        case let line? where line.hasPrefix("GET "):
            send(caller, "404 Not Found", type: "text/plain", "Metrics are at /metrics.\n")
        default:
            send(caller, "405 Method Not Allowed", type: "text/plain", "Only GET is answered.\n")
        }
    }

    /// Method and path of a request; nil when none came in time.
    private static func request(from caller: Int32) -> String? {
        let deadline = now + patience
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: requestLength)
        while bytes.count < requestLength {
            if let head = text(ofHead: bytes) { return head }
            let left = deadline - now
            guard left > 0 else { return nil }
            var request = pollfd(fd: caller, events: Int16(POLLIN), revents: 0)
            guard poll(&request, 1, Int32(left / 1_000_000) + 1) > 0 else { return nil }
            let count = recv(caller, &buffer, requestLength - bytes.count, Int32(MSG_DONTWAIT))
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
        return nil
    }

    /// "METHOD PATH" once the head is whole; what follows a "?" aside.
    private static func text(ofHead bytes: [UInt8]) -> String? {
        let text = String(decoding: bytes, as: UTF8.self)
        guard text.contains("\r\n\r\n") || text.contains("\n\n") else { return nil }
        let words = text.prefix { !$0.isNewline }.split(separator: " ")
        guard words.count >= 2 else { return "" }
        return "\(words[0]) \(words[1].prefix { $0 != "?" })"
    }

    private func send(_ caller: Int32, _ status: String, type: String, _ body: String) {
        var patience = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(caller, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var text =
            "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n"
            + "Connection: close\r\n\r\n" + body
        text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count {
                let count = Glibc.send(caller, bytes.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return }
                done += count
            }
        }
        // Closing while something of the request is unread would take the answer back (RFC 1122, 4.2.2.13).
        shutdown(caller, Int32(SHUT_WR))
        var rest = [UInt8](repeating: 0, count: 256)
        while recv(caller, &rest, rest.count, Int32(MSG_DONTWAIT)) > 0 {}
    }

    private static var now: Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }
}
