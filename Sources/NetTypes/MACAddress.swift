// A 48-bit link-layer address.

/// An Ethernet address; the 48 bits lie in the low part of `bits`, first byte on the wire most significant.
@frozen
public struct MACAddress: Hashable, Sendable {
    public var bits: UInt64

    @inlinable
    public init(bits: UInt64) {
        self.bits = bits & 0xffff_ffff_ffff
    }

    /// The byte at `index`, 0 to 5, in the order of the wire.
    @inlinable
    public subscript(index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: bits >> UInt64(40 - index * 8))
    }

    /// Whether no address was seen: links without Ethernet headers.
    @inlinable
    public var isZero: Bool { bits == 0 }

    /// Whether the group bit is set: broadcast or multicast.
    @inlinable
    public var isGroup: Bool { self[0] & 1 == 1 }
}

extension MACAddress: CustomStringConvertible {
    /// Lower-case hexadecimal with colons.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        var text = [UInt8]()
        for index in 0..<6 {
            if index > 0 { text.append(UInt8(ascii: ":")) }
            text.append(digits[Int(self[index] >> 4)])
            text.append(digits[Int(self[index] & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }
}
