// Messages between the appliance and its helper.

import Glibc

/// Sends and receives messages over a stream socket: four bytes of length, most significant first, then that many bytes.
public struct FrameChannel: Sendable {
    let descriptor: Int32

    /// No message is longer.
    public static let longest = 1 << 20

    public init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Sends one message; false when nobody listens any more.
    public func send(_ message: [UInt8]) -> Bool {
        precondition(message.count <= Self.longest, "a message fits into its bound")
        let length = UInt32(message.count)
        let frame = (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * UInt32($0))) } + message
        return frame.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = Glibc.send(
                    descriptor, bytes.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
    }

    /// Receives one message; nil at the end, or when its length is not one that is ever sent.
    public func receive() -> [UInt8]? {
        guard let head = read(4) else { return nil }
        let length = head.reduce(0) { $0 << 8 | Int($1) }
        return length <= Self.longest ? read(length) : nil
    }

    private func read(_ count: Int) -> [UInt8]? {
        var isWhole = true
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
            done = 0
            while done < count {
                let result = Glibc.recv(descriptor, buffer.baseAddress! + done, count - done, 0)
                if result < 0, errno == EINTR { continue }
                guard result > 0 else {
                    isWhole = false
                    return
                }
                done += result
            }
        }
        return isWhole ? bytes : nil
    }
}

/// What the appliance may ask of its helper.
enum HelperVerb: UInt8 {
    /// A recommendation as a file has it.
    case apply = 0x41
    /// The name of a change.
    case undo = 0x55
    /// Names of what is in force.
    case list = 0x4c
}

/// How the helper answers; text follows.
enum HelperAnswer: UInt8 {
    case done = 0x44
    case failed = 0x46
}
