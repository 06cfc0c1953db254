// Tests: flows end on packet time.

import FlowTable
import NetTypes
import TestSupport
import Testing

@Suite("Flows end on packet time")
struct TimeoutTests {
    @Test("An idle flow ends by a tick, without another packet, when its state's timeout has passed")
    func idle() {
        let driver = TableDriver()
        driver.feed([TestPacket(transport: IPProtocol.udp, time: 500)])
        driver.tick(30)
        #expect(driver.closed.isEmpty)
        driver.tick(32)
        #expect(driver.closed.map(\.reason) == [.idleTimeout])
        #expect(driver.counters.active == 0)
    }

    @Test("An answered flow lives longer than an unanswered one, a closed one shorter")
    func classes() {
        let driver = TableDriver()
        let question = TestPacket(transport: IPProtocol.udp)
        driver.feed([question, question.reply])
        driver.feed(FlowRecordTests.connection())
        driver.tick(31)
        #expect(driver.closed.map(\.flow.key.transport) == [IPProtocol.tcp])
        driver.tick(119)
        #expect(driver.closed.count == 1)
        driver.tick(122)
        #expect(driver.closed.count == 2)
    }

    @Test("A packet in time keeps a flow alive")
    func keptAlive() {
        let driver = TableDriver()
        driver.feed((0..<10).map { TestPacket(transport: IPProtocol.udp, time: $0 * 25_000) })
        #expect(driver.closed.isEmpty)
        driver.tick(260)
        #expect(driver.closed.count == 1)
        #expect(driver.closed.first?.flow.toServer.packets == 10)
    }

    @Test("The only flow of its class ends at its timeout although it was looked at before and had been seen since")
    func lone() {
        let driver = TableDriver()
        driver.feed((0..<10).map { TestPacket(transport: IPProtocol.udp, time: $0 * 5_000) })
        for second in 46...75 { driver.tick(second) }
        #expect(driver.closed.isEmpty)
        driver.tick(77)
        #expect(driver.closed.count == 1)
    }

    @Test("Records at the active timeout hold what came since the last, under one identifier")
    func active() {
        var timeouts = TableDriver.timeouts
        timeouts.active = 10
        let driver = TableDriver(timeouts: timeouts)
        driver.feed((0..<35).map { TestPacket(transport: IPProtocol.udp, length: 100, time: $0 * 1000) })
        driver.drain()
        let records = driver.closed
        #expect(records.map(\.reason) == [.activeTimeout, .activeTimeout, .activeTimeout, .shutdown])
        #expect(records.map(\.flow.toServer.packets) == [10, 10, 10, 5])
        #expect(records.reduce(0) { $0 + $1.flow.toServer.bytes } == 3500)
        #expect(Set(records.map(\.flow.details.flowID)).count == 1)
        #expect(records.map { $0.flow.identity.status.contains(.continued) } == [false, true, true, true])
        #expect(records.map { $0.flow.start.seconds - records[0].flow.start.seconds } == [0, 10, 20, 30])
    }

    @Test("A silence of years, or time that goes back, ends every flow once")
    func jumps() {
        let driver = TableDriver()
        var generator = SeededGenerator(seed: 7)
        var packets: [TestPacket] = []
        for index in 0..<500 {
            packets.append(
                TestPacket(
                    sourcePort: UInt16(index), transport: IPProtocol.udp,
                    time: Int.random(in: 0...90_000, using: &generator)))
        }
        driver.feed(packets)
        driver.tick(2_000_000_000)
        #expect(driver.counters.active == 0)
        #expect(driver.closed.count == 500)
    }

    @Test("Changes of each second add up to the flow")
    func changes() {
        let driver = TableDriver()
        var generator = SeededGenerator(seed: 3)
        let times = (0..<300).map { _ in Int.random(in: 0...20_000, using: &generator) }.sorted()
        driver.feed(times.map { TestPacket(transport: IPProtocol.udp, length: UInt32(60 + $0 % 100), time: $0) })
        driver.drain()
        let deltas = driver.published.compactMap(\.delta)
        #expect(deltas.count > 15)
        #expect(deltas.reduce(0) { $0 + $1.packetsToServer } == 300)
        #expect(deltas.reduce(0) { $0 + $1.bytesToServer } == driver.closed.first?.flow.toServer.bytes)
    }
}
