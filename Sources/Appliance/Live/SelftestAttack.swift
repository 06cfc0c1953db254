// A port scan and a guessing of passwords that never happened, to see whether they would be noticed.

import NetTypes

/// The frames of an attack between addresses that are reserved for documentation (RFC 5737): nobody has them, so an
/// alert about them comes from a self-test alone.
///
/// Each frame has its own memory, which lives as long as the attack does.
final class SelftestAttack: @unchecked Sendable {
    /// Ports that are scanned, and then connections to the port of logins: each is one SYN and one RST. The two are
    /// evidence of different kinds, so that the attack is told wherever the threshold lies.
    private static let ports = 300
    private static let logins = 300
    private static var attempts: Int { ports + logins }
    private static let loginPort: UInt16 = 22
    private static let frameLength = 54

    let source: IPAddress
    private let memory: UnsafeMutableRawBufferPointer

    /// - Parameter number: how many self-tests there were before: each comes from another address, since a detector gets
    ///   used to what repeats itself.
    init(number: Int) {
        let attacker = UInt32(0xC633_6400) + UInt32(1 + number % 254)
        let victim = UInt32(0xCB00_7100) + UInt32(1 + (number * 7) % 254)
        source = IPAddress(v4: attacker)
        memory = .allocate(byteCount: Self.frameCount * Self.frameLength, alignment: 8)
        for attempt in 0..<Self.attempts {
            let local = UInt16(40_000 + attempt)
            let remote = attempt < Self.ports ? UInt16(1 + attempt) : Self.loginPort
            write(2 * attempt, from: attacker, local, to: victim, remote, flags: [.syn])
            write(2 * attempt + 1, from: victim, remote, to: attacker, local, flags: [.rst, .ack])
        }
    }

    deinit {
        memory.deallocate()
    }

    /// Whether an alert is about a self-test: both sides lie in its ranges.
    static func isOne(_ alert: Alert) -> Bool {
        attackers.contains(alert.source) && victims.contains(alert.target)
    }

    private static let attackers = IPPrefix("198.51.100.0/24")!
    private static let victims = IPPrefix("203.0.113.0/24")!

    /// Frames of the attack.
    static var frameCount: Int { attempts * 2 }

    /// Adds all frames to a batch, which must have room.
    func append(to batch: FrameBatch, at time: Timestamp) {
        for index in 0..<Self.frameCount {
            guard let start = memory.baseAddress else { return }
            batch.append(
                Frame(
                    base: UnsafePointer((start + index * Self.frameLength).assumingMemoryBound(to: UInt8.self)),
                    capturedLength: UInt32(Self.frameLength), wireLength: UInt32(Self.frameLength), time: time,
                    linkType: .ethernet))
        }
    }

    private func write(
        _ index: Int, from: UInt32, _ fromPort: UInt16, to: UInt32, _ toPort: UInt16, flags: TCPFlags
    ) {
        // Locally administered hardware addresses, IPv4 without options, TCP without options.
        var bytes: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00, 0x45, 0]
        func append16(_ value: UInt16) { bytes += [UInt8(value >> 8), UInt8(value & 255)] }
        func append32(_ value: UInt32) {
            append16(UInt16(value >> 16))
            append16(UInt16(value & 0xffff))
        }
        append16(40)
        append32(0)
        bytes += [64, IPProtocol.tcp, 0, 0]
        append32(from)
        append32(to)
        append16(fromPort)
        append16(toPort)
        append32(UInt32(index))
        append32(0)
        bytes += [0x50, flags.rawValue]
        append16(1024)
        append32(0)
        UnsafeMutableRawBufferPointer(rebasing: memory[(index * Self.frameLength)...]).copyBytes(from: bytes)
    }
}
