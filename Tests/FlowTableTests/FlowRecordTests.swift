// Tests: what a flow record says.

import NetTypes
import TestSupport
import Testing

@testable import FlowTable

@Suite("What a flow record says")
struct FlowRecordTests {
    @Test("The offsets that the table writes to are those of the record's fields")
    func offsets() {
        func offset(_ path: PartialKeyPath<FlowRecord>) -> Int? { MemoryLayout<FlowRecord>.offset(of: path) }
        #expect(offset(\.identity.firstPacketCount) == Field.firstPacketCount)
        #expect(offset(\.identity.startSecond) == Field.startSecond)
        #expect(offset(\.identity.version) == Field.version)
        #expect(offset(\.identity.tcpState) == Field.tcpState)
        #expect(offset(\.identity.timeoutClass) == Field.timeoutClass)
        #expect(offset(\.identity.status) == Field.status)
        #expect(offset(\.identity.application) == Field.application)
        #expect(offset(\.identity.next) == Field.next)
        #expect(offset(\.identity.previous) == Field.previous)
        let line = RecordHandle.toServer
        #expect(offset(\.toServer.lastSeen) == line + Field.lastSeen)
        #expect(offset(\.toServer.packets) == line + Field.packets)
        #expect(offset(\.toServer.retransmissions) == line + Field.retransmissions)
        #expect(offset(\.toServer.outOfOrder) == line + Field.outOfOrder)
        #expect(offset(\.toServer.bytes) == line + Field.bytes)
        #expect(offset(\.toServer.payloadBytes) == line + Field.payloadBytes)
        #expect(offset(\.toServer.lengthSquares) == line + Field.lengthSquares)
        #expect(offset(\.toServer.gapSquares) == line + Field.gapSquares)
        #expect(offset(\.toServer.gapMinimum) == line + Field.gapMinimum)
        #expect(offset(\.toServer.gapMaximum) == line + Field.gapMaximum)
        #expect(offset(\.toServer.timeToLiveMinimum) == line + Field.timeToLiveMinimum)
        #expect(offset(\.toServer.timeToLiveMaximum) == line + Field.timeToLiveMaximum)
        #expect(offset(\.toServer.flags) == line + Field.flags)
        #expect(offset(\.toServer.lengthMinimum) == line + Field.lengthMinimum)
        #expect(offset(\.toServer.lengthMaximum) == line + Field.lengthMaximum)
        #expect(offset(\.toServer.nextSequence) == line + Field.nextSequence)
        #expect(offset(\.firstPackets) == RecordHandle.firstPackets)
        #expect(offset(\.details.firstToServer) == Field.firstToServer)
        #expect(offset(\.details.firstToClient) == Field.firstToClient)
        #expect(offset(\.details.serverRoundTrip) == Field.serverRoundTrip)
        #expect(offset(\.details.clientRoundTrip) == Field.clientRoundTrip)
        #expect(offset(\.details.serverWindow) == Field.serverWindow)
        #expect(offset(\.details.serverSegmentSize) == Field.serverSegmentSize)
        #expect(offset(\.details.serverTrafficClass) == Field.serverTrafficClass)
        #expect(offset(\.details.responseICMPType) == Field.responseICMPType)
        #expect(offset(\.details.responseICMPCode) == Field.responseICMPCode)
        #expect(offset(\.details.firstDirections) == Field.firstDirections)
        #expect(offset(\.details.applicationSlot) == Field.applicationSlot)
    }

    /// A connection: handshake, 100 bytes each way, both sides close. 10 ms between packets.
    static func connection(from start: Int = 0) -> [TestPacket] {
        var client = TestPacket(flags: .syn, sequence: 1000, time: start)
        var server = client.reply
        var packets = [client]
        server.flags = [.syn, .ack]
        server.sequence = 5000
        server.time = start + 10
        packets.append(server)
        client.flags = .ack
        client.sequence = 1001
        client.time = start + 30
        packets.append(client)
        client.payload = 100
        client.length = 154
        client.time = start + 40
        packets.append(client)
        server.flags = .ack
        server.sequence = 5001
        server.payload = 100
        server.length = 154
        server.time = start + 50
        packets.append(server)
        client = TestPacket(flags: [.fin, .ack], sequence: 1101, time: start + 60)
        packets.append(client)
        server = client.reply
        server.flags = [.fin, .ack]
        server.sequence = 5101
        server.time = start + 70
        packets.append(server)
        return packets
    }

