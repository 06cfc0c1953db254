// Records of scans and floods that are scored once.

import NetTypes
import Testing

@testable import Anomaly

@Suite("Alike records")
struct AlikeRecordsTests {
    private let mixer = KeyMixer(FlowHasher(firstKey: 1, secondKey: 2))

    /// A flow of one SYN from an inside host, refused or not.
    private func flow(to port: UInt16, from host: UInt64 = 5, refused: Bool = false, payload: UInt64 = 0) -> FlowRecord
    {
        let client = IPAddress(v4: 0x0a00_0000 | UInt32(host))
        let server = IPAddress(v4: 0x0a00_0101)
        let (key, clientIsFirst) = FlowKey.canonical(
            source: client, sourcePort: 40000, destination: server, destinationPort: port, transport: IPProtocol.tcp)
        var flow = FlowRecord()
        flow.identity.key = key
        if clientIsFirst { flow.identity.status.insert(.clientIsFirst) }
        flow.toServer.packets = 1
        flow.toServer.flags = .syn
        flow.toServer.payloadBytes = payload
        if refused {
            flow.toClient.packets = 1
            flow.toClient.flags = [.rst, .ack]
        }
        return flow
    }

    private func key(_ flow: FlowRecord, held: Bool = true) -> UInt64? {
        let keys = FlowKeys(
            flow.identity.key, clientIsFirst: flow.identity.status.contains(.clientIsFirst), icmpType: 0,
            toGroup: false, mixer, .privateAlone)
        return AlikeRecords.key(flow, keys, clientIsHeld: held, serverIsHeld: false)
    }

    @Test("Probes of one scanner are alike whatever the port, as far as they fared alike")
    func ports() {
        #expect(key(flow(to: 22)) != nil)
        #expect(key(flow(to: 22)) == key(flow(to: 8080)))
        #expect(key(flow(to: 22)) != key(flow(to: 22, refused: true)))
        #expect(key(flow(to: 22)) != key(flow(to: 22, from: 6)))
    }

    @Test("What carries data, and what no incident holds, stands for itself")
    func others() {
        #expect(key(flow(to: 22, payload: 10)) == nil)
        #expect(key(flow(to: 22), held: false) == nil)
    }

    @Test("A score serves records of its key and its tick only")
    func ticks() throws {
        let probe = try #require(key(flow(to: 22)))
        var records = AlikeRecords()
        records.note(probe, 700_000, 50)
        #expect(records.score(probe, 50) == 700_000)
        #expect(records.score(probe, 51) == nil)
        #expect(records.score(probe ^ 1, 50) == nil)
    }
}
