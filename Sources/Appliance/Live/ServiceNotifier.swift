// Words to the service manager (sd_notify(3)): one datagram each.

import Glibc
import Outputs

/// Tells systemd how the service stands, when it runs under systemd; else does nothing. Any thread may call it.
struct ServiceNotifier: Sendable {
    /// Nanoseconds between two heartbeats, half of what systemd allows; nil when it does not watch.
    let heartbeatInterval: Int64?
    private let path: String?

    init() {
        path = getenv("NOTIFY_SOCKET").map { String(cString: $0) }
        let isOurs = getenv("WATCHDOG_PID").map { Int32(String(cString: $0)) == getpid() } ?? true
        heartbeatInterval =
            isOurs ? getenv("WATCHDOG_USEC").flatMap { Int64(String(cString: $0)) }.map { $0 * 500 } : nil
    }

    func ready(_ status: String) { send("READY=1\nSTATUS=\(status)") }
    func heartbeat() { send("WATCHDOG=1") }
    func stopping() { send("STOPPING=1") }

    func reloading() {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        send("RELOADING=1\nMONOTONIC_USEC=\(now.tv_sec * 1_000_000 + now.tv_nsec / 1000)")
    }

    private func send(_ text: String) {
        guard let path, let address = SocketAddress(path: path) else { return }
        let descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var text = text
        text.withUTF8 { bytes in
            address.withPointer { pointer, length in
                _ = sendto(descriptor, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL), pointer, length)
            }
        }
    }
}
