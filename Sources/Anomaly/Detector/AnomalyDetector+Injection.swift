// Requests that break out of the place they were given.

import NetTypes

extension AnomalyDetector {
    /// Notes kinds of marks that no request to a server had, by how rarely requests to it bring new ones. Outside servers are one
    /// for this, and count two fifths: what a browser asks the world for is of every kind, and the site answers for its own servers.
    /// What comes while memories fill says nothing.
    func noteInjection(_ marks: InjectionMarks, _ keys: FlowKeys, _ link: Int) {
        let server = keys.serverHistory
        var value = novelty(.injection, isNew: false, for: server, grace: false)
        var new: Float = 0
        for kind in SetBits(marks.bits) {
            let entry = known.insert(noveltyKey(.injection, of: KeyMixer.combine(server, UInt64(kind))), now)
            known[entry.place] = now
            if entry.isNew { new += 1 }
            value = max(value, novelty(.injection, isNew: entry.isNew, for: server, grace: false))
        }
        guard !isWarmingUp else { return }
        note(.injection, link: link, keys.serverIsInside ? value : 0.4 * value, new)
    }
}
