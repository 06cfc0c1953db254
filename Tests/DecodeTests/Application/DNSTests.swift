// Tests: DNS messages.

import Decode
import NetTypes
import Testing

@Suite("DNS messages")
struct DNSTests {
    /// A header with flags and the four counts.
    static func header(_ flags: UInt16, _ counts: [UInt16]) -> [UInt8] {
        TLSSample.codes([0x1234, flags] + counts)
    }

    static func name(_ text: String) -> [UInt8] {
        text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    static func question(_ text: String, type: UInt16 = 1) -> [UInt8] {
        name(text) + TLSSample.codes([type, 1])
    }

    /// An answer whose owner is a pointer to the question's name.
    static func answer(type: UInt16, _ data: [UInt8]) -> [UInt8] {
        [0xc0, 12] + TLSSample.codes([type, 1, 0, 300]) + TLSSample.counted16(data)
    }

    static let query = header(0x0100, [1, 0, 0, 0]) + question("WWW.Example.ORG")
    /// Pointers to `example.org` inside the question lie at 16.
    static let answers = [
        answer(type: 1, [192, 0, 2, 1]), answer(type: 5, [3, 0x63, 0x64, 0x6e, 0xc0, 16]),
        answer(type: 15, [0, 10] + name("mx.example.org")), answer(type: 16, [2, 0x68, 0x69, 1, 0x21]),
        answer(type: 33, [0, 0, 0, 0, 1, 187] + name("srv.example.org")),
        answer(type: 6, name("ns1.example.org") + name("admin.example.org") + [UInt8](repeating: 0, count: 20)),
        answer(type: 28, [0x20, 1, 0xd, 0xb8] + [UInt8](repeating: 0, count: 11) + [1]), answer(type: 99, [1, 2, 3]),
    ]
    static let response =
        header(0x8180, [1, 8, 0, 0]) + question("www.example.org") + answers.flatMap { $0 }

    @Test("A query and its answer give a record each, with names in lower case and compression undone")
    func exchange() {
        let flow = Conversation(udp: 53)
        flow.send(Self.query, toServer: true)
        flow.send(Self.response, toServer: false)
        #expect(flow.application == .dns)
        #expect(flow.records.count == 2)
        let query = flow.records[0]
        #expect(query.integer(.dnsID) == 0x1234)
        #expect(query.integer(.dnsFlags) == 0x0100)
        #expect(query.text(.dnsQueryName) == "www.example.org")
        #expect(query.integer(.dnsQueryType) == 1)
        #expect(query.integer(.dnsQueryClass) == 1)
        let response = flow.records[1]
        #expect(response.integer(.dnsAnswerCount) == 8)
        #expect(response.texts(.dnsAnswerName) == [String](repeating: "www.example.org", count: 8))
        #expect(response.integers(.dnsAnswerType) == [1, 5, 15, 16, 33, 6, 28, 99])
        #expect(response.integers(.dnsAnswerTTL) == [Int](repeating: 300, count: 8))
        let data = response.fields.filter { $0.name == .dnsAnswerData }.map(\.value)
        #expect(data[0] == [192, 0, 2, 1])
        #expect(
            data[1...5].map { String(decoding: $0, as: UTF8.self) }
                == ["cdn.example.org", "mx.example.org", "hi!", "srv.example.org", "ns1.example.org"])
        #expect(data[6].count == 16)
        #expect(data[7] == [1, 2, 3])
        #expect(!response.isTruncated)
        #expect(flow.tracker.counters.malformed[Int(ApplicationProtocol.dns.rawValue)] == 0)
    }

    @Test("A name whose pointer leads forwards or to itself is refused, and the flow goes on", arguments: [12, 13, 40])
    func pointers(target: UInt8) {
        let flow = Conversation(udp: 53)
        flow.send(Self.header(0x0100, [1, 0, 0, 0]) + [0xc0, target] + TLSSample.codes([1, 1, 1]), toServer: true)
        #expect(flow.records.first?.text(.dnsQueryName) == nil)
        #expect(flow.tracker.counters.malformed[Int(ApplicationProtocol.dns.rawValue)] == 1)
        flow.send(Self.query, toServer: true)
        #expect(flow.records.last?.text(.dnsQueryName) == "www.example.org")
    }

    @Test("A message cut by the snap length gives what was captured and says that it was cut")
    func cut() {
        let flow = Conversation(udp: 53)
        flow.send(Self.response, toServer: false, captured: 60)
        #expect(flow.records.first?.integers(.dnsAnswerType) == [1])
        #expect(flow.records.first?.integer(.dnsAnswerCount) == 8)
        #expect(flow.records.first?.isTruncated == true)
        #expect(flow.tracker.counters.malformed[Int(ApplicationProtocol.dns.rawValue)] == 0)
    }

    @Test("More answers than a record holds are counted but not listed")
    func manyAnswers() {
        let flow = Conversation(udp: 53)
        let answers = [[UInt8]](repeating: Self.answer(type: 1, [1, 2, 3, 4]), count: 50).flatMap { $0 }
        flow.send(Self.header(0x8180, [1, 50, 0, 0]) + Self.question("example.org") + answers, toServer: false)
        #expect(flow.records.first?.integer(.dnsAnswerCount) == 50)
        #expect(flow.records.first?.integers(.dnsAnswerType).count == 20)
        #expect(flow.records.first?.isTruncated == true)
    }

    @Test("On another port only what is a query beyond doubt is taken for DNS; NetBIOS names are not")
    func otherPorts() {
        let known = Conversation(udp: 5300)
        known.send(Self.query, toServer: true)
        known.send(Self.response, toServer: false)
        #expect(known.application == .dns)
        #expect(known.records.count == 2)
        let answerOnly = Conversation(udp: 5300)
        answerOnly.send(Self.response, toServer: false)
        #expect(answerOnly.application == .failed)
        let netBIOS = Conversation(udp: 137)
        netBIOS.send(Self.query, toServer: true)
        #expect(netBIOS.application == .failed)
    }

    @Test("Garbage on port 53 does not hide the queries behind it")
    func garbageFirst() {
        let flow = Conversation(udp: 53, interests: [.dns])
        flow.send([0xff, 0xff, 0xff], toServer: true)
        #expect(flow.records.isEmpty)
        flow.send(Self.query, toServer: true)
        #expect(flow.records.count == 1)
    }

    @Test("Messages over TCP give the same records wherever the segments are cut")
    func everySegmentation() {
        let stream = TLSSample.counted16(Self.query) + TLSSample.counted16(Self.response)
        let whole = Conversation(tcp: 53)
        whole.send(stream, toServer: true)
        #expect(whole.records.count == 2)
        for cut in 1..<stream.count {
            let flow = Conversation(tcp: 53)
            flow.send(stream, toServer: true, cuts: [cut])
            #expect(flow.records == whole.records, "cut at \(cut)")
        }
        let bytewise = Conversation(tcp: 53)
        bytewise.send(stream, toServer: true, cuts: Array(1..<stream.count))
        #expect(bytewise.records == whole.records)
    }

    @Test("After a lost segment, messages over TCP are read again from the next one that begins with a message")
    func lostSegment() {
        let message = TLSSample.counted16(Self.query)
        let flow = Conversation(tcp: 53)
        flow.send(message, toServer: true)
        flow.send(message, toServer: true, back: -100)
        #expect(flow.records.count == 2)
    }
}
