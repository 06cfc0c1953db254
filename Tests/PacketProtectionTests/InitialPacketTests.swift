// Whole Initial packets: sealed as the standard's sample, opened, and refused.

import PacketProtection
import PacketSealing
import Testing

@Suite("QUIC Initial packets")
struct InitialPacketTests {
    /// The packet of RFC 9001, appendix A.2: 1,162 bytes of frames in packet 2.
    private let sample = InitialSealer(version: .one, connectionID: StandardHello.connectionID).seal(
        InitialSealer.crypto(StandardHello.message, at: 0), number: 2, padding: 1162)

    private func open(
        _ packet: [UInt8], numberOffset: Int, version: QUICVersion = .one, keysOf identifier: [UInt8]
    ) -> [UInt8]? {
        guard let opener = InitialOpener() else { return nil }
        return packet.withUnsafeBytes { bytes in
            identifier.withUnsafeBytes { identifier in
                opener.open(bytes, numberOffset: numberOffset, version: version, connectionID: identifier) { Array($0) }
            }
        }
    }

    @Test("The test's sealer writes the packet that RFC 9001 prints")
    func sealedAsPublished() {
        #expect(sample.count == 1200)
        #expect(Array(sample.prefix(22)) == StandardHello.bytes("c000000001088394c8f03e5157080000449e7b9aec34"))
        #expect(Array(sample[22..<38]) == StandardHello.bytes("d1b1c98dd7689fb8ec11d242b123dc9b"))
        #expect(Array(sample.suffix(16)) == StandardHello.bytes("e221af44860018ab0856972e194cd934"))
    }

    @Test("A packet opens to its frames, whatever the length of its number", arguments: 1...4, QUICVersion.allCases)
    func opens(_ numberLength: Int, _ version: QUICVersion) {
        let frames = InitialSealer.crypto(StandardHello.message, at: 0)
        let packet = InitialSealer(version: version, connectionID: StandardHello.connectionID)
            .seal(frames, number: 5, numberLength: numberLength)
        #expect(open(packet, numberOffset: 18, version: version, keysOf: StandardHello.connectionID) == frames)
    }

    @Test("A packet with one changed bit does not open", arguments: [0, 5, 20, 30, 700, 1199])
    func changed(_ place: Int) {
        var packet = sample
        packet[place] ^= 1
        #expect(open(packet, numberOffset: 18, keysOf: StandardHello.connectionID) == nil)
    }

    @Test("Another connection's keys and another version's do not open a packet")
    func otherKeys() {
        #expect(open(sample, numberOffset: 18, keysOf: StandardHello.connectionID) != nil)
        #expect(open(sample, numberOffset: 18, keysOf: [1, 2, 3, 4]) == nil)
        #expect(open(sample, numberOffset: 18, version: .two, keysOf: StandardHello.connectionID) == nil)
    }

    @Test("A packet longer than any client sends is refused")
    func tooLong() {
        let packet = InitialSealer(version: .one, connectionID: [1]).seal([1], padding: InitialOpener.maximumLength)
        #expect(open(packet, numberOffset: 11, keysOf: [1]) == nil)
    }
}
