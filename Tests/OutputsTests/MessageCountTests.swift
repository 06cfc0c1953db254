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
                renderer.render(events, into: &messages) { _ in }
                let count = renderer.count(events)
                #expect(count.messages == messages.count, "\(types)")
                #expect(count.alerts == messages.notes.count { $0.isAlert }, "\(types)")
            }
        }
    }
}
