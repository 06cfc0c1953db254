// Tests: TLS handshakes.

import Decode
import NetTypes
import Testing

@Suite("TLS handshakes")
struct TLSTests {
    private static let serverFlight12 =
        TLSSample.serverHello(cipher: 0xc02b, extensions: [(0xff01, [0]), (0x000b, [1, 0])])
        + TLSSample.certificateMessage() + TLSSample.message(14, [])

    @Test("JA3 gives the strings and hashes that its authors published")
    func ja3() {
        let full = TLSSample.clientHello(
            version: 0x0301, ciphers: [47, 53, 5, 10, 49161, 49162, 49171, 49172, 50, 56, 19, 4],
            extensions: [
                (0, TLSSample.serverName("a.example").1), (10, TLSSample.counted16(TLSSample.codes([23, 24, 25]))),
                (11, [1, 0]),
            ])
        let bare = TLSSample.clientHello(
            version: 0x0301, ciphers: [4, 5, 10, 9, 100, 98, 3, 6, 19, 18, 99], extensions: nil)
        let expected = [
            (
                full, "769,47-53-5-10-49161-49162-49171-49172-50-56-19-4,0-10-11,23-24-25,0",
                "ada70206e40642a3e4461f35503241d5"
            ),
            (bare, "769,4-5-10-9-100-98-3-6-19-18-99,,,", "de350869b8c85de67a350c8d186f11e6"),
        ]
        for (hello, string, hash) in expected {
            let flow = Conversation(tcp: 443)
            flow.send(TLSSample.record(22, hello), toServer: true)
            flow.close()
            #expect(flow.records.count == 1)
            #expect(flow.records.first?.text(.tlsJA3) == string)
            #expect(flow.records.first?.text(.tlsJA3Hash) == hash)
            #expect(flow.records.first?.integer(.tlsVersion) == 0x0301)
        }
    }

    @Test("JA4 gives the fingerprint of the example in its specification, whatever GREASE is in the hello")
    func ja4() {
        let flow = Conversation(tcp: 443)
        flow.send(TLSSample.record(22, TLSSample.browserHello), toServer: true)
        flow.send(
            TLSSample.record(
                22,
                TLSSample.serverHello(cipher: 0x1301, extensions: [(0x0033, [0, 29]), (0x002b, [3, 4])])),
            toServer: false)
        let record = flow.records.first
        #expect(flow.records.count == 1)
        #expect(record?.text(.tlsJA4) == "t13d1516h2_8daaf6152771_e5627efa2ab1")
        #expect(record?.text(.tlsServerName) == "example.org")
        #expect(record?.text(.tlsClientALPN) == "h2")
        #expect(record?.integers(.tlsVersion) == [0x0304])
        #expect(record?.integer(.tlsCipherSuite) == 0x1301)
        #expect(record?.text(.tlsJA3S) == "771,4865,51-43")
        #expect(record?.isTruncated == false)
        #expect(flow.application == .tls)
    }

    @Test(
        "The protocol part of JA4 follows the rule for bytes that are no letters or digits",
        arguments: [
            ([], "00"), ([[]], "00"), ([[0x68]], "hh"), ([Array("http/1.1".utf8)], "h1"), ([[0xab]], "ab"),
            ([[0xab, 0xcd]], "ad"), ([[0x30, 0xab]], "3b"), ([[0x30, 0x31, 0xab, 0xcd]], "3d"),
            ([[0x30, 0xab, 0xcd, 0x31]], "01"),
        ] as [([[UInt8]], String)])
    func alpn(names: [[UInt8]], code: String) {
        let extensions = names.isEmpty ? [] : [TLSSample.applicationProtocols(names)]
        let flow = Conversation(tcp: 443)
        flow.send(
            TLSSample.record(22, TLSSample.clientHello(ciphers: [0x1301], extensions: extensions)), toServer: true)
        flow.close()
        let count = extensions.isEmpty ? "00" : "01"
        #expect(flow.records.first?.text(.tlsJA4)?.hasPrefix("t12i01\(count)\(code)_") == true)
        #expect(flow.records.first?.text(.tlsJA4)?.hasSuffix("_000000000000") == true)
    }

