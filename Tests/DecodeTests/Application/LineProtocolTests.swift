// FTP and SMTP, and connections that turn to TLS.

import Decode
import NetTypes
import Testing

@Suite struct LineProtocolTests {
    @Test func eachCommandOfFTPIsARecordWithItsReply() {
        let flow = Conversation(tcp: 2121)
        flow.send("220 ready\r\n", toServer: false)
        flow.send("USER alice\r\n", toServer: true)
        flow.send("331 password\r\n", toServer: false)
        flow.send("PASS secret\r\n", toServer: true)
        flow.send("230-welcome\r\n230 logged in\r\n", toServer: false)
        flow.send("RETR /report.pdf\r\n", toServer: true)
        flow.close()
        #expect(flow.application == .ftp)
        #expect(flow.records.map { $0.text(.ftpCommand) } == ["USER", "PASS", "RETR"])
        #expect(flow.records.map { $0.text(.ftpArgument) } == ["alice", nil, "/report.pdf"])
        #expect(flow.records.map { $0.text(.ftpCode) } == ["331", "230", nil])
        #expect(flow.records[1].text(.ftpReply) == "logged in")
    }

    @Test func aUserOfPOP3IsNotTakenForFTP() {
        let flow = Conversation(tcp: 110)
        flow.send("+OK ready\r\n", toServer: false)
        flow.send("USER alice\r\n", toServer: true)
        #expect(flow.application != .ftp)
    }

    @Test func eachMailIsARecordAndItsTextIsPassedOver() {
        let flow = Conversation(tcp: 25)
        flow.send("220 mail\r\n", toServer: false)
        flow.send("EHLO host.example\r\n", toServer: true)
        flow.send(
            "MAIL FROM:<a@x.example> SIZE=9\r\nRCPT TO:<b@y.example>\r\nRCPT TO:<c@y.example>\r\n", toServer: true)
        flow.send("DATA\r\nMAIL FROM:<forged@x>\r\n..\r\n.", toServer: true)
        flow.send("\r\nMAIL FROM:<d@x.example>\r\n", toServer: true)
        flow.send("RCPT TO:<e@y.example>\r\nBDAT 12 LAST\r\nMAIL FROM:<f>QUIT\r\n", toServer: true)
        flow.close()
        #expect(flow.application == .smtp)
        #expect(flow.records.count == 2)
        #expect(flow.records[0].text(.smtpGreeting) == "host.example")
        #expect(flow.records[0].text(.smtpFrom) == "<a@x.example>")
        #expect(flow.records[0].texts(.smtpRecipient) == ["<b@y.example>", "<c@y.example>"])
        #expect(flow.records[1].texts(.smtpFrom) == ["<d@x.example>"])
    }

    @Test func aLineMayComeInPieces() {
        let flow = Conversation(tcp: 25)
        let line = Array("EHLO host.example\r\nMAIL FROM:<a@x.example>\r\nDATA\r\n".utf8)
        flow.send(line, toServer: true, cuts: [2, 9, 18, 30, 44])
        #expect(flow.records.first?.text(.smtpFrom) == "<a@x.example>")
    }

    @Test(
        arguments: [
            (25, ["220 mail\r\n"], ["EHLO x\r\n", "STARTTLS\r\n"]),
            (21, ["220 files\r\n"], ["AUTH TLS\r\n"]),
            (143, ["* OK ready\r\n"], ["a1 STARTTLS\r\n"]),
            (110, ["+OK ready\r\n"], ["STLS\r\n"]),
            (3128, [], ["CONNECT x.example:443 HTTP/1.1\r\n\r\n"]),
        ] as [(UInt16, [String], [String])])
    func aConnectionThatTurnsToTLSGivesItsHello(_ port: UInt16, _ greeting: [String], _ lines: [String]) {
        for interests in [ApplicationInterests.all, [.recognition, .tls, .http]] {
            let flow = Conversation(tcp: port, interests: interests)
            for line in greeting { flow.send(line, toServer: false) }
            for line in lines {
                flow.send(line, toServer: true)
                flow.send(port == 3128 ? "HTTP/1.1 200 OK\r\n\r\n" : "220 go on\r\n", toServer: false)
            }
            let hello = TLSSample.clientHello(ciphers: [0x1301], extensions: [TLSSample.serverName("secret.example")])
            flow.send(TLSSample.record(22, hello), toServer: true)
            flow.close()
            #expect(flow.application == .tls)
            #expect(flow.records.last?.text(.tlsServerName) == "secret.example")
        }
    }
}
