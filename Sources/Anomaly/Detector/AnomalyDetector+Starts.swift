// What a flow's first packets say: who turns to whom, how often, and who does not answer.

import NetTypes

extension AnomalyDetector {
    func opened(_ event: StreamEvent) {
        let keys = takeKeys(event)
        let client = host(keys.clientKey, isInside: keys.clientIsInside)
        let server = host(keys.serverKey, isInside: keys.serverIsInside)
        let link = links.insert(keys.link, now)
        let tuple = tuples.insert(keys.tuple, now)
        let lastOnLink = links[link.place].lastStart
        let lastOnTuple = tuples[tuple.place].lastStart
        links[link.place].lastStart = now
        tuples[tuple.place].lastStart = now
        if link.isNew { links[link.place].firstStart = now }
        let grace = isInGrace(keys.clientIsInside || !keys.serverIsInside ? client : server)
        notePlaces(keys, link: link, isTupleNew: tuple.isNew, grace: grace)
        if link.isNew, keys.clientIsInside { noteOwner(event.flow.details.clientMAC, keys.client) }
        noteStay(keys, link.place)
        countStart(keys, isNewLink: link.isNew)
        if !keys.isGroup {
            let isGuarded = isGuarded(client) || isGuarded(server)
            // Answers to a client's many ports are no scan of them by the server.
            let isUnsolicited = isUnsolicited(event.flow)
            if !isUnsolicited { notePorts(keys, link.place, lastOnTuple, isGuarded: isGuarded) }
            noteFans(keys, link, tuple.place, lastOnLink, lastOnTuple, server, isGuarded: isGuarded)
            noteSessions(keys, tuple.place, server, isGuarded: isGuarded)
            noteAdministration(keys, link.place, client, server, isNew: tuple.isNew, grace: grace)
            noteOpening(keys, server, isGuarded: isGuarded)
            if isUnsolicited { noteBackscatter(event.flow, keys, client, server) }
            if isReflected(keys) { noteReflector(keys, server, lastOnLink, isGuarded: isGuarded) }
            if tuple.isNew { noteReached(keys) }
            awaitAnswer(event.flow, keys)
        }
        noteCall(tuple.place, event.flow.start, novelty: links[link.place].novelty)
        assess(keys, start: now, unanswered: false, isNewLink: link.isNew, event: event, isBurst: true)
    }

    /// Novelty of the peer, the port and the network.
    private func notePlaces(
        _ keys: FlowKeys, link: (place: Int, isNew: Bool), isTupleNew: Bool, grace: Bool
    ) {
        let host = keys.inside.key
        let place = link.place
        let peer = novelty(.newPeer, isNew: link.isNew, for: host, grace: grace)
        note(.newPeer, link: place, peer, 1)
        if link.isNew, !isWarmingUp { links[place].novelty = peer }
        if keys.clientIsInside, keys.serverIsInside { note(.newInsidePeer, link: place, peer, 1) }
        note(.newPeerPort, link: place, novelty(.newPeerPort, isNew: isTupleNew, for: host, grace: grace), 1)
        let server = servers.insert(keys.serverAndPort, now)
        note(.newServer, link: place, novelty(.newServer, isNew: server.isNew, for: host, grace: grace), 1)
        let code = keys.serviceCode
        note(.newService, link: place, novelty(.newService, of: code, for: host, grace: grace), 1)
        let owner = keys.clientIsInside ? keys.clientKey : 1
        let used = novelty(.newServiceOfHost, of: KeyMixer.combine(owner, code), for: host, grace: grace)
        note(.newServiceOfHost, link: place, used, 1)
        if keys.clientIsInside != keys.serverIsInside {
            let outside = keys.clientIsInside ? keys.server : keys.client
            let network = outside.isIPv6 ? outside.high >> 32 | 1 << 40 : outside.low >> 16
            note(.newNetwork, link: place, novelty(.newNetwork, of: network, for: host, grace: grace), 1)
        }
        if keys.serverIsInside {
            let asked = KeyMixer.combine(keys.serverKey, code << 1 | (keys.clientIsInside ? 1 : 0))
            note(.newInboundService, link: place, novelty(.newInboundService, of: asked, for: host, grace: grace), 1)
        }
    }

