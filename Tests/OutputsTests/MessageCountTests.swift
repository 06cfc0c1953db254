// Counting messages without making them: what is shed is counted by it.

import NetTypes
import TestSupport
import Testing

@testable import Outputs

@Suite("Counts of messages")
struct MessageCountTests {
    /// One event of every kind and application, half of them with two alerts, a third with an incident, and counters.
    private var everything: KeptEvents {
        let flow = sampleFlow()
        var all: [StreamEvent] = []
        for kind in [FlowEventKind.opened, .answered, .closed] {
            all += events { $0.append(kind, flow, at: flow.end, detail: FlowEndReason.idleTimeout.rawValue) }
        }
        for protocols in ApplicationProtocol.allCases { all.append(application(protocols, of: flow) { _ in }) }
        all += events {
            $0.append(
                changed: flow,
                by: FlowDelta(packetsToServer: 1, packetsToClient: 0, bytesToServer: 60, bytesToClient: 0), at: flow.end
            )
            $0.append(
                ARPMessage(
                    operation: 1, senderMAC: flow.details.clientMAC, senderIP: flow.client.address,
                    targetMAC: flow.details.serverMAC, targetIP: flow.server.address,
                    frameSource: flow.details.clientMAC, frameDestination: flow.details.serverMAC), at: flow.end)
            $0.append(
                ICMPErrorMessage(
                    type: 3, code: 3, sender: flow.server.address, source: flow.client.address,
                    destination: flow.server.address, transport: IPProtocol.udp, sourcePort: 1, destinationPort: 2),
                at: flow.end)
            $0.append(
                FaultMessage(fault: .ipv4Truncated, hasKey: false, sourceIsFirst: true, key: FlowKey()), at: flow.end)
            $0.append(loss: 3, at: flow.end)
            $0.append(overload: .application, at: flow.end)
            $0.appendTick(at: flow.end)
        }
        var annotations = FlowAnnotations()
        for index in all.indices {
            annotations.current = index
            if index % 2 == 0 {
                annotations.raise(sampleAlert(flow))
                annotations.raise(sampleAlert(flow, incident: 9))
            }
            if index % 3 == 0 {
                annotations.note(
                    IncidentRecord(
                        id: 7, state: .opened, time: flow.end, entity: flow.client.address, isVictim: false,
                        attacker: flow.client.address, victim: flow.server.address, first: flow.start, last: flow.end,
                        alerts: 1, findings: 1, risk: 5, score: 1, stages: []))
            }
        }
        var keeper = EventKeeper(wanted: .all, AnnotationReader(annotations))
        for (index, event) in all.enumerated() { keeper.keep(event, at: index) }
        keeper.keep(StatisticsSnapshot(time: flow.end, uptime: 1, decode: DecodeCounters(), table: TableCounters()))
        return keeper.finish()!
    }

    @Test(
        "As many messages and alerts are counted as are made, in every format and for every type of event",
        arguments: OutputFormat.allCases)
    func counts(_ format: OutputFormat) throws {
        let kept = everything
        let alone = try #require(kept.alertsAlone)
        for types in [.all, [], [.alert], [.flow, .dns], [.alert, .stats, .anomaly]] + EVEEventTypes.named.map(\.type) {
            var options = EVEOptions()
            options.types = types
            for events in [kept, alone] {
                let renderer = MessageRenderer(format, options, header: nil, limit: .max, pseudonyms: nil)
                var messages = MessageBuffer()
                var made = ShedMessages()
                renderer.render(events, into: &messages) { _ in
                } handOn: {
                    for note in $0.notes { made.count(isAlert: note.isAlert) }
                }
                let count = renderer.count(events)
                #expect(messages.count == 0)
                #expect(count.messages == made.messages && count.alerts == made.alerts, "\(types)")
                #expect(renderer.wants(events) || made.messages == 0, "\(types)")
            }
        }
    }

    @Test("An output for alerts alone is not bothered with events that raised none")
    func wants() throws {
        let flow = sampleFlow()
        let all = [application(.dns, of: flow) { _ in }, application(.tls, of: flow) { _ in }]
        var keeper = EventKeeper(wanted: .all, AnnotationReader(FlowAnnotations()))
        for (index, event) in all.enumerated() { keeper.keep(event, at: index) }
        let kept = try #require(keeper.finish())
        func renderer(_ types: EVEEventTypes) -> MessageRenderer {
            var options = EVEOptions()
            options.types = types
            return MessageRenderer(.eve, options, header: nil, limit: .max, pseudonyms: nil)
        }
        #expect(!renderer([.alert]).wants(kept))
        #expect(!renderer([.alert, .flow]).wants(kept))
        #expect(renderer([.alert, .dns]).wants(kept))
        #expect(renderer([.alert]).wants(everything))
    }

    @Test("The messages of a storm are handed on in portions, in their order")
    func portions() {
        let flow = sampleFlow()
        let all = events { for _ in 0..<2000 { $0.append(.closed, flow, at: flow.end, detail: 0) } }
        var keeper = EventKeeper(wanted: .all, AnnotationReader(FlowAnnotations()))
        for (index, event) in all.enumerated() { keeper.keep(event, at: index) }
        let renderer = MessageRenderer(.eve, EVEOptions(), header: nil, limit: .max, pseudonyms: nil)
        var messages = MessageBuffer()
        var sizes: [Int] = []
        var count = 0
        renderer.render(keeper.finish()!, into: &messages) { _ in
        } handOn: {
            sizes.append($0.byteCount)
            count += $0.count
        }
        #expect(count == 2000 && sizes.count > 2)
        #expect(sizes.allSatisfy { $0 < MessageRenderer.portion + 4096 })
    }
}
