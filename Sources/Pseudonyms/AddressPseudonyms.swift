// Pseudonyms of addresses: keyed, one to one, and neighbours stay neighbours.

import CCrypto
import NetTypes

/// Replaces addresses by others so that two that share their first n bits get pseudonyms that share their first n bits.
///
/// Crypto-PAn (Xu, Fan, Ammar, Moon, Prefix-Preserving IP Address Anonymization, ICNP 2002): bit i of the pseudonym is bit
/// i of the address, turned over by one bit of AES-128 over the i bits before it, filled up with bits of a secret pad. The
/// inputs of all bits are known beforehand, so one call encrypts them all. Hardware addresses are mapped the same way
/// below their first byte, which tells groups and locally made addresses.
///
/// Not for concurrent use: each writer has its own.
public final class AddressPseudonyms: @unchecked Sendable {
    /// Bytes of a key: an AES key, then what the pad is encrypted from.
    public static let keyLength = 32

    private static let blockLength = 16
    private static let cacheSize = 4096

    private let cipher: OpaquePointer
    /// The secret pad, most significant bits first.
    private let pad: (high: UInt64, low: UInt64)
    private var blocks = [UInt8](repeating: 0, count: 128 * blockLength)
    private var masks = [UInt8](repeating: 0, count: 128 * blockLength)
    /// Addresses met before, each at the place that its bits choose.
    private var cache: [(address: IPAddress, pseudonym: IPAddress)?]

    /// - Parameter key: 32 secret bytes; the same ones give the same pseudonyms.
    public init(key: [UInt8]) {
        precondition(key.count == Self.keyLength, "a key has 32 bytes")
        guard let cipher = EVP_CIPHER_CTX_new() else { preconditionFailure("no memory for a cipher") }
        let isReady = EVP_EncryptInit_ex(cipher, EVP_aes_128_ecb(), nil, key, nil)
        precondition(isReady == 1, "libcrypto has no AES")
        EVP_CIPHER_CTX_set_padding(cipher, 0)
        self.cipher = cipher
        cache = Array(repeating: nil, count: Self.cacheSize)
        var block = Array(key[16...])
        var count: Int32 = 0
        EVP_EncryptUpdate(cipher, &block, &count, Array(key[16...]), Int32(Self.blockLength))
        pad = (Self.word(block[..<8]), Self.word(block[8...]))
    }

    deinit {
        EVP_CIPHER_CTX_free(cipher)
    }

    /// The pseudonym of an address, of the same version.
    public func pseudonym(of address: IPAddress) -> IPAddress {
        let place = Int(
            truncatingIfNeeded: (address.low ^ address.high &* 0x9e37_79b9_7f4a_7c15) % UInt64(Self.cacheSize))
        if let known = cache[place], known.address == address { return known.pseudonym }
        let pseudonym: IPAddress
        if address.isIPv6 {
            let mask = mask(of: (address.high, address.low), bits: 0..<128)
            pseudonym = IPAddress(high: address.high ^ mask.high, low: address.low ^ mask.low, isIPv6: true)
        } else {
            let mask = mask(of: (address.low << 32, 0), bits: 0..<32)
            pseudonym = IPAddress(v4: UInt32(truncatingIfNeeded: address.low ^ mask.high >> 32))
        }
        cache[place] = (address, pseudonym)
        return pseudonym
    }

    /// The pseudonym of a hardware address: broadcast and zero stay what they are, as does every first byte.
    public func pseudonym(of address: MACAddress) -> MACAddress {
        guard !address.isZero, address.bits != 0xffff_ffff_ffff else { return address }
        let mask = mask(of: (address.bits << 16, 0), bits: 8..<48)
        return MACAddress(bits: address.bits ^ mask.high >> 16)
    }

    /// Which bits are turned over: a bit depends on those before it alone.
    private func mask(of address: (high: UInt64, low: UInt64), bits: Range<Int>) -> (high: UInt64, low: UInt64) {
        for (place, bit) in bits.enumerated() {
            // The first `bit` bits of the address, then those of the pad.
            let highMask = bit == 0 ? 0 : bit >= 64 ? UInt64.max : UInt64.max << UInt64(64 - bit)
            let lowMask = bit <= 64 ? 0 : UInt64.max << UInt64(128 - bit)
            let high = address.high & highMask | pad.high & ~highMask
            let low = address.low & lowMask | pad.low & ~lowMask
            blocks.withUnsafeMutableBytes { bytes in
                bytes.storeBytes(of: high.bigEndian, toByteOffset: place * Self.blockLength, as: UInt64.self)
                bytes.storeBytes(of: low.bigEndian, toByteOffset: place * Self.blockLength + 8, as: UInt64.self)
            }
        }
        var written: Int32 = 0
        let isEncrypted = EVP_EncryptUpdate(cipher, &masks, &written, blocks, Int32(bits.count * Self.blockLength))
        precondition(isEncrypted == 1, "libcrypto refuses AES")
        var mask: (high: UInt64, low: UInt64) = (0, 0)
        for (place, bit) in bits.enumerated() {
            let one = UInt64(masks[place * Self.blockLength] >> 7)
            if bit < 64 { mask.high |= one << UInt64(63 - bit) } else { mask.low |= one << UInt64(127 - bit) }
        }
        return mask
    }

    private static func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