    /// Fan-out of the client over the ports of one peer.
    private func notePorts(_ keys: FlowKeys, _ link: Int, _ lastOnTuple: UInt32, isGuarded: Bool) {
        let ports = links[link].ports.add(now, last: lastOnTuple, width: 160)
        note(
            .portsOfPeer, link: link,
            excess(.portsOfPeer, count: ports, owner: keys.clientHistory, isGuarded: isGuarded), Float(ports))
    }

    /// Fan-out of the client over hosts, fan-in of the server.
    private func noteFans(
        _ keys: FlowKeys, _ link: (place: Int, isNew: Bool), _ tuple: Int, _ lastOnLink: UInt32,
        _ lastOnTuple: UInt32, _ server: HostPlace, isGuarded: Bool
    ) {
        let client = keys.clientHistory
        let service = services.insert(keys.service, now).place
        let owner = KeyMixer.combine(client, keys.serviceCode)
        let few = services[service].hosts.add(now, last: lastOnTuple, width: 160)
        note(
            .hostsOfService, service: service,
            excess(.hostsOfService, count: few, owner: owner, isGuarded: isGuarded), Float(few))
        let many = services[service].hostsLong.add(now, last: lastOnTuple, width: 1600)
        let slow = excess(.hostsOfServiceLong, count: many, owner: owner, isGuarded: isGuarded)
        if Self.isSustained(few, of: many) {
            note(.hostsOfServiceLong, service: service, slow, Float(many))
        }

        if lastOnTuple == 0 { noteSpread(keys, service, isGuarded: isGuarded) }

        let sources = server.table[server.place].sources.add(now, last: lastOnLink, width: 27)
        note(
            .sources, host: server,
            excess(.sources, count: sources, owner: keys.serverHistory, isGuarded: isGuarded), Float(sources))
        if link.isNew {
            let new = server.table[server.place].newSources.add(now, width: 27)
            note(
                .newSources, host: server,
                excess(.newSources, count: new, owner: keys.serverHistory, isGuarded: isGuarded), Float(new))
        }
    }

    /// Repetition on one port of one peer, and the rate of starts at the server.
    private func noteSessions(_ keys: FlowKeys, _ tuple: Int, _ server: HostPlace, isGuarded: Bool) {
        let short = tuples[tuple].sessionsShort.add(now, width: 27)
        let middle = tuples[tuple].sessions.add(now, width: 160)
        let long = tuples[tuple].sessionsLong.add(now, width: 1600)
        let excesses = repetition(short, middle, long, keys, isGuarded)
        note(.sessionsShort, tuple: tuple, excesses.short, Float(short))
        note(.sessions, tuple: tuple, excesses.middle, Float(middle))
        noteLogins(keys, tuple, counts: (short, middle), isGuarded: isGuarded)
        if Self.isSustained(middle, of: long) { note(.sessionsLong, tuple: tuple, excesses.long, Float(long)) }

        let place = servers.insert(keys.serverAndPort, now).place
        let owner = KeyMixer.combine(keys.serverHistory, UInt64(keys.transport))
        let second = server.table[server.place].startsShort.add(now, width: 3)
        note(
            .startsShort, server: place,
            excess(.startsShort, count: second, owner: owner, isGuarded: isGuarded), Float(second))
        let ten = server.table[server.place].starts.add(now, width: 27)
        note(.starts, server: place, excess(.starts, count: ten, owner: owner, isGuarded: isGuarded), Float(ten))
    }

    /// Whether the last minute takes a fair part in a count of ten minutes: a burst that is over is not raised again.
    private static func isSustained(_ minute: Int, of tenMinutes: Int) -> Bool { 30 * minute >= tenMinutes }

