// Messages through sockets: TCP, UDP, Unix.

import Glibc

/// Where a socket leads.
public enum SocketPlace: Hashable, Sendable {
    case tcp(host: String, port: Int)
    case udp(host: String, port: Int)
    case unixStream(path: String)
    case unixDatagram(path: String)

    var isStream: Bool {
        switch self {
        case .tcp, .unixStream: true
        case .udp, .unixDatagram: false
        }
    }
}

/// Sends messages through a socket: streams with framing (RFC 6587), datagrams with one message each (RFC 5426).
///
/// A TCP connection is given up when bytes stay unacknowledged for longer than `patience` (TCP_USER_TIMEOUT, RFC 5482), or
/// when the other end closes its side.
public final class SocketTransport: MessageTransport, @unchecked Sendable {
    private let place: SocketPlace
    private let framing: MessageFraming
    private let name: String
    private var descriptor: Int32 = -1
    private var buffer = LineBuffer()

    /// Milliseconds that a connection may take, or that a receiver may take no bytes.
    private static let patience: Int32 = 5000
    private static let farewell: Int32 = 1000

    public init(_ place: SocketPlace, framing: MessageFraming, name: String) {
        self.place = place
        self.framing = framing
        self.name = name
    }

    deinit {
        disconnect()
    }

    public var kind: String {
        switch place {
        case .tcp: "tcp"
        case .udp: "udp"
        case .unixStream, .unixDatagram: "unix"
        }
    }

    /// Datagrams are gone when they are sent; nobody says whether they arrive.
    public var settleTime: Int { place.isStream ? 5 : 0 }

    public func connect() throws(OutputError) {
        disconnect()
        switch place {
        case .unixStream(let path), .unixDatagram(let path): try connect(path: path)
        case .tcp(let host, let port), .udp(let host, let port): try connect(host: host, port: port)
        }
    }

    private func connect(path: String) throws(OutputError) {
        guard let address = SocketAddress(path: path) else { throw .unreachable(name, errno: ENAMETOOLONG) }
        descriptor = socket(AF_UNIX, type, 0)
        guard descriptor >= 0 else { throw .unreachable(name, errno: errno) }
        let code = address.withPointer { finishConnecting(Glibc.connect(descriptor, $0, $1)) }
        guard code == 0 else {
            disconnect()
            throw .unreachable(name, errno: code)
        }
    }

    private func connect(host: String, port: Int) throws(OutputError) {
        var hints = addrinfo()
        hints.ai_socktype = type & ~(Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue))
        hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        let found = getaddrinfo(host, "\(port)", &hints, &list)
        guard found == 0, let list else {
            throw .unreachable(name, "\(host) has no address: \(String(cString: gai_strerror(found)))")
        }
        defer { freeaddrinfo(list) }
        var code = ENOENT
        for entry in sequence(first: list, next: { $0.pointee.ai_next }) {
            descriptor = socket(entry.pointee.ai_family, type, 0)
            guard descriptor >= 0 else { continue }
            setOptions()
            code = finishConnecting(Glibc.connect(descriptor, entry.pointee.ai_addr, entry.pointee.ai_addrlen))
            if code == 0 { return }
            disconnect()
        }
        throw .unreachable(name, errno: code)
    }

    private var type: Int32 {
        let kind = place.isStream ? Int32(SOCK_STREAM.rawValue) : Int32(SOCK_DGRAM.rawValue)
        return kind | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    }

    private func setOptions() {
        guard place.isStream else { return }
        let size = socklen_t(MemoryLayout<Int32>.size)
        var (one, patience) = (Int32(1), Self.patience)
        setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &one, size)
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_USER_TIMEOUT, &patience, size)
    }

    /// Waits for a connection that is being made. Returns an error number, or zero.
    private func finishConnecting(_ result: Int32) -> Int32 {
        guard result != 0 else { return 0 }
        guard errno == EINPROGRESS || errno == EAGAIN else { return errno }
        guard wait(for: Int16(POLLOUT), Self.patience) != 0 else { return ETIMEDOUT }
        var code: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
        return code
    }

    /// What poll has to say within some milliseconds; zero for nothing.
    private func wait(for events: Int16, _ milliseconds: Int32) -> Int16 {
        var request = pollfd(fd: descriptor, events: events, revents: 0)
        while poll(&request, 1, milliseconds) < 0, errno == EINTR {}
        return request.revents
    }

    public func send(_ messages: borrowing MessageBuffer) throws(OutputError) {
        guard place.isStream else {
            for index in 0..<messages.count {
                let code = messages.withMessage(index) { sendAll($0) }
                if code != 0 { try fail(code) }
            }
            return
        }
        buffer.clear()
        framing.append(messages, to: &buffer)
        let code = buffer.withBytes { sendAll($0) }
        if code != 0 { try fail(code) }
        try attend()
    }

    /// Sends bytes, a datagram at once. Returns an error number, or zero.
    private func sendAll(_ bytes: UnsafeRawBufferPointer) -> Int32 {
        var done = 0
        while done < bytes.count {
            let count = Glibc.send(descriptor, bytes.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
            if count > 0 {
                done += count
            } else if errno == EAGAIN || errno == ENOBUFS {
                guard wait(for: Int16(POLLOUT), Self.patience) != 0 else { return ETIMEDOUT }
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }

    private func fail(_ code: Int32) throws(OutputError) {
        disconnect()
        throw .unreachable(name, errno: code)
    }

    public func attend() throws(OutputError) {
        guard place.isStream, wait(for: Int16(POLLIN), 0) != 0 else { return }
        // A receiver of logs says nothing; what it says all the same is read and forgotten.
        var scrap = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &scrap, scrap.count, Int32(MSG_DONTWAIT))
            if count > 0 { continue }
            if count < 0, errno == EAGAIN || errno == EINTR { return }
            let code = count == 0 ? ECONNRESET : errno
            try fail(code)
        }
    }

    public func finish() -> Bool {
        guard descriptor >= 0 else { return false }
        defer { disconnect() }
        guard place.isStream, shutdown(descriptor, Int32(SHUT_WR)) == 0 else { return true }
        // A receiver that closes after our end has read everything before it.
        guard wait(for: Int16(POLLIN), Self.farewell) != 0 else { return false }
        var byte: UInt8 = 0
        return recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT)) == 0
    }

    public func disconnect() {
        if descriptor >= 0 { Glibc.close(descriptor) }
        descriptor = -1
    }
}
