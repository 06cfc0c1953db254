// Keys of QUIC Initial packets against the published vectors.

import Testing

@testable import PacketProtection

@Suite struct InitialSecretsTests {
    private let connectionID: [UInt8] = [0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08]

    private func hexadecimal(_ bytes: InlineArray<32, UInt8>, _ count: Int) -> String {
        (0..<count).map { index in
            let text = String(bytes[index], radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
    }

    @Test(arguments: [
        // RFC 9001, appendix A.1.
        (
            QUICVersion.one, "1f369613dd76d5467730efcbe3b1a22d", "fa044b2f42a3fd3b46fb255c",
            "9f50449e04a0e810283a1e9933adedd2"
        ),
        // RFC 9369, appendix A.1.
        (
            .two, "8b1a0bc121284290a29e0971b5cd045d", "91f73e2351d8fa91660e909f", "45b95e15235d6f45a6b19cbcb0294ba9"
        ),
    ])
    func keysAreThoseOfTheStandards(_ version: QUICVersion, _ key: String, _ iv: String, _ protection: String) throws {
        let secrets = try #require(connectionID.withUnsafeBytes { InitialSecrets(version: version, connectionID: $0) })
        #expect(hexadecimal(secrets.key, 16) == key)
        #expect(hexadecimal(secrets.iv, 12) == iv)
        #expect(hexadecimal(secrets.headerProtection, 16) == protection)
    }

    @Test func aPacketUnderOtherKeysDoesNotOpen() throws {
        let opener = try #require(InitialOpener())
        let packet = [UInt8](repeating: 0xc0, count: 1200)
        let opened: Int? = packet.withUnsafeBytes { bytes in
            connectionID.withUnsafeBytes { identifier in
                opener.open(bytes, numberOffset: 18, version: .one, connectionID: identifier) { $0.count }
            }
        }
        #expect(opened == nil)
    }

    @Test(arguments: [0, 17, 1199, 1200, 5000])
    func aPacketNumberOutsideThePacketIsRefused(_ offset: Int) throws {
        let opener = try #require(InitialOpener())
        let packet = [UInt8](repeating: 0, count: 30)
        let opened: Int? = packet.withUnsafeBytes { bytes in
            connectionID.withUnsafeBytes { identifier in
                opener.open(bytes, numberOffset: offset, version: .one, connectionID: identifier) { $0.count }
            }
        }
        #expect(opened == nil)
    }
}
