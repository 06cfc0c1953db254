// Alerts and counters made from an input, with figures that no detector and no table would give.

import FuzzSupport
import NetTypes
import Outputs

extension FuzzInput {
    /// - Parameters:
    ///   - flow: what it is about; nil for an alert about hosts.
    ///   - text: stands wherever an alert has text.
    mutating func alert(_ flow: FlowRecord?, text: String, at time: Timestamp) -> Alert {
        let isIPv6 = byte() & 1 == 1
        var alert = Alert(
            time: time, source: address(isIPv6), target: address(isIPv6), sourcePort: integer(), targetPort: integer(),
            transport: byte(), flow: flow, signatureID: integer(), signature: text, category: text, severity: byte(),
            technique: (text, text), tactic: (text, text),
            references: Array(repeating: text, count: Int(byte() % 3)), incident: integer(),
            stage: byte() & 1 == 0 ? .opened : .updated, alertCount: integer(), risk: integer(), score: double(),
            threshold: double(),
            contributions: (0..<(byte() % 4)).map { _ in
                Alert.Contribution(feature: "feature", value: double(), expected: double(), score: double())
            },
            counterfactuals: (0..<(byte() % 3)).map { _ in
                Alert.Counterfactual(feature: "feature", atMost: double())
            })
        if byte() & 1 == 1 {
            alert.nearest = Alert.Neighbour(
                distance: double(), flows: integer(), packetsToServer: double(), packetsToClient: double(),
                bytesToServer: double(), bytesToClient: double(), seconds: double())
        }
        return alert
    }

    mutating func snapshot(at time: Timestamp) -> StatisticsSnapshot {
        var decode = DecodeCounters()
        decode.packets = counter()
        decode.bytes = counter()
        decode.invalid = counter()
        decode.tunnels.gtp = counter()
        for index in decode.faults.indices { decode.faults[index] = counter() }
        var table = TableCounters()
        table.opened = counter()
        table.active = integer(Int64.self) >> 8
        for index in table.ended.indices { table.ended[index] = counter() }
        var capture: CaptureCounters?
        if byte() & 1 == 1 {
            var counters = CaptureCounters()
            counters.packets = counter()
            counters.drops = counter()
            capture = counters
        }
        return StatisticsSnapshot(
            time: time, uptime: integer(), decode: decode, table: table, alerts: integer(),
            suppressedAlerts: integer(), capture: capture)
    }

    /// Counters are added up where lines are made: no process lives to see one grow beyond this.
    private mutating func counter() -> UInt64 { integer(UInt64.self) >> 8 }

    private mutating func address(_ isIPv6: Bool) -> IPAddress {
        isIPv6 ? IPAddress(high: integer(), low: integer(), isIPv6: true) : IPAddress(v4: integer())
    }

    /// Any bit pattern: infinities and what is no number too.
    private mutating func double() -> Double { Double(bitPattern: integer()) }
}