    /// Counts of connections, measured against the past of the server's port, the port, the pair and the site.
    private func repetition(
        _ short: Int, _ middle: Int, _ long: Int, _ keys: FlowKeys, _ isGuarded: Bool
    ) -> (short: Float, middle: Float, long: Float) {
        let owners: InlineArray<4, UInt64> = [
            KeyMixer.combine(keys.serverHistory, keys.serviceCode), 4 << 32 | keys.serviceCode, keys.link,
            keys.serverIsInside ? 5 << 32 : 6 << 32,
        ]
        let weights: InlineArray<4, Float> = [0.65, 0.55, 0.7, 0.3]
        // The lanes of the three features: `Feature.past`.
        let counts = SIMD4(UInt16(clamping: short), UInt16(clamping: middle), UInt16(clamping: long), 0)
        var levels: (short: Float, middle: Float, long: Float) = (0, 0, 0)
        // A pair's own past is worth keeping for inside clients only: there is no end of outside ones.
        for index in owners.indices where index != 2 || keys.clientIsInside {
            let place = past(.sessionsShort, of: owners[index])
            let weight = weights[index]
            let settled = pasts[place].turn(counts, now, isGuarded: isGuarded)
            levels.short = max(levels.short, weight * CountLogarithm.of(Int(settled[0])))
            levels.middle = max(levels.middle, weight * CountLogarithm.of(Int(settled[1])))
            levels.long = max(levels.long, weight * CountLogarithm.of(Int(settled[2])))
        }
        return (
            CountLogarithm.of(short) - levels.short, CountLogarithm.of(middle) - levels.middle,
            CountLogarithm.of(long) - levels.long
        )
    }

    /// An inside host administers another one for the first time, though it is no server of that kind itself.
    private func noteAdministration(
        _ keys: FlowKeys, _ link: Int, _ client: HostPlace, _ server: HostPlace, isNew: Bool, grace: Bool
    ) {
        guard keys.clientIsInside, keys.serverIsInside, keys.transport == IPProtocol.tcp,
            let port = Self.administrationPorts.firstIndex(of: keys.serverPort)
        else { return }
        let value = novelty(.adminFirst, isNew: isNew, for: keys.clientKey, grace: grace)
        // Whoever administers many hosts is an administrator, whoever many administer is a server.
        let used = client.table[client.place].administration >> (UInt32(port) * 2) & 3
        note(.adminFirst, link: link, value * (used == 0 ? 1 : 0.5), 1)
        if isNew, !grace {
            client.table[client.place].administration |= min(3, used + 1) << (UInt32(port) * 2)
        }
    }

    /// Ports that hosts are administered on (SSH, Telnet, RPC, SMB, RDP, VNC, WinRM), and those that controllers are
    /// commanded on (Modbus, S7, EtherNet/IP, DNP3, OPC UA, IEC 60870-5-104).
    private static let administrationPorts: [UInt16] = [
        22, 23, 135, 139, 445, 3389, 5900, 5985, 5986, 502, 102, 44818, 20000, 4840, 2404,
    ]

    /// Whether a flow begins with an answer to nobody's question: SYN-ACK or RST.
    private func isUnsolicited(_ flow: FlowRecord) -> Bool {
        guard flow.identity.status.contains(.midstream) else { return false }
        let flags = flow.toServer.flags.union(flow.toClient.flags)
        return flags.contains([.syn, .ack]) || flags.contains(.rst)
    }

    /// Counts such answers at both hosts.
    private func noteBackscatter(
        _ flow: FlowRecord, _ keys: FlowKeys, _ client: HostPlace, _ server: HostPlace
    ) {
        let isFromServer = flow.toServer.packets == 0
        let speaker = isFromServer ? server : client
        let count = speaker.table[speaker.place].backscatter.add(now, width: 27)
        let owner =
            keys.serverIsInside && !keys.clientIsInside ? keys.serverHistory : keys.clientHistory
        let value = excess(
            .backscatter, count: count, owner: owner, isGuarded: isGuarded(client) || isGuarded(server))
        note(.backscatter, host: client, value, Float(count))
        note(.backscatter, host: server, value, Float(count))
    }

