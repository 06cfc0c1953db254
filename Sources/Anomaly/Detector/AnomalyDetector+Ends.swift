// What a finished flow record says: volume, timing, shape, first bytes.

import Learning
import NetTypes

extension AnomalyDetector {
    /// Scores a closed record and learns from it.
    func closed(_ event: StreamEvent) -> Int64 {
        let keys = takeKeys(event)
        let flow = event.flow
        let start = tick(of: flow.start)
        let client = host(keys.clientKey, isInside: keys.clientIsInside)
        let server = host(keys.serverKey, isInside: keys.serverIsInside)
        noteClosing(keys, event.endReason, flow)
        let alike = AlikeRecords.key(flow, keys, clientIsHeld: isGuarded(client), serverIsHeld: isGuarded(server))
        if let alike, let millionths = alikeRecords.score(alike, now) { return millionths }
        let tuple = tuples.insert(keys.tuple, now).place
        let link = links.insert(keys.link, now).place
        noteStay(keys, link)
        if event.endReason != .activeTimeout {
            tuples[tuple].calls.note(up: flow.toServer.payloadBytes, down: flow.toClient.payloadBytes)
        }
        noteTotals(flow, keys, tuple, continues: event.endReason == .activeTimeout, start)
        noteUpload(flow, keys, tuple, client)
        if isReflected(keys) { noteReflection(flow, server) }
        event.withFields { fields in
            noteHeads(fields, flow, keys, link, client, server)
            noteMining(fields, flow, keys, tuple, isGuarded: isGuarded(client))
        }
        let shape = FlowShape(flow)
        let kind = shapeKinds(keys)
        let distances = shapes.distances(of: shape, kinds: kind)
        let unanswered = flow.toClient.packets == 0 && !flow.identity.status.contains(.answered)
        if !unanswered {
            note(.shapeOfKind, tuple: tuple, distances.kind, distances.kind)
            note(.shapeOfDirection, tuple: tuple, distances.direction, distances.direction)
        }
        consult(shape, keys, tuple, learns: !isGuarded(client) && !isGuarded(server) && !isBlind)
        countRecord(keys, flow)

        let isNewLink = links[link].firstStart >= start
        let scores = assess(
            keys, start: start, unanswered: unanswered, isNewLink: isNewLink, event: event, isBurst: false)
        if !scoring.isFitted {
            gather(
                keys, start: start, unanswered: unanswered, isNewLink: isNewLink, event: event, isNotableOnly: false)
        }
        learn(keys, flow.key, scores: scores, client: client, server: server)
        if !isGuarded(client), !isGuarded(server), !isBlind {
            shapes.learn(shape, kinds: kind, talker: keys.service, now)
        }
        let millionths = FamilyScores.millionths(scores.flow)
        if let alike { alikeRecords.note(alike, millionths, now) }
        return millionths
    }

    /// The tick of a flow's start, which lies in the past.
    private func tick(of time: Timestamp) -> UInt32 {
        var clock = clock
        return clock.tick(time)
    }

    /// Bytes, packets and age of the flow, its earlier records included.
    private func noteTotals(
        _ flow: FlowRecord, _ keys: FlowKeys, _ tuple: Int, continues: Bool, _ start: UInt32
    ) {
        var total = FlowMemory()
        total.firstStart = start
        let key = KeyMixer.combine(flow.details.flowID, 8)
        if continues || flow.identity.status.contains(.continued) {
            let entry = flows.insert(key, now)
            if entry.isNew || flows[entry.place].firstStart == 0 { flows[entry.place].firstStart = start }
            flows[entry.place].bytesUp += flow.toServer.payloadBytes
            flows[entry.place].bytesDown += flow.toClient.payloadBytes
            flows[entry.place].packets += flow.packets
            total = flows[entry.place]
        } else {
            total.bytesUp = flow.toServer.payloadBytes
            total.bytesDown = flow.toClient.payloadBytes
            total.packets = flow.packets
        }
        let lived = DetectorClock.seconds(from: total.firstStart, to: tick(of: flow.end))
        // What was there before anybody watched only seems young in the sample: nothing counts as older than a third of the
        // time watched, and totals count as if the flow had lived no longer.
        let age = min(lived, DetectorClock.seconds(from: DetectorClock.origin, to: now) / 3)
        let share = lived > 0 ? age / lived : 1
        let up = Float(total.bytesUp) * share
        let down = Float(total.bytesDown) * share
        if keys.clientIsInside, !keys.serverIsInside, up > 0.5 * (up + down + 100) {
            note(.bytesUp, tuple: tuple, Self.logarithm(up), up)
        }
        let packets = Float(total.packets) * share
        note(.packets, tuple: tuple, Self.logarithm(packets), packets)
        note(.age, tuple: tuple, Self.logarithm(age), age)
        let seconds = max(1, Float(flow.end.nanoseconds - flow.start.nanoseconds) / 1e9)
        let rate = Float(flow.packets) / seconds
        note(.packetRate, tuple: tuple, Self.logarithm(rate), rate)
        if let link = links.find(keys.link) { noteEvenness(flow, tuple, novelty: links[link].novelty) }
        if keys.transport == IPProtocol.icmp || keys.transport == IPProtocol.icmpv6 {
            noteICMP(flow, packets, tuple)
        }
        if keys.transport == IPProtocol.udp, keys.serverPort == 53, let note = flows.find(key),
            let domain = domains.find(flows[note].domain), flows[note].domain != 0
        {
            let mean = up / Float(max(1, flow.toServer.packets))
            let value = Self.logarithm(mean) + Self.logarithm(up + down) / 2
            self.note(.dnsBytesPerPacket, domain: domain, value, mean)
        }
    }