    @Test("A TCP connection goes from SYN to closed, with both round-trip times")
    func connectionStates() throws {
        let driver = TableDriver()
        driver.feed(Self.connection())
        driver.tick(10)
        let (flow, reason) = try #require(driver.closed.first)
        #expect(driver.closed.count == 1)
        #expect(reason == .idleTimeout)
        #expect(flow.identity.tcpState == .closed)
        #expect(flow.client.port == 40000)
        #expect(flow.details.serverRoundTrip == 10_000)
        #expect(flow.details.clientRoundTrip == 20_000)
        #expect(flow.toServer.packets == 4)
        #expect(flow.toClient.packets == 3)
        #expect(flow.toServer.bytes == 60 * 3 + 154)
        #expect(flow.toServer.payloadBytes == 100)
        #expect(flow.toServer.retransmissions == 0)
        #expect(flow.toServer.flags == [.syn, .ack, .fin])
        #expect(driver.counters.tcpSessions == 1)
        #expect(driver.published.map(\.kind).prefix(2) == [.opened, .answered])
    }

    @Test("Gaps and lengths have the mean, deviation and range of the packets")
    func statistics() throws {
        let driver = TableDriver()
        let times = [0, 100, 300, 600]
        let lengths: [UInt32] = [60, 100, 200, 1500]
        driver.feed(
            zip(times, lengths).map { TestPacket(transport: IPProtocol.udp, length: $1, time: $0) })
        driver.drain()
        let flow = try #require(driver.closed.first?.flow)
        let (mean, deviation) = flow.toServer.length
        #expect(mean == 465)
        #expect(abs(deviation - 599.7291) < 0.001)
        #expect(flow.toServer.lengthMinimum == 60 && flow.toServer.lengthMaximum == 1500)
        let gaps = flow.toServer.gaps(since: flow.details.firstToServer)
        #expect(gaps.mean == 200_000_000)
        #expect(abs(gaps.deviation - 81_649_658) < 1)
        #expect(abs(flow.toServer.gapMinimum.nanoseconds - 100_000_000) < 100_000)
        #expect(abs(flow.toServer.gapMaximum.nanoseconds - 300_000_000) < 300_000)
        #expect((0..<4).map { flow.firstPackets.lengths[$0] } == [60, 100, 200, 1500])
        #expect(flow.identity.firstPacketCount == 4)
    }

    @Test("A segment sent again, one that overtook, and a keep-alive are told apart")
    func sequenceSpace() throws {
        let driver = TableDriver()
        var packets = Self.connection().prefix(4)
        func segment(_ sequence: UInt32, _ payload: UInt32, at time: Int) {
            packets.append(
                TestPacket(flags: .ack, sequence: sequence, length: 60 + payload, payload: payload, time: time))
        }
        segment(1001, 100, at: 400)
        segment(1201, 100, at: 410)
        segment(1101, 100, at: 411)
        segment(1300, 1, at: 900)
        driver.feed(Array(packets))
        driver.drain()
        let flow = try #require(driver.closed.first?.flow)
        #expect(flow.toServer.retransmissions == 1)
        #expect(flow.toServer.outOfOrder == 1)
        #expect(driver.counters.gaps == 1)
    }

    @Test("A flow picked up in the middle has the well-known port as its server")
    func midstream() throws {
        let driver = TableDriver()
        driver.feed([TestPacket(flags: .ack, payload: 10).reply])
        driver.drain()
        let flow = try #require(driver.closed.first?.flow)
        #expect(flow.identity.status.contains(.midstream))
        #expect(flow.server.port == 80)
        #expect(flow.toClient.packets == 1)
    }

    @Test("A SYN on a closed connection's ports begins a new flow")
    func reuse() {
        let driver = TableDriver()
        driver.feed(Self.connection() + Self.connection(from: 1000))
        driver.drain()
        #expect(driver.closed.map(\.reason) == [.reused, .shutdown])
        #expect(Set(driver.closed.map(\.flow.details.flowID)).count == 2)
    }
}