    // MARK: Answers

    /// Lets a flow wait for its answer.
    private func awaitAnswer(_ flow: FlowRecord, _ keys: FlowKeys) {
        let isTCP = keys.transport == IPProtocol.tcp
        guard !isTCP || (flow.toServer.flags.contains(.syn) && flow.toClient.packets == 0) else { return }
        let id = flow.details.flowID
        awaited[awaited.insert(KeyMixer.combine(id, 7), now).place] = now
        failureQueue.add(AwaitedFlow(flow: id, started: now, keys: keys))
    }

    func answered(_ event: StreamEvent) {
        guard awaited.remove(KeyMixer.combine(event.flow.details.flowID, 7)) else { return }
        let flags = event.flow.toClient.flags
        let keys = FlowKeys(event, mixer, home)
        if flags.contains(.rst), !flags.contains(.syn) {
            failed(keys, event: event)
        } else {
            noteContact(keys, tuples.find(keys.tuple), isAnswered: true)
        }
    }

    /// A router or host says that a datagram cannot be delivered: as good as a refusal.
    func icmpError(_ error: ICMPErrorMessage) {
        let isUnreachable = error.source.isIPv6 ? error.type == 1 : error.type == 3
        guard isUnreachable, error.transport == IPProtocol.udp || error.transport == IPProtocol.tcp else { return }
        let (key, sourceIsFirst) = FlowKey.canonical(
            source: error.source, sourcePort: error.sourcePort, destination: error.destination,
            destinationPort: error.destinationPort, transport: error.transport)
        let keys = FlowKeys(key, clientIsFirst: sourceIsFirst, icmpType: 0, toGroup: false, mixer, home)
        // Only for a flow that was opened in this direction not long ago.
        guard let tuple = tuples.find(keys.tuple), now &- tuples[tuple].lastStart < Self.graceTicks else { return }
        failed(keys, event: nil)
    }

    /// Flows that waited in vain.
    func takeOverdue() {
        while let overdue = failureQueue.takeOverdue(now) {
            if awaited.remove(KeyMixer.combine(overdue.flow, 7)) { failed(overdue.keys, event: nil) }
        }
    }

    /// A connection was refused or not answered.
    private func failed(_ keys: FlowKeys, event: StreamEvent?) {
        let client = host(keys.clientKey, isInside: keys.clientIsInside)
        let server = host(keys.serverKey, isInside: keys.serverIsInside)
        let isGuarded = isGuarded(client) || isGuarded(server)
        let link = links.insert(keys.link, now).place
        let tuple = tuples.insert(keys.tuple, now).place
        let service = services.insert(keys.service, now).place
        noteContact(keys, tuple, isAnswered: false)
        count(.failures, of: keys.clientKey, isInside: keys.clientIsInside)
        let last = tuples[tuple].lastFailure
        tuples[tuple].lastFailure = now
        let hosts = services[service].failedHosts.add(now, last: last, width: 160)
        let owner = KeyMixer.combine(keys.clientHistory, keys.serviceCode)
        note(
            .failedHostsOfService, service: service,
            excess(.failedHostsOfService, count: hosts, owner: owner, isGuarded: isGuarded), Float(hosts))
        let ports = links[link].failedPorts.add(now, last: last, width: 160)
        note(
            .failedPortsOfPeer, link: link,
            excess(.failedPortsOfPeer, count: ports, owner: keys.clientHistory, isGuarded: isGuarded), Float(ports))
        let failures = server.table[server.place].failures.add(now, width: 160)
        let at = KeyMixer.combine(keys.serverHistory, UInt64(keys.transport))
        note(
            .failuresAtHost, host: server,
            excess(.failuresAtHost, count: failures, owner: at, isGuarded: isGuarded), Float(failures))
        assess(keys, start: now, unanswered: true, isNewLink: false, event: event, isBurst: true)
    }
}
