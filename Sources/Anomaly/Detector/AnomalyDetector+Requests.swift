// Web requests in number: what a flood looks like that opens few connections.

import NetTypes

extension AnomalyDetector {
    /// Counts a request, for its client and for the server whoever asks. Floods that keep their connections open look like
    /// one long page otherwise; each count is measured against the largest one that the server's port has seen.
    func noteRequest(_ keys: FlowKeys) {
        let client = host(keys.clientKey, isInside: keys.clientIsInside)
        let server = host(keys.serverKey, isInside: keys.serverIsInside)
        let isGuarded = isGuarded(client) || isGuarded(server)
        let owner = KeyMixer.combine(keys.serverHistory, 55 << 32 | keys.serviceCode)
        let tuple = tuples.insert(keys.tuple, now).place
        let own = tuples[tuple].requests.add(now, width: 27)
        note(.requests, tuple: tuple, excess(.requests, count: own, owner: owner, isGuarded: isGuarded), Float(own))
        guard keys.serverIsInside else { return }
        let place = servers.insert(keys.serverAndPort, now).place
        let all = servers[place].requests.add(now, width: 27)
        note(
            .requestsOfServer, server: place,
            excess(.requestsOfServer, count: all, owner: owner, isGuarded: isGuarded), Float(all))
    }
}
