// Flows made by hand, and what they are taken for.

import NetTypes
import Testing

@testable import Shaper

@Suite("Classifier")
struct ClassifierTests {
    /// A flow of packets with a length, negative from the server, and the milliseconds since the packet before.
    static func flow(_ packets: [(length: Int, gap: Double)], transport: UInt8 = 17) -> FlowRecord {
        var flow = FlowRecord()
        flow.identity.key.transport = transport
        for (index, packet) in packets.enumerated() {
            if packet.length > 0 { flow.toServer.packets += 1 } else { flow.toClient.packets += 1 }
            guard index < FirstPackets.limit else { continue }
            flow.firstPackets.lengths[index] = UInt16(abs(packet.length))
            flow.firstPackets.gaps[index] = PackedGap(nanoseconds: Int64(packet.gap * 1e6)).bits
            if packet.length < 0 { flow.details.firstDirections |= 1 << UInt16(index) }
        }
        return flow
    }

    static let call = flow((0..<12).map { (length: $0 % 2 == 0 ? 214 : -214, gap: $0 % 2 == 0 ? 19 : 1) })

    @Test("Measures are those of the main direction")
    func measures() {
        let measures = FlowMeasures(Self.call)
        #expect(measures.count == 8 && measures.size == 214 && measures.sizeSpread == 0)
        #expect(abs(measures.gap - 20) < 0.1 && measures.gapSpread < 0.01 && measures.twoWay == 0.5)
        let download = FlowMeasures(
            Self.flow([(74, 0), (-74, 1), (66, 1), (100, 1)] + (0..<6).map { _ in (-1514, 0.1) }))
        #expect(download.fullDown == 4 && download.fullUp == 0 && download.size == 1514)
    }

    @Test("Packets after the eighth change nothing")
    func eight() {
        var packets = (0..<8).map { _ in (length: 300, gap: 20.0) }
        let short = FlowMeasures(Self.flow(packets))
        packets += (0..<8).map { _ in (length: -1500, gap: 0.1) }
        #expect(FlowMeasures(Self.flow(packets)) == short)
    }

    @Test("The first rule that fits decides, a flagged source before every rule, and none leaves the rest")
    func order() {
        var even = ClassRule(.voice, name: "even")
        even.gap = 10...60
        even.sizeSpread = 0...0.1
        var datagrams = ClassRule(.video, name: "datagrams")
        datagrams.transports = [17]
        let classifier = FlowClassifier(rules: [even, datagrams], otherwise: .web)
        #expect(classifier.verdict(Self.call).trafficClass == .voice)
        #expect(classifier.verdict(Self.call, isFlagged: true).trafficClass == .quarantine)
        #expect(classifier.verdict(Self.flow([(214, 0), (600, 5), (90, 300), (800, 2)])).rule == "datagrams")
        #expect(classifier.verdict(Self.flow([(214, 0)], transport: 6)) == .init(trafficClass: .web, rule: nil))
        // Two packets have no pace to be judged by.
        #expect(classifier.verdict(Self.flow([(214, 0), (214, 20)])).trafficClass == .video)
    }

    @Test("What is withheld is not asked for")
    func withheld() {
        var marked = ClassRule(.bulk, name: "marked")
        marked.codePoints = [8]
        var flow = Self.call
        flow.details.clientTrafficClass = 8 << 2
        #expect(FlowClassifier(rules: [marked], otherwise: .web).verdict(flow).trafficClass == .bulk)
        let without = FlowClassifier(rules: [marked], otherwise: .web, ignoring: [.dscp])
        #expect(without.verdict(flow).trafficClass == .web)
    }
}
