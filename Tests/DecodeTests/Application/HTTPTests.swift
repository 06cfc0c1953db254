// Tests: HTTP exchanges.

import Decode
import NetTypes
import Testing

@Suite("HTTP exchanges")
struct HTTPTests {
    private static let request =
        "GET /index.html?q=a%20b HTTP/1.1\r\nHost: www.example.org\r\nUser-Agent: probe/1.0\r\n"
        + "Referer: http://example.org/\r\nX-Custom:  spaced \r\n\r\n"
    private static let response =
        "HTTP/1.1 301 Moved Permanently\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 5\r\n"
        + "Location: https://www.example.org/\r\n\r\nhello"

    @Test("A request and its response are one record")
    func exchange() {
        let flow = Conversation(tcp: 8080)
        flow.send(Self.request, toServer: true)
        #expect(flow.application == .http)
        #expect(flow.records.isEmpty)
        flow.send(Self.response, toServer: false)
        #expect(flow.records.count == 1)
        let record = flow.records[0]
        #expect(record.text(.httpMethod) == "GET")
        #expect(record.text(.httpPath) == "/index.html?q=a%20b")
        #expect(record.text(.httpVersion) == "HTTP/1.1")
        #expect(record.text(.httpHost) == "www.example.org")
        #expect(record.text(.httpUserAgent) == "probe/1.0")
        #expect(record.text(.httpReferrer) == "http://example.org/")
        #expect(record.text(.httpHeaderOrder) == "host,user-agent,referer,x-custom")
        #expect(record.integer(.httpStatus) == 301)
        #expect(record.text(.httpContentType) == "text/html; charset=utf-8")
        #expect(record.integer(.httpContentLength) == 5)
        #expect(record.text(.httpRedirect) == "https://www.example.org/")
        #expect(!record.isTruncated)
    }

    /// Three exchanges: a chunked body with extension and trailer, a response without body, a body of known length.
    private static let client =
        "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3;x=y\r\nGET\r\n10\r\n/ HTTP/1.1\r\nHost\r\n0\r\nT: v\r\n\r\n"
        + "HEAD /b HTTP/1.1\r\nHost: h\r\n\r\nGET /c HTTP/1.1\r\nHost: h\r\n\r\n"
    private static let server =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, Chunked\r\n\r\n"
        + "8\r\nHTTP/1.1\r\n0\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"
        + "HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\nHTTP"

    @Test("Pipelined requests are paired in order; bodies that look like messages are passed over")
    func pipelined() {
        let flow = Conversation(tcp: 80)
        flow.send(Self.client, toServer: true)
        flow.send(Self.server, toServer: false)
        #expect(flow.records.map { $0.text(.httpPath) } == ["/a", "/b", "/c"])
        #expect(flow.records.map { $0.integer(.httpStatus) } == [200, 200, 404])
        flow.close()
        #expect(flow.records.count == 3)
        #expect(flow.tracker.counters.malformed[Int(ApplicationProtocol.http.rawValue)] == 0)
    }

    @Test("Streams cut at any byte give the same records as whole ones")
    func everySegmentation() {
        let client = Array(Self.client.utf8)
        let server = Array(Self.server.utf8)
        let whole = Conversation(tcp: 80)
        whole.send(client, toServer: true)
        whole.send(server, toServer: false)
        for cut in 1..<client.count {
            let flow = Conversation(tcp: 80)
            flow.send(client, toServer: true, cuts: [cut])
            flow.send(server, toServer: false)
            #expect(flow.records == whole.records, "client cut at \(cut)")
        }
        for cut in 1..<server.count {
            let flow = Conversation(tcp: 80)
            flow.send(client, toServer: true)
            flow.send(server, toServer: false, cuts: [cut])
            #expect(flow.records == whole.records, "server cut at \(cut)")
        }
        let bytewise = Conversation(tcp: 80)
        bytewise.send(client, toServer: true, cuts: Array(1..<client.count))
        bytewise.send(server, toServer: false, cuts: Array(1..<server.count))
        #expect(bytewise.records == whole.records)
    }

