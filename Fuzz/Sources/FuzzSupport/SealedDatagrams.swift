// Turns an input into sealed QUIC packets, so that its bytes are what a decoder finds inside.

import PacketProtection
import PacketSealing

public enum SealedDatagrams {
    /// What the bits of a packet's first byte mean.
    private struct Control: OptionSet {
        let rawValue: UInt8
        /// The packet goes from server to client.
        static let toClient = Control(rawValue: 1)
        static let versionTwo = Control(rawValue: 2)
        /// Another connection identifier, as after a Retry.
        static let otherConnection = Control(rawValue: 4)
        /// The datagram goes on with the next packet.
        static let joined = Control(rawValue: 8)
        /// The header names another connection than the keys come from, as a client's later packets do.
        static let renamed = Control(rawValue: 16)
        /// The frames are the bytes of one CRYPTO frame, which is put around them.
        static let framed = Control(rawValue: 32)
    }

    private static let identifiers: [[UInt8]] = [[1, 2, 3, 4, 5, 6, 7, 8], [9, 10, 11, 12]]

    /// Gives an input for `Dialogue`.
    ///
    /// The input is a row of packets: a byte of control (see `Control`), a length of two bytes, little-endian, and the
    /// frames. With `framed`, two bytes of offset stand before the length. The last packet takes what is left.
    /// scripts/fuzzing/make-seeds writes the same form.
    public static func dialogue(from input: inout FuzzInput) -> [UInt8] {
        var result: [UInt8] = [0]
        var datagram: [UInt8] = []
        var number: UInt32 = 0
        while !input.isAtEnd {
            let control = Control(rawValue: input.byte())
            let offset = control.contains(.framed) ? Int(input.integer(UInt16.self)) : 0
            // What fits into a packet that is opened.
            let bytes = Array(input.take(min(Int(input.integer(UInt16.self)), 8000)))
            let first = identifiers[control.contains(.otherConnection) ? 1 : 0]
            let sealer = InitialSealer(
                version: control.contains(.versionTwo) ? .two : .one,
                connectionID: control.contains(.renamed) ? [7] : first, keysOf: first)
            let frames = control.contains(.framed) ? InitialSealer.crypto(bytes, at: offset) : bytes
            datagram += sealer.seal(frames, number: number, numberLength: Int(number % 4) + 1)
            number += 1
            if control.contains(.joined), !input.isAtEnd, datagram.count < 40_000 { continue }
            result += [control.contains(.toClient) ? 1 : 0]
            result += [UInt8(truncatingIfNeeded: datagram.count), UInt8(truncatingIfNeeded: datagram.count >> 8)]
            result += datagram
            datagram = []
        }
        return result
    }
}
