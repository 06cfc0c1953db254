// What the decoder makes of tunnels that are damaged, or that only look like one.

import Decode
import NetTypes
import TestSupport
import Testing

@Suite struct TunnelTests {
    /// A decoded packet, and what was counted and published with it.
    private struct Decoded {
        let summary: PacketSummary
        let tunnel: Tunnel?
        let counters: DecodeCounters
        let events: EventBuffer
    }

    private func decode(_ bytes: [UInt8], linkType: LinkType = .ethernet) -> Decoded {
        let memory = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: bytes.count)
        defer { memory.deallocate() }
        _ = memory.update(fromContentsOf: bytes)
        let summary = UnsafeMutablePointer<PacketSummary>.allocate(capacity: 1)
        defer { summary.deallocate() }
        var counters = DecodeCounters()
        let events = EventBuffer(wanted: .all)
        PacketDecoder(hasher: .replay).decode(
            Frame(
                base: UnsafePointer(memory.baseAddress!), capturedLength: UInt32(bytes.count),
                wireLength: UInt32(bytes.count), time: Timestamp(seconds: 1), linkType: linkType),
            into: summary, counters: &counters, events: events)
        return Decoded(
            summary: summary.pointee, tunnel: summary.pointee.tunnel, counters: counters, events: events)
    }

    private let inner = PacketBytes.ipv4(
        "10.0.0.1", "10.0.0.2", IPProtocol.udp, payload: PacketBytes.udp(4000, 5000, payload: [1, 2, 3]))

    private func outer(_ transport: UInt8, _ payload: [UInt8]) -> [UInt8] {
        PacketBytes.ethernet(0x0800, payload: PacketBytes.ipv4("192.0.2.1", "192.0.2.2", transport, payload: payload))
    }

    private func vxlan(_ content: [UInt8], flags: UInt8 = 8) -> [UInt8] {
        outer(IPProtocol.udp, PacketBytes.udp(61000, 4789, payload: [flags, 0, 0, 0, 0, 0, 42, 0] + content))
    }

    @Test func theInnermostPacketIsKeyedAndTheOutermostHeaderKept() {
        let packet = decode(vxlan(PacketBytes.ethernet(0x0800, vlans: [9], payload: inner)))
        #expect(packet.summary.kind == .flow)
        #expect(packet.summary.key.tunnelDepth == 1)
        #expect(packet.summary.key.outerVLAN == 9 | FlowKey.vlanPresent)
        #expect(packet.summary.source.address == IPAddress("10.0.0.1"))
        #expect(packet.summary.payloadLength == 3)
        #expect(
            packet.tunnel
                == Tunnel(
                    kind: .vxlan, source: IPAddress("192.0.2.1")!, destination: IPAddress("192.0.2.2")!,
                    transport: IPProtocol.udp, destinationPort: 4789))
    }

    @Test func aPacketWhoseInsideIsBrokenStaysAFlowBetweenTheTunnelsEnds() {
        var broken = inner
        broken[0] = 0x41
        let packet = decode(vxlan(PacketBytes.ethernet(0x0800, payload: broken)))
        #expect(packet.summary.kind == .flow)
        #expect(packet.summary.key.tunnelDepth == 0)
        #expect(packet.summary.destination.port == 4789)
        #expect(packet.summary.fault == .ipv4BadHeaderLength)
        #expect(packet.tunnel == nil)
        #expect(packet.counters.invalid == 1)
    }

    @Test func arpInsideATunnelIsPublishedWithTheAddressesOfItsOwnFrame() throws {
        let arp: [UInt8] =
            [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 7, 10, 0, 0, 1] + [0, 0, 0, 0, 0, 0, 10, 0, 0, 2]
        let packet = decode(vxlan(PacketBytes.ethernet(0x0806, source: 0x0200_0000_0007, payload: arp)))
        #expect(packet.summary.destination.port == 4789)
        let event = try #require(packet.events.headers.first)
        let message = StreamEvent(header: event, buffer: packet.events, ordinal: 0).arp
        #expect(message.frameSource == MACAddress(bits: 0x0200_0000_0007))
        #expect(message.senderMAC == message.frameSource)
    }

    @Test func aLaterFragmentOfATunnelJoinsTheFlowInside() {
        let gre: [UInt8] = [0, 0, 8, 0] + inner
        func fragment(_ bytes: ArraySlice<UInt8>, _ field: UInt16) -> Decoded {
            decode(
                PacketBytes.ethernet(
                    0x0800,
                    payload: PacketBytes.ipv4(
                        "192.0.2.1", "192.0.2.2", IPProtocol.gre, identification: 7, fragment: field,
                        payload: Array(bytes))))
        }
        let first = fragment(gre[..<32], 0x2000)
        #expect(first.summary.kind == .flow)
        #expect(first.summary.key.tunnelDepth == 1)
        #expect(first.summary.isFirstFragment)
        #expect(fragment(gre[32...], 4).summary.kind == .laterFragment)
    }

    @Test(
        arguments: [
            ("GRE of version 2", [0, 2, 8, 0], DecodeFault.greBadVersion),
            ("GRE that ends in its options", [0x20, 0, 8, 0, 1], .greTruncated),
            ("GRE with routes that never end", [0x40, 0, 8, 0, 0, 0, 0, 0, 8, 0, 0, 0], .greBadRouting),
            ("PPTP that carries something else", [0x30, 1, 8, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0], .greBadProtocol),
            ("PPTP longer than the packet", [0x30, 1, 0x88, 0x0b, 0, 9, 0, 0, 0, 0, 0, 0, 0], .greTruncated),
            ("ERSPAN II that is cut", [0x10, 0, 0x88, 0xbe, 0, 0, 0, 0, 0x10, 0], .erspanTruncated),
            ("ERSPAN of version 7", [0x10, 0, 0x88, 0xbe, 0, 0, 0, 0, 0x70, 0, 0, 0, 0, 0, 0, 0], .erspanBadVersion),
            ("labels without an end", [0, 0, 0x88, 0x47, 0, 1, 0, 64], .mplsTruncated),
            ("labels over nothing known", [0, 0, 0x88, 0x47, 0, 1, 1, 64, 0xf0, 1], .mplsUnknownPayload),
            ("PPP without a protocol", [0x30, 1, 0x88, 0x0b, 0, 2, 0, 0, 0, 0, 0, 0, 0xff, 3], .pppTruncated),
        ] as [(String, [UInt8], DecodeFault)])
    func aFaultOfGREHasAName(_ what: String, _ bytes: [UInt8], _ fault: DecodeFault) {
        let packet = decode(outer(IPProtocol.gre, bytes))
        #expect(packet.summary.fault == fault, "\(what)")
        #expect(packet.summary.key.transport == IPProtocol.gre)
        #expect(packet.counters.faults[Int(fault.rawValue)] == 1)
    }

    @Test(
        arguments: [
            (4789, [8, 0, 0, 0, 0, 0, 1, 0], DecodeFault.vxlanTruncated),
            (6081, [2, 0, 0x65, 0x58, 0, 0, 1, 0, 1], .geneveTruncated),
            (6081, [0, 0, 0x12, 0x34, 0, 0, 1, 0, 1], .geneveUnknownPayload),
            (2152, [0x30, 255, 0, 9, 0, 0, 0, 1, 0x45], .gtpTruncated),
            (2152, [0x34, 255, 0, 5, 0, 0, 0, 1, 0, 0, 0, 0x85, 0], .gtpTruncated),
            (2152, [0x30, 255, 0, 1, 0, 0, 0, 1, 0xf0], .gtpUnknownPayload),
        ] as [(UInt16, [UInt8], DecodeFault)])
    func aFaultOfATunnelInUDPHasAName(_ port: UInt16, _ bytes: [UInt8], _ fault: DecodeFault) {
        let packet = decode(outer(IPProtocol.udp, PacketBytes.udp(61000, port, payload: bytes)))
        #expect(packet.summary.fault == fault)
        #expect(packet.summary.destination.port == port)
    }

    @Test(arguments: [2152, 3544, 4789, 4790, 6081, 8472] as [UInt16])
    func whatIsNoTunnelHeaderIsThePayloadOfAnOrdinaryFlow(_ port: UInt16) {
        let packet = decode(outer(IPProtocol.udp, PacketBytes.udp(61000, port, payload: Array("no header".utf8))))
        #expect(packet.summary.kind == .flow)
        #expect(packet.summary.fault == .none)
        #expect(packet.summary.payloadLength == 9)
    }

    @Test func theLimitOnLayersHoldsThroughTunnels() {
        var packet = inner
        for _ in 0..<20 { packet = PacketBytes.ipv4("192.0.2.1", "192.0.2.2", IPProtocol.ipv4, payload: packet) }
        let decoded = decode(PacketBytes.ethernet(0x0800, payload: packet))
        #expect(decoded.summary.kind == .flow)
        #expect(decoded.summary.fault == .tooManyLayers)
        #expect(decoded.counters.faults[Int(DecodeFault.tooManyLayers.rawValue)] == 1)
    }

    @Test(
        arguments: [
            ([0x88, 0x64, 0x11, 0, 0, 1], DecodeFault.pppoeTruncated),
            ([0x88, 0x64, 0x11, 9, 0, 1, 0, 0], .pppoeBadCode),
            ([0x88, 0x64, 0x11, 0, 0, 1, 0, 9, 0, 0x21], .pppoeTruncated),
            ([0x88, 0x47, 0, 1], .mplsTruncated),
            ([0x88, 0x47, 0, 1, 1, 64, 0x70], .mplsUnknownPayload),
        ] as [([UInt8], DecodeFault)])
    func aFaultBelowIPMakesThePacketFaulty(_ bytes: [UInt8], _ fault: DecodeFault) {
        let packet = decode([UInt8](repeating: 2, count: 12) + bytes)
        #expect(packet.summary.kind == .fault)
        #expect(packet.summary.fault == fault)
    }

    @Test func aLoopbackFrameOfAnotherFamilyIsUnsupported() {
        #expect(decode([7, 0, 0, 0] + inner, linkType: .null).summary.fault == .loopbackUnsupported)
        #expect(decode([0, 0], linkType: .loop).summary.fault == .loopbackTruncated)
        #expect(decode([2, 0, 0, 0] + inner, linkType: .null).summary.kind == .flow)
    }
}
