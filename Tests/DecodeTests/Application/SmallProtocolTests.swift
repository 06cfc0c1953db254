// Tests: SSH banners.

import Decode
import NetTypes
import Testing

@Suite("SSH banners")
struct SSHTests {
    private static let client = Array("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n".utf8)
    private static let server = Array("SSH-1.99-dropbear_2022.83\n".utf8)

    @Test("Both banners make one record, on any port and wherever they are cut")
    func banners() {
        for cut in 1..<Self.client.count {
            let flow = Conversation(tcp: 2222)
            flow.send(Self.server, toServer: false)
            flow.send(Self.client, toServer: true, cuts: [cut])
            #expect(flow.application == .ssh)
            #expect(flow.records.count == 1)
            let record = flow.records.first
            #expect(record?.text(.sshClientProtocol) == "2.0")
            #expect(record?.text(.sshClientSoftware) == "OpenSSH_9.2p1")
            #expect(record?.text(.sshServerProtocol) == "1.99")
            #expect(record?.text(.sshServerSoftware) == "dropbear_2022.83")
            #expect(record?.isTruncated == false)
        }
    }

    @Test("One banner alone gives a record when the flow closes")
    func oneSide() {
        let flow = Conversation(tcp: 22)
        flow.send(Self.server, toServer: false)
        #expect(flow.records.isEmpty)
        flow.close()
        #expect(flow.records.first?.text(.sshServerSoftware) == "dropbear_2022.83")
    }
}

@Suite("DHCP messages")
struct DHCPTests {
    static let message: [UInt8] =
        [2, 1, 6, 0, 0xde, 0xad, 0xbe, 0xef, 0, 0, 0, 0] + [0, 0, 0, 0] + [192, 168, 1, 50] + [192, 168, 1, 1]
        + [0, 0, 0, 0] + [2, 0, 0, 0, 0, 7] + [UInt8](repeating: 0, count: 10 + 192) + [0x63, 0x82, 0x53, 0x63]
        + [53, 1, 5] + [51, 4, 0, 0, 0x0e, 0x10] + [58, 4, 0, 0, 7, 8] + [59, 4, 0, 0, 0x0c, 0x4e]
        + [1, 4, 255, 255, 255, 0] + [3, 4, 192, 168, 1, 1] + [6, 8, 9, 9, 9, 9, 8, 8, 8, 8]
        + [12, 6] + Array("laptop".utf8) + [0] + [60, 3] + Array("abc".utf8) + [50, 4, 192, 168, 1, 50] + [255]

    @Test("An acknowledgement gives its addresses, times and names")
    func acknowledgement() {
        let flow = Conversation(udp: 67)
        flow.send(Self.message, toServer: false)
        #expect(flow.application == .dhcp)
        let record = flow.records.first
        #expect(record?.integer(.dhcpOperation) == 2)
        #expect(record?.integer(.dhcpID) == 0xdead_beef)
        #expect(record?.integer(.dhcpClientMAC) == 0x0200_0000_0007)
        #expect(record?.integer(.dhcpAssignedAddress) == 0xc0a8_0132)
        #expect(record?.integer(.dhcpNextServer) == 0xc0a8_0101)
        #expect(record?.integer(.dhcpMessageType) == 5)
        #expect(record?.integer(.dhcpLeaseTime) == 3600)
        #expect(record?.integer(.dhcpRenewalTime) == 1800)
        #expect(record?.integer(.dhcpRebindingTime) == 3150)
        #expect(record?.integer(.dhcpSubnetMask) == 0xffff_ff00)
        #expect(record?.integers(.dhcpRouter) == [0xc0a8_0101])
        #expect(record?.integers(.dhcpNameServer) == [0x0909_0909, 0x0808_0808])
        #expect(record?.text(.dhcpHostName) == "laptop")
        #expect(record?.text(.dhcpVendorClass) == "abc")
        #expect(record?.integer(.dhcpRequestedAddress) == 0xc0a8_0132)
        #expect(record?.isTruncated == false)
    }

    @Test("BOOTP without the magic cookie is not taken for DHCP")
    func noCookie() {
        let flow = Conversation(udp: 67)
        flow.send([UInt8](repeating: 1, count: 300), toServer: true)
        #expect(flow.application == .failed)
    }
}

@Suite("Entropy")
struct EntropyTests {
    @Test("Entropy is that of textbook cases")
    func known() {
        func entropy(_ bytes: [UInt8]) -> Double { bytes.withUnsafeBytes { shannonEntropy($0) } }
        #expect(entropy([]) == 0)
        #expect(entropy([UInt8](repeating: 9, count: 64)) == 0)
        #expect(entropy([0, 1, 0, 1]) == 1)
        #expect(entropy(Array(0..<64)) == 6)
        #expect(entropy(Array(0...255)) == 8)
        // A fair byte and three times another: 2 - 0.75 · log2(3).
        #expect(abs(entropy([1, 2, 2, 2]) - 0.811_278_124_459_133) < 1e-10)
        #expect(abs(entropy(Array("hello world".utf8)) - 2.845_350_936_622_44) < 1e-10)
    }
}
