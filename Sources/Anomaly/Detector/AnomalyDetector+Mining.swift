// Work for a mining pool: its words, and the pace at which it goes on.

import NetTypes

extension AnomalyDetector {
    /// Notes signs of mining in a TCP record, measured against what the host did before: a miner of the house is ordinary.
    func noteMining(_ fields: FieldReader, _ flow: FlowRecord, _ keys: FlowKeys, _ tuple: Int, isGuarded: Bool) {
        guard keys.transport == IPProtocol.tcp, flow.identity.application != .tls,
            let request = fields.first(.payloadToServer)?.value, request.count >= 2, MiningTalk.isLine(request)
        else { return }
        let words = MiningTalk.words(in: request) + MiningTalk.words(in: fields.first(.payloadToClient)?.value)
        let signs = min(MiningTalk.decisive, words) + MiningTalk.pace(of: flow)
        let owner = KeyMixer.combine(keys.clientHistory, 57)
        let level = pastLevel(.mining, count: Int(Exponential.of(signs)), owner: owner, isGuarded: isGuarded)
        note(.mining, tuple: tuple, signs - level, signs)
    }
}