    /// How even the gaps between packets of the busier direction are, on the way to a new peer.
    private func noteEvenness(_ flow: FlowRecord, _ tuple: Int, novelty: Float) {
        let isUp = flow.toServer.packets >= flow.toClient.packets
        let busy = isUp ? flow.toServer : flow.toClient
        guard busy.packets >= 5 else { return }
        let gaps = busy.gaps(since: isUp ? flow.details.firstToServer : flow.details.firstToClient)
        guard gaps.mean > 0.2e9 else { return }
        let evenness = Float(max(0, 1 - gaps.deviation / gaps.mean)) * min(1, Float(flow.packets) / 20)
        note(.gapRegularity, tuple: tuple, evenness * novelty, evenness)
    }

    private func noteICMP(_ flow: FlowRecord, _ packets: Float, _ tuple: Int) {
        // Errors quote the packet they are about; requests and their replies carry what their sender chooses.
        let isV6 = flow.key.isIPv6
        let counterpart =
            isV6
            ? ICMPPairing.counterpart(ofICMPv6: flow.details.icmpType)
            : ICMPPairing.counterpart(ofICMP: flow.details.icmpType)
        guard counterpart != nil else { return }
        // Ethernet, IPv4 and ICMP headers.
        let payload = Float(max(flow.toServer.lengthMaximum, flow.toClient.lengthMaximum)) - 42
        if payload > 64 { note(.icmpPayload, tuple: tuple, Self.logarithm(payload - 64), payload) }
        let different = Float(FlowShape.differentLengths(flow))
        note(.icmpPackets, tuple: tuple, Self.logarithm(packets) + different / 4, packets)
    }

    /// Novelty of the first payload bytes on this port.
    private func noteHeads(
        _ fields: FieldReader, _ flow: FlowRecord, _ keys: FlowKeys, _ link: Int, _ client: HostPlace,
        _ server: HostPlace
    ) {
        guard let request = fields.first(.payloadToServer)?.value, !request.isEmpty else { return }
        let host = keys.inside.key
        let grace = isInGrace(keys.clientIsInside || !keys.serverIsInside ? client : server)
        let head = PayloadHead(request)
        let asked = KeyMixer.combine(keys.serviceCode, head.prefixCode(4))
        note(.newRequestBytes, link: link, novelty(.newRequestBytes, of: asked, for: host, grace: grace), 1)
        if let reply = fields.first(.payloadToClient)?.value, !reply.isEmpty {
            let given = KeyMixer.combine(keys.serviceCode, PayloadHead(reply).prefixCode(3, isText: true))
            note(.newReplyBytes, link: link, novelty(.newReplyBytes, of: given, for: host, grace: grace), 1)
        }
        let mix = KeyMixer.combine(
            keys.port == FlowKeys.ephemeral ? 1 << 40 : keys.serviceCode,
            UInt64(head.mix) << 1 | (keys.serverIsInside ? 1 : 0))
        note(.newPayloadMix, link: link, novelty(.newPayloadMix, of: mix, for: host, grace: grace), 1)
    }

    /// Keys of the two groups whose shapes a flow is compared with.
    func shapeKinds(_ keys: FlowKeys) -> (kind: UInt64, direction: UInt64) {
        let sides = UInt64(keys.clientIsInside ? 2 : 0) | (keys.serverIsInside ? 1 : 0)
        let port = keys.serverPort < 10000 ? UInt64(keys.serverPort) : 0xffff
        return (
            KeyMixer.combine(11, UInt64(keys.transport) << 24 | port << 2 | sides),
            KeyMixer.combine(12, UInt64(keys.transport) << 2 | sides)
        )
    }

    /// ln(1 + x).
    @inline(__always)
    static func logarithm(_ value: Float) -> Float { Float(PortableMath.logOnePlus(Double(max(0, value)))) }
}
