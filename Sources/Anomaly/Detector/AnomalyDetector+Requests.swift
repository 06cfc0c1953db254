// Web requests in number: what a flood looks like that opens few connections.

import NetTypes

extension AnomalyDetector {
    /// Counts a request, for its client and for the server whoever asks. Floods that keep their connections open look like
    /// one long page otherwise. Each count is measured against the largest ones that the server's port and all servers of that
    /// port have seen, and against what one page may ask for.
    func noteRequest(_ keys: FlowKeys) {
        let client = host(keys.clientKey, isInside: keys.clientIsInside)
        let server = host(keys.serverKey, isInside: keys.serverIsInside)
        let isGuarded = isGuarded(client) || isGuarded(server)
        let tuple = tuples.insert(keys.tuple, now).place
        let own = tuples[tuple].requests.add(now, width: 27)
        note(.requests, tuple: tuple, flood(.requests, own, keys, isGuarded: isGuarded), Float(own))
        guard keys.serverIsInside else { return }
        let place = servers.insert(keys.serverAndPort, now).place
        let all = servers[place].requests.add(now, width: 27)
        note(.requestsOfServer, server: place, flood(.requestsOfServer, all, keys, isGuarded: isGuarded), Float(all))
    }

    /// Natural logarithm of what one page may ask for within ten seconds: 150 things, more than nine pages in ten
    /// (HTTP Archive, Page Weight).
    private static let page: Float = 5

    private func flood(_ feature: Feature, _ count: Int, _ keys: FlowKeys, isGuarded: Bool) -> Float {
        let own = pastLevel(
            feature, count: count, owner: KeyMixer.combine(keys.serverHistory, 55 << 32 | keys.serviceCode),
            isGuarded: isGuarded)
        let ofPort = pastLevel(
            feature, count: count, owner: 56 << 32 | keys.serviceCode, isGuarded: isGuarded)
        return CountLogarithm.of(count) - max(Self.page, own, 0.8 * ofPort)
    }
}