    @Test("The certificate of a TLS 1.2 handshake is read, and the record goes out with it")
    func certificate() {
        let flow = Conversation(tcp: 8443)
        flow.send(
            TLSSample.record(22, TLSSample.clientHello(ciphers: [0xc02b], extensions: [TLSSample.serverName("x")])),
            toServer: true)
        #expect(flow.records.isEmpty)
        flow.send(TLSSample.record(22, Self.serverFlight12), toServer: false)
        #expect(flow.records.count == 1)
        let record = flow.records.first
        #expect(
            record?.text(.tlsSubject)
                == "C=US, O=Example, Inc., OU=R&D, CN=example.org, emailAddress=admin@example.org")
        #expect(record?.text(.tlsIssuer) == "DC=org, CN=Zürich CA, 1.3.6.1.4.1.32473.7=x")
        #expect(record?.text(.tlsSerial) == "00:8A:1B:2C:3D:4E:5F")
        #expect(record?.text(.tlsFingerprint) == TLSSample.fingerprint)
        #expect(record?.integer(.tlsNotBefore) == 1_709_208_001)
        #expect(record?.integer(.tlsNotAfter) == 2_587_679_999)
        #expect(record?.texts(.tlsSubjectAlternativeName) == ["example.org", "www.example.org"])
        #expect(record?.text(.tlsJA3S) == "771,49195,65281-11")
        #expect(record?.integer(.tlsResumed) == nil)
        #expect(record?.isTruncated == false)
    }

    @Test("A handshake cut into two segments at any byte gives the same record as the whole one")
    func everySegmentation() {
        let client = TLSSample.record(22, TLSSample.browserHello)
        // Two records, so that a message spans them too.
        let split = 150
        let server =
            TLSSample.record(22, Array(Self.serverFlight12[..<split]))
            + TLSSample.record(22, Array(Self.serverFlight12[split...]))
        let whole = Conversation(tcp: 443)
        whole.send(client, toServer: true)
        whole.send(server, toServer: false)
        #expect(whole.records.count == 1)
        for cut in 1..<client.count {
            let flow = Conversation(tcp: 443)
            flow.send(client, toServer: true, cuts: [cut])
            flow.send(server, toServer: false)
            #expect(flow.records == whole.records, "client hello cut at \(cut)")
        }
        for cut in 1..<server.count {
            let flow = Conversation(tcp: 443)
            flow.send(client, toServer: true)
            flow.send(server, toServer: false, cuts: [cut])
            #expect(flow.records == whole.records, "server flight cut at \(cut)")
        }
        let bytewise = Conversation(tcp: 443)
        bytewise.send(client, toServer: true, cuts: Array(1..<client.count))
        bytewise.send(server, toServer: false, cuts: Array(1..<server.count))
        #expect(bytewise.records == whole.records)
    }

    @Test("A server that changes to encryption right after its hello has resumed a session")
    func resumed() {
        let flow = Conversation(tcp: 443)
        flow.send(TLSSample.record(22, TLSSample.clientHello(ciphers: [0xc02b], extensions: [])), toServer: true)
        flow.send(TLSSample.record(22, TLSSample.serverHello(cipher: 0xc02b, extensions: [])), toServer: false)
        #expect(flow.records.isEmpty)
        flow.send(TLSSample.record(20, [1]) + TLSSample.record(22, [9, 9, 9, 9]), toServer: false)
        #expect(flow.records.count == 1)
        #expect(flow.records.first?.integer(.tlsResumed) == 1)
    }

    @Test("A HelloRetryRequest is passed over: the record shows the hello that counts")
    func retry() {
        let retryRandom = TLSSample.bytes("cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c")
        let flow = Conversation(tcp: 443)
        flow.send(TLSSample.record(22, TLSSample.browserHello), toServer: true)
        flow.send(
            TLSSample.record(
                22, TLSSample.serverHello(cipher: 0x1302, extensions: [(0x002b, [3, 4])], random: retryRandom))
                + TLSSample.record(20, [1]),
            toServer: false)
        flow.send(TLSSample.record(20, [1]) + TLSSample.record(22, TLSSample.browserHello), toServer: true)
        #expect(flow.records.isEmpty)
        flow.send(
            TLSSample.record(
                22, TLSSample.serverHello(cipher: 0x1301, extensions: [(0x002b, [3, 4]), (0x0029, [0, 0])])),
            toServer: false)
        #expect(flow.records.count == 1)
        #expect(flow.records.first?.integers(.tlsCipherSuite) == [0x1301])
        #expect(flow.records.first?.integer(.tlsResumed) == 1)
        #expect(flow.records.first?.texts(.tlsJA4).count == 1)
    }

    @Test("A hello whose padding the snap length cut still has its fingerprints; one cut before has its server name")
    func snapLength() {
        let hello = TLSSample.record(22, TLSSample.browserHello)
        let inPadding = Conversation(tcp: 443)
        inPadding.send(hello, toServer: true, captured: hello.count - 3)
        inPadding.close()
        #expect(inPadding.records.first?.text(.tlsJA4) == "t13d1516h2_8daaf6152771_e5627efa2ab1")
        #expect(inPadding.records.first?.isTruncated == true)

        let behindName = Conversation(tcp: 443)
        behindName.send(hello, toServer: true, captured: 130)
        behindName.close()
        #expect(behindName.records.first?.text(.tlsServerName) == "example.org")
        #expect(behindName.records.first?.text(.tlsJA4) == nil)
        #expect(behindName.records.first?.isTruncated == true)
    }

    @Test("A session of another protocol that turns to TLS is recognised when it does")
    func startTLS() {
        let flow = Conversation(tcp: 25)
        flow.send("220 mail.example.org ESMTP\r\n", toServer: false)
        flow.send("EHLO client.example.org\r\n", toServer: true)
        flow.send("250-mail.example.org\r\n250 STARTTLS\r\n", toServer: false)
        flow.send("STARTTLS\r\n", toServer: true)
        flow.send("220 go ahead\r\n", toServer: false)
        #expect(flow.application == .smtp)
        flow.send(TLSSample.record(22, TLSSample.browserHello), toServer: true)
        flow.send(TLSSample.record(22, Self.serverFlight12), toServer: false)
        let handshakes = flow.records.filter { $0.text(.tlsServerName) != nil }
        #expect(handshakes.count == 1)
        #expect(handshakes.first?.text(.tlsServerName) == "example.org")
        #expect(handshakes.first?.text(.tlsFingerprint) == TLSSample.fingerprint)
    }
}
