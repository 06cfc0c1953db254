// First contacts that fail, connections that stay open, requests that are refused.

import NetTypes

extension AnomalyDetector {
    /// Height below which the walk of first contacts says nothing: an error rate of one in three thousand.
    private static let leastWalk: Float = 8

    /// Takes note of whether a first contact was answered.
    ///
    /// - Parameter tuple: place of the client, the server and its port.
    func noteContact(_ keys: FlowKeys, _ tuple: Int?, isAnswered: Bool) {
        guard keys.transport == IPProtocol.tcp, let tuple, tuples[tuple].startCount <= 1 else { return }
        let client = host(keys.clientKey, isInside: keys.clientIsInside)
        let isGuarded = isGuarded(client)
        client.table[client.place].contacts.note(
            isAnswered: isAnswered, network: &networkContacts, learns: !isGuarded)
        let height = client.table[client.place].contacts.height
        guard !isAnswered, height > Self.leastWalk else { return }
        // Heights are natural logarithms already: the past counts as the walk's own highest level.
        let owner = KeyMixer.combine(keys.clientHistory, 46)
        let level = pastLevel(.blindContacts, count: Int(height), owner: owner, isGuarded: isGuarded)
        note(.blindContacts, host: client, Self.logarithm(height) - 0.6 * level, height)
    }

    /// Counts a connection as open, which too many half-finished requests keep (slow HTTP).
    func noteOpening(_ keys: FlowKeys, _ server: HostPlace, isGuarded: Bool) {
        guard keys.transport == IPProtocol.tcp, keys.serverIsInside else { return }
        let place = servers.insert(keys.serverAndPort, now).place
        servers[place].open += 1
        let open = Int(servers[place].open)
        let owner = KeyMixer.combine(keys.serverHistory, 47 << 32 | keys.serviceCode)
        note(
            .openConnections, server: place,
            excess(.openConnections, count: open, owner: owner, isGuarded: isGuarded), Float(open))
    }

    func noteClosing(_ keys: FlowKeys, _ reason: FlowEndReason, _ flow: FlowRecord) {
        guard keys.transport == IPProtocol.tcp, keys.serverIsInside, reason != .activeTimeout, !keys.isGroup,
            !flow.identity.status.contains(.midstream), let place = servers.find(keys.serverAndPort)
        else { return }
        if servers[place].open > 0 { servers[place].open -= 1 }
    }

    /// Counts requests that the server refused: guessed passwords (401, 403) and guessed pages (404).
    func noteStatus(_ status: UInt64, _ keys: FlowKeys) {
        guard (400..<500).contains(status) else { return }
        let tuple = tuples.insert(keys.tuple, now).place
        let isGuarded = isGuarded(host(keys.clientKey, isInside: keys.clientIsInside))
        let count = tuples[tuple].refused.add(now, width: 160)
        let owner = KeyMixer.combine(keys.clientHistory, 48)
        note(
            .refusedRequests, tuple: tuple,
            excess(.refusedRequests, count: count, owner: owner, isGuarded: isGuarded), Float(count))
    }
}
