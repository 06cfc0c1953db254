// Sends probe frames in time.

import CLinux
import Glibc
import NetTypes

/// Sends frames out of an interface, whatever network the thread is in that uses it. Used by one thread at a time.
public struct PacketSender: Sendable {
    /// A frame and when it leaves, nanoseconds from the start.
    public struct Departure: Sendable {
        public let time: Int
        public let frame: Int

        public init(time: Int, frame: Int) {
            self.time = time
            self.frame = frame
        }
    }

    private let descriptor: Int32

    public init(interface: String) throws(EnforcementError) {
        descriptor = lepton_packet_socket(interface)
        guard descriptor >= 0 else {
            throw EnforcementError("\(interface): no packets can be sent: \(String(cString: strerror(errno)))")
        }
    }

    /// Closes the socket.
    public func end() {
        close(descriptor)
    }

    /// Sends frames when they are due; one that is late leaves at once.
    ///
    /// - Returns: how many left.
    public func send(_ departures: [Departure], of frames: [[UInt8]]) -> Int {
        let start = Self.now
        var sent = 0
        for departure in departures {
            let early = start + departure.time - Self.now
            if early > 50_000 {
                var pause = timespec(tv_sec: early / 1_000_000_000, tv_nsec: early % 1_000_000_000)
                nanosleep(&pause, nil)
            }
            let frame = frames[departure.frame]
            let count = frame.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, 0) }
            if count == frame.count { sent += 1 }
        }
        return sent
    }

    private static var now: Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    /// The hardware address of an interface of this thread's network.
    public static func hardwareAddress(of interface: String) throws(EnforcementError) -> MACAddress {
        let text = try Program.ip.require(["-o", "link", "show", "dev", interface])
        let words = text.split(separator: " ")
        guard let index = words.firstIndex(of: "link/ether"), index + 1 < words.count else {
            throw EnforcementError("\(interface) has no hardware address")
        }
        let bits = words[index + 1].split(separator: ":").reduce(UInt64(0)) { $0 << 8 | (UInt64($1, radix: 16) ?? 0) }
        return MACAddress(bits: bits)
    }
}
