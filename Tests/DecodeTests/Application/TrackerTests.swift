// Tests: the application tracker.

import Decode
import NetTypes
import Testing

@Suite("The application tracker")
struct TrackerTests {
    private static let hello = TLSSample.record(22, TLSSample.browserHello)
    private static let answer = TLSSample.record(
        22, TLSSample.serverHello(cipher: 0x1301, extensions: [(0x002b, [3, 4])]))

    @Test("Retransmitted and overlapping bytes are dropped")
    func retransmissions() {
        let flow = Conversation(tcp: 443)
        flow.send(Array(Self.hello[..<100]), toServer: true)
        flow.send(Array(Self.hello[..<100]), toServer: true, back: 100)
        flow.send(Array(Self.hello[60...]), toServer: true, back: 40)
        flow.send(Self.answer, toServer: false)
        #expect(flow.records.first?.text(.tlsJA4) == "t13d1516h2_8daaf6152771_e5627efa2ab1")
        #expect(flow.tracker.counters.incomplete == 0)
    }

    @Test("A missing segment costs the message it belongs to, and is counted")
    func missingSegment() {
        let flow = Conversation(tcp: 443)
        flow.send(Array(Self.hello[..<130]), toServer: true)
        flow.send(Array(Self.hello[180...]), toServer: true, back: -50)
        flow.send(Self.answer, toServer: false)
        #expect(flow.records.first?.text(.tlsServerName) == "example.org")
        #expect(flow.records.first?.text(.tlsJA4) == nil)
        #expect(flow.records.first?.isTruncated == true)
        #expect(flow.tracker.counters.incomplete == 1)
    }

    @Test("The first 64 payload bytes each way are kept until the flow closes")
    func payloadHeads() {
        let flow = Conversation(tcp: 9)
        flow.send(Array(0..<40), toServer: true)
        flow.send(Array(0..<40), toServer: true, back: 40)
        flow.send(Array(40..<80), toServer: true)
        flow.send([7, 8, 9], toServer: false)
        flow.tracker.withPayloadHeads(slot: flow.slot) { toServer, toClient in
            #expect(Array(toServer) == Array(0..<64))
            #expect(Array(toClient) == [7, 8, 9])
        }
        for _ in 0..<20 { flow.send(Array(0..<64), toServer: false) }
        #expect(!ApplicationTracker.isFollowed(flow.slot))
        flow.tracker.withPayloadHeads(slot: flow.slot) { toServer, toClient in
            #expect(toServer.count == 64)
            #expect(toClient.count == 64)
        }
        #expect(flow.tracker.followedFlows == 1)
        flow.close()
        #expect(flow.tracker.followedFlows == 0)
    }

    @Test("A flow that nobody wants to know more about is over with its first payload")
    func interests() {
        let onlyDNS = Conversation(tcp: 443, interests: [.dns])
        onlyDNS.send(Self.hello, toServer: true)
        #expect(onlyDNS.slot == FlowDetails.applicationOver)
        #expect(onlyDNS.application == .unknown)
        let onlyNames = Conversation(tcp: 443, interests: [.recognition])
        onlyNames.send(Self.hello, toServer: true)
        #expect(onlyNames.slot == FlowDetails.applicationOver)
        #expect(onlyNames.application == .tls)
        let nameAndHeads = Conversation(udp: 53, interests: [.recognition, .payloadHeads])
        nameAndHeads.send(DNSTests.query, toServer: true)
        #expect(nameAndHeads.application == .dns)
        #expect(nameAndHeads.records.isEmpty)
        #expect(ApplicationTracker.isFollowed(nameAndHeads.slot))
    }

    @Test("When a handshake is over its flow is not followed any longer")
    func over() {
        let flow = Conversation(tcp: 443, interests: [.tls])
        flow.send(Self.hello, toServer: true)
        #expect(ApplicationTracker.isFollowed(flow.slot))
        flow.send(Self.answer, toServer: false)
        #expect(flow.slot == FlowDetails.applicationOver)
        #expect(flow.tracker.followedFlows == 0)
    }

    @Test("A tracker without room sheds flows, counts them, and takes new ones when others have closed")
    func exhaustion() {
        // Room for a handful of slots, one waiting record and one segment buffer.
        let events = EventBuffer(wanted: .all)
        let tracker = ApplicationTracker(memory: 2048, interests: [.tls, .payloadHeads], events: events)
        var open: [Conversation] = []
        for _ in 0..<12 {
            let flow = Conversation(tcp: 443, tracker: tracker)
            flow.send(Array(Self.hello[..<50]), toServer: true)
            open.append(flow)
        }
        #expect(tracker.counters.shed > 0)
        #expect(tracker.counters.buffersExhausted > 0)
        #expect(tracker.counters.shed + UInt64(tracker.followedFlows) == 12)
        for flow in open { flow.close() }
        #expect(tracker.followedFlows == 0)
        let before = tracker.counters.records[Int(ApplicationProtocol.tls.rawValue)]
        let flow = Conversation(tcp: 443, tracker: tracker)
        flow.send(Self.hello, toServer: true)
        flow.send(Self.answer, toServer: false)
        #expect(tracker.counters.records[Int(ApplicationProtocol.tls.rawValue)] == before + 1)
    }

    @Test("A connection whose beginning was not captured is recognised by a later message")
    func midstream() {
        let flow = Conversation(tcp: 80)
        flow.send("the end of some body", toServer: false)
        flow.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n", toServer: true)
        flow.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", toServer: false)
        #expect(flow.records.map { $0.integer(.httpStatus) } == [200])
    }

    @Test("A flow that matches nothing is called failed and given up after some segments")
    func failed() {
        let flow = Conversation(tcp: 7, interests: [.recognition])
        for _ in 0..<10 {
            flow.send([1, 2, 3, 4], toServer: true)
            flow.send([5, 6, 7, 8], toServer: false)
        }
        #expect(flow.application == .failed)
        #expect(flow.slot == FlowDetails.applicationOver)
    }
}