    @Test("A tunnel and an upgrade end parsing with the exchange that opens them")
    func tunnels() {
        let tunnel = Conversation(tcp: 3128)
        tunnel.send("CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n", toServer: true)
        tunnel.send("HTTP/1.1 200 Connection established\r\n\r\n", toServer: false)
        tunnel.send("GET / HTTP/1.1\r\n\r\n", toServer: true)
        #expect(tunnel.records.map { $0.text(.httpMethod) } == ["CONNECT"])
        let upgrade = Conversation(tcp: 80)
        upgrade.send("GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\n", toServer: true)
        upgrade.send("HTTP/1.1 101 Switching Protocols\r\n\r\n\u{1}", toServer: false)
        upgrade.close()
        #expect(upgrade.records.map { $0.integer(.httpStatus) } == [101])
    }

    @Test("A request without response and a response without request still yield records")
    func halves() {
        let request = Conversation(tcp: 80)
        request.send(Self.request, toServer: true)
        request.close()
        #expect(request.records.count == 1)
        #expect(request.records.first?.integer(.httpStatus) == nil)
        let response = Conversation(tcp: 80)
        response.send(Self.response, toServer: false)
        #expect(response.records.count == 1)
        #expect(response.records.first?.text(.httpMethod) == nil)
        #expect(response.records.first?.integer(.httpStatus) == 301)
    }

    @Test("A head cut by the snap length gives its whole lines, and the next request is found again")
    func snapLength() {
        let flow = Conversation(tcp: 80)
        flow.send(Self.request, toServer: true, captured: 70)
        flow.send(Self.response, toServer: false)
        #expect(flow.records.first?.text(.httpHost) == "www.example.org")
        #expect(flow.records.first?.text(.httpUserAgent) == nil)
        #expect(flow.records.first?.isTruncated == true)
        flow.send(Self.request, toServer: true)
        flow.send(Self.response, toServer: false)
        #expect(flow.records.count == 2)
        #expect(flow.records.last?.text(.httpUserAgent) == "probe/1.0")
        #expect(flow.records.last?.isTruncated == false)
        let inVersion = Conversation(tcp: 80)
        inVersion.send(Self.request, toServer: true, captured: 28)
        inVersion.close()
        #expect(inVersion.records.first?.text(.httpPath) == "/index.html?q=a%20b")
    }

    @Test("A body whose middle was not captured does not end the exchange that follows")
    func bodyGap() {
        let flow = Conversation(tcp: 80)
        flow.send("GET /1 HTTP/1.1\r\n\r\n", toServer: true)
        flow.send("HTTP/1.1 200 OK\r\nContent-Length: 3000\r\n\r\n", toServer: false)
        flow.send([UInt8](repeating: 7, count: 1000), toServer: false, captured: 100)
        flow.send([UInt8](repeating: 7, count: 1000), toServer: false, back: -1000)
        flow.send("GET /2 HTTP/1.1\r\n\r\n", toServer: true)
        flow.send("HTTP/1.1 204 No Content\r\n\r\n", toServer: false)
        #expect(flow.records.map { $0.integer(.httpStatus) } == [200, 204])
    }

    @Test("Request lines of other protocols are not taken for HTTP")
    func others() {
        for line in ["OPTIONS rtsp://example.org RTSP/1.0\r\n\r\n", "PRI * HTTP/2.0\r\n\r\n", "GETTING started\r\n"] {
            let flow = Conversation(tcp: 80)
            flow.send(line, toServer: true)
            #expect(flow.application == .failed, "\(line)")
        }
    }

    @Test("More outstanding requests than may wait go out without their responses")
    func manyPipelined() {
        let flow = Conversation(tcp: 80)
        for _ in 0..<40 { flow.send("GET / HTTP/1.1\r\n\r\n", toServer: true) }
        #expect(flow.records.count == 8)
        flow.close()
        #expect(flow.records.count == 40)
    }
}
