// A socket at which Prometheus asks for metrics.

import CLinux
import Glibc

/// Answers `GET /metrics` over HTTP/1.1, one question a connection, on a thread of its own. Binds to loopback unless told
/// otherwise: it has no login. On loopback it answers only to names of this machine, so that no page in a browser can
/// reach it under another one (DNS rebinding).
final class MetricsListener: @unchecked Sendable {
    private let descriptor: Int32
    private let ending = lepton_wake_descriptor()
    private let isLoopback: Bool
    private var thread: Thread?

    /// Bytes of a question, and milliseconds that one may take.
    private static let longest = 8192
    private static let patience: Int32 = 2000

    /// - Parameter address: `127.0.0.1:9477` or `[::1]:9477`.
    init(_ address: String) throws(UserError) {
        guard let colon = address.lastIndex(of: ":"), let port = UInt16(address[address.index(after: colon)...]) else {
            throw UserError("'\(address)': metrics take an address and a port, such as 127.0.0.1:9477")
        }
        let host = String(address[..<colon].filter { $0 != "[" && $0 != "]" })
        isLoopback = host == "::1" || host.hasPrefix("127.")
        var hints = addrinfo()
        hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, "\(port)", &hints, &found) == 0, let target = found else {
            throw UserError("'\(host)': no address of this machine; write for example 127.0.0.1:9477")
        }
        defer { freeaddrinfo(found) }
        descriptor = socket(
            target.pointee.ai_family, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, target.pointee.ai_addr, target.pointee.ai_addrlen) == 0, listen(descriptor, 8) == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw UserError("\(address): nothing can listen there: \(reason); name another address (metrics)")
        }
    }

    deinit {
        close(descriptor)
        close(ending)
    }

    /// Starts answering.
    ///
    /// - Parameter report: makes the page; called by the listener's thread.
    func start(_ report: @escaping @Sendable () -> String) {
        thread = Thread(name: "metrics") { [self] in
            while true {
                var requests = [
                    pollfd(fd: ending, events: Int16(POLLIN), revents: 0),
                    pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0),
                ]
                _ = poll(&requests, 2, -1)
                if requests[0].revents != 0 { return }
                let caller = lepton_accept(descriptor)
                guard caller >= 0 else { continue }
                send(answer(question(from: caller), report), to: caller)
                close(caller)
            }
        }
    }

    /// Ends the thread.
    func stop() {
        var one: UInt64 = 1
        _ = write(ending, &one, 8)
        thread?.join()
    }

    /// The head of a question; what came of it when it does not end in time.
    private func question(from caller: Int32) -> String {
        var bytes: [UInt8] = []
        let end = Array("\r\n\r\n".utf8)
        while bytes.count < Self.longest, bytes.suffix(4) != end[...] {
            var request = pollfd(fd: caller, events: Int16(POLLIN), revents: 0)
            guard poll(&request, 1, Self.patience) > 0 else { break }
            var chunk = [UInt8](repeating: 0, count: 1024)
            let count = recv(caller, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            bytes += chunk[..<count]
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func answer(_ question: String, _ report: () -> String) -> String {
        let lines = question.split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count == 3, words[2].hasPrefix("HTTP/1.") else { return Self.page("400 Bad Request", "") }
        guard words[0] == "GET" else { return Self.page("405 Method Not Allowed", "") }
        let host = lines.first { $0.lowercased().hasPrefix("host:") }
            .map { $0.dropFirst(5).lowercased().filter { $0 != " " } } ?? ""
        guard !isLoopback || Self.isLocal(host) else { return Self.page("421 Misdirected Request", "") }
        guard words[1] == "/metrics" else { return Self.page("404 Not Found", "metrics are at /metrics\n") }
        return Self.page("200 OK", report())
    }

    private static func isLocal(_ host: String) -> Bool {
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" }.dropFirst() : host.prefix { $0 != ":" }
        return name.isEmpty || name == "localhost" || name == "::1" || name.hasPrefix("127.")
    }

    private static func page(_ status: String, _ body: String) -> String {
        "HTTP/1.1 \(status)\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
            + "Content-Length: \(body.utf8.count)\r\nConnection: close\r\n\r\n" + body
    }

    private func send(_ text: String, to caller: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count {
                var request = pollfd(fd: caller, events: Int16(POLLOUT), revents: 0)
                guard poll(&request, 1, Self.patience) > 0 else { return }
                let count = Glibc.send(caller, bytes.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return }
                done += count
            }
        }
    }
}
