// Tests: message digests.

import Digest
import Testing

/// Digests as hexadecimal text, of whole messages and of messages that arrive in pieces.
private enum Hexadecimal {
    static func text<let count: Int>(_ digest: InlineArray<count, UInt8>) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: digest.indices.flatMap { [digits[Int(digest[$0] >> 4)], digits[Int(digest[$0] & 15)]] },
            as: UTF8.self)
    }

    static func md5(_ message: [UInt8]) -> String { message.withUnsafeBytes { text(MD5.digest(of: $0)) } }
    static func sha1(_ message: [UInt8]) -> String { message.withUnsafeBytes { text(SHA1.digest(of: $0)) } }
    static func sha256(_ message: [UInt8]) -> String { message.withUnsafeBytes { text(SHA256.digest(of: $0)) } }
}

@Suite("Message digests")
struct DigestTests {
    @Test(
        "MD5 gives the digests of RFC 1321, appendix A.5",
        arguments: [
            ("", "d41d8cd98f00b204e9800998ecf8427e"),
            ("a", "0cc175b9c0f1b6a831c399e269772661"),
            ("abc", "900150983cd24fb0d6963f7d28e17f72"),
            ("message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
            ("abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"),
            (
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
                "d174ab98d277d9f5a5611c2c9f419d9f"
            ),
            (
                "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
                "57edf4a22be3c955ac49da2e2107b67a"
            ),
        ])
    func md5(message: String, digest: String) {
        #expect(Hexadecimal.md5(Array(message.utf8)) == digest)
    }

    @Test(
        "SHA-1 gives the digests of the FIPS 180 examples",
        arguments: [
            ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
            ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
            ),
        ])
    func sha1(message: String, digest: String) {
        #expect(Hexadecimal.sha1(Array(message.utf8)) == digest)
    }

    @Test(
        "SHA-256 gives the digests of the FIPS 180 examples",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func sha256(message: String, digest: String) {
        #expect(Hexadecimal.sha256(Array(message.utf8)) == digest)
    }

    @Test("A million times the letter a gives the digests of FIPS 180, and for MD5 that of Python's hashlib")
    func million() {
        let message = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(Hexadecimal.md5(message) == "7707d6ae4e027c70eea2a935c2296f21")
        #expect(Hexadecimal.sha1(message) == "34aa973cd4c4daa4f61eeb2bdbad27316534016f")
        #expect(Hexadecimal.sha256(message) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test(
        "A message in two pieces has the digest of the whole, wherever it is cut", arguments: [1, 55, 56, 63, 64, 200])
    func pieces(length: Int) {
        let message = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 11) }
        for cut in 0...length {
            var md5 = MD5()
            var sha1 = SHA1()
            var sha256 = SHA256()
            for piece in [message[..<cut], message[cut...]] {
                piece.withUnsafeBytes {
                    md5.update($0)
                    sha1.update($0)
                    sha256.update($0)
                }
            }
            #expect(Hexadecimal.text(md5.finish()) == Hexadecimal.md5(message))
            #expect(Hexadecimal.text(sha1.finish()) == Hexadecimal.sha1(message))
            #expect(Hexadecimal.text(sha256.finish()) == Hexadecimal.sha256(message))
        }
    }
}
