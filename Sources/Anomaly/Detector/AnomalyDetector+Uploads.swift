// What leaves the network for what comes in: exfiltration by asymmetry.

import NetTypes

extension AnomalyDetector {
    /// Share of what a host sent out that a flow must have carried to be blamed for the balance.
    private static let leastShare: Float = 0.02

    /// Adds a record's bytes to its host's balance and notes how far that is from the host's own usual one. Many small uploads
    /// are seen this way which no volume of a flow gives away.
    func noteUpload(_ flow: FlowRecord, _ keys: FlowKeys, _ tuple: Int, _ client: HostPlace) {
        guard keys.clientIsInside, !keys.serverIsInside, !keys.isGroup else { return }
        let up = Float(flow.toServer.payloadBytes)
        let down = Float(flow.toClient.payloadBytes)
        let balance = client.table[client.place].uploads.add(
            up: up, down: down, now, learns: !isGuarded(client) && !isBlind)
        guard up > down, up > Self.leastShare * balance.sent else { return }
        note(.uploadBalance, tuple: tuple, balance.excess, balance.ratio)
    }
}
