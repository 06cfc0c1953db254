// From evidence to scores, and from scores to alerts.

import Learning
import NetTypes

extension AnomalyDetector {
    /// Scores the flow at hand by everything known of its pattern, and raises an alert when it is due.
    ///
    /// - Parameters:
    ///   - start: when the flow began; evidence from before fades.
    ///   - unanswered: whether nobody answered, so that the failures of its pattern count.
    ///   - isNewLink: whether the flow is the first one between its parties.
    ///   - event: what carries the flow, if the finding is about one.
    ///   - isBurst: whether many such calls may come at once; then some are left out for hosts in incidents.
    /// - Returns: the scores of the row at hand, zero before the first calibration.
    @discardableResult
    func assess(
        _ keys: FlowKeys, start: UInt32, unanswered: Bool, isNewLink: Bool, event: StreamEvent?, isBurst: Bool
    ) -> FamilyScores {
        guard scoring.isFitted else { return FamilyScores() }
        let inside = host(keys.inside.key, isInside: keys.clientIsInside || keys.serverIsInside)
        if isBurst {
            if inside.table[inside.place].lastScored == now, isGuarded(inside) { return FamilyScores() }
            inside.table[inside.place].lastScored = now
        }
        // Of what merely happens, only what may be a finding matters; most is far from it.
        gather(
            keys, start: start, unanswered: unanswered, isNewLink: isNewLink, event: event, isNotableOnly: isBurst)
        if isBurst, !FamilyScores.mayReach(IncidentThreshold.floor, row, scoring) {
            return FamilyScores()
        }
        let scores = FamilyScores(row, scoring, isARP: keys.transport == 0)
        // What ended long ago was judged while it happened.
        let isFresh = event.map { time.nanoseconds &- $0.flow.end.nanoseconds < Self.freshness } ?? true
        if isFresh { consider(scores, keys, inside, event) }
        return scores
    }

    /// Nanoseconds after which a flow's end is no news.
    private static let freshness: Int64 = 45_000_000_000

    /// Collects the evidence of all patterns that the flow belongs to into `row`.
    ///
    /// - Parameter isNotableOnly: whether to leave out what adds nothing to an alert.
    func gather(
        _ keys: FlowKeys, start: UInt32, unanswered: Bool, isNewLink: Bool, event: StreamEvent?, isNotableOnly: Bool
    ) {
        row.clear()
        let floors = isNotableOnly ? scoring.quiet : scoring.zero
        if let place = links.find(keys.link) {
            var left = links[place].noted
            if !unanswered { left &= ~(1 << UInt32(Feature.failedPortsOfPeer.rawValue)) }
            while left != 0 {
                let index = left.trailingZeroBitCount
                left &= left - 1
                raise(index, links[place].evidence[index], start, floors)
            }
        }
        if let place = services.find(keys.service) {
            var left = services[place].noted
            if !unanswered { left &= ~4 }
            while left != 0 {
                let index = left.trailingZeroBitCount
                left &= left - 1
                raise(index + Feature.hostsOfService.rawValue, services[place].evidence[index], start, floors)
            }
        }
        if let place = tuples.find(keys.tuple) {
            var left = tuples[place].noted
            while left != 0 {
                let index = left.trailingZeroBitCount
                left &= left - 1
                raise(index + Feature.sessionsShort.rawValue, tuples[place].evidence[index], start, floors)
            }
        }
        if let place = servers.find(keys.serverAndPort) {
            var left = servers[place].noted
            while left != 0 {
                let index = left.trailingZeroBitCount
                left &= left - 1
                raise(index + Feature.startsShort.rawValue, servers[place].evidence[index], start, floors)
            }
        }
        // Bits by the order of the host's features: fan-in concerns new or unanswered links, backscatter flows without
        // a beginning, a moved address and an unforeseen minute everyone, blind contacts flows that failed, reflection answers
        // that began a flow.
        let isMidstream = event.map { $0.flow.identity.status.contains(.midstream) } ?? false
        let always: UInt32 = isMidstream ? 0b1011000 : 0b1010000
        gather(hostOf: keys.clientKey, keys.clientIsInside, unanswered ? always | 0b0100000 : always, start, floors)
        var ofServer = always
        if isNewLink || unanswered { ofServer |= 0b00011 }
        if unanswered { ofServer |= 0b00100 }
        if isReflected(keys) { ofServer |= 0b110000000 }
        gather(hostOf: keys.serverKey, keys.serverIsInside, ofServer, start, floors)
        if let event, mayCarryNames(event), let note = flows.find(KeyMixer.combine(event.flow.details.flowID, 8)),
            flows[note].domain != 0,
            let place = domains.find(flows[note].domain)
        {
            var left = domains[place].noted
            while left != 0 {
                let index = left.trailingZeroBitCount
                left &= left - 1
                raise(index + Feature.dnsNames.rawValue, domains[place].evidence[index], start, floors)
            }
        }
    }

    /// Whether an event's flow may have asked for names: one that opens or answers has not yet.
    private func mayCarryNames(_ event: StreamEvent) -> Bool {
        switch event.kind {
        case .application: event.application == .dns
        case .closed: event.flow.identity.application == .dns
        default: false
        }
    }

    private func gather(
        hostOf key: UInt64, _ isInside: Bool, _ wanted: UInt32, _ start: UInt32, _ floors: FeatureFloors
    ) {
        let table = isInside ? hosts : outsiders
        guard let place = table.find(key) else { return }
        var left = table[place].noted & wanted
        while left != 0 {
            let index = left.trailingZeroBitCount
            left &= left - 1
            raise(index + Feature.sources.rawValue, table[place].evidence[index], start, floors)
        }
    }

    @inline(__always)
    private func raise(
        _ feature: Int, _ evidence: Evidence, _ start: UInt32, _ floors: FeatureFloors
    ) {
        // It only fades.
        guard evidence.value > floors[feature] else { return }
        row.raise(feature, to: evidence.value(since: start, fadings[feature]), observed: evidence.observed)
    }

    /// Adds a finding to the baseline or, when the baseline is over, to an incident.
    private func consider(_ scores: FamilyScores, _ keys: FlowKeys, _ inside: HostPlace, _ event: StreamEvent?) {
        guard scores.alert >= IncidentThreshold.floor else { return }
        // A flooded victim has an incident of its own, which does not swallow what the host does itself, and which takes
        // in the findings at each of the many sources; also where both sides are outside, as on a transit link.
        let victim = KeyMixer.combine(keys.serverKey, 9)
        let isFlooded =
            scores.top.isFlood && (!keys.clientIsInside || incidents.isOpen(victim, now))
            || scores.top == .fanIn && keys.serverIsInside
        let owner = isFlooded ? victim : keys.inside.key
        guard isAlerting else {
            guard !isBlind else { return }
            incidents.threshold.note(scores.alert, owner: owner, now)
            baseline.note(scores.alert)
            return
        }
        if scores.alert >= incidents.threshold.guardLine {
            if !isGuarded(inside) { sample.strike(keys.inside.key, since: now &- 300 * DetectorClock.ticksPerSecond) }
            inside.table[inside.place].lastIncident = now
        }
        guard scores.alert >= incidents.threshold.value else { return }
        let peer = keys.inside.key == keys.clientKey ? keys.serverKey : keys.clientKey
        let finding = IncidentFinding(
            owner: owner, peer: peer, pair: keys.clientKey ^ keys.serverKey, score: scores.alert,
            families: scores.mask, top: UInt32(scores.top.rawValue),
            entity: isFlooded ? keys.server : keys.inside.address,
            isVictim: isFlooded || keys.inside.key == keys.serverKey, attacker: keys.client, victim: keys.server,
            time: time)
        let entry = incidents.add(finding, now)
        guard entry.isAlertDue else { return }
        raised.append(alert(scores, keys, entry, event?.flow))
        incidentRecords.append(record(of: entry.incident, entry.isNew ? .opened : .updated))
    }

    private func alert(
        _ scores: FamilyScores, _ keys: FlowKeys, _ entry: IncidentEntry, _ flow: FlowRecord?
    ) -> Alert {
        let rule = policy[scores.top]
        let explanation = Explanation(
            row, calibration, policy, threshold: incidents.threshold.value, isARP: keys.transport == 0)
        var alert = Alert(
            time: time, source: keys.client, target: keys.server, sourcePort: keys.clientPort,
            targetPort: keys.serverPort, transport: keys.transport, flow: flow,
            signatureID: 9_100_001 + UInt32(scores.top.rawValue), signature: "LEPTON " + rule.signature,
            category: rule.category, severity: rule.severity, technique: rule.technique, tactic: rule.tactic,
            references: rule.references, incident: entry.id, stage: entry.isNew ? .opened : .updated,
            alertCount: entry.alerts, risk: entry.risk, score: explanation.score,
            threshold: Double(incidents.threshold.value), contributions: explanation.contributions,
            counterfactuals: explanation.counterfactuals)
        alert.lostPackets = isBlind ? lost : 0
        alert.nearest = flow.flatMap { shapes.nearest(to: FlowShape($0), kind: shapeKinds(keys).kind) }
        return alert
    }

    // MARK: Learning

    /// Adds the row at hand to the calibration sample, unless it is guarded or its talker had its share.
    func learn(_ keys: FlowKeys, _ key: FlowKey, scores: FamilyScores, client: HostPlace, server: HostPlace) {
        guard !isGuarded(client), !isGuarded(server), !isBlind else { return }
        guard !isAlerting || scores.alert < max(4, incidents.threshold.guardLine * 0.7) else { return }
        guard known.insert(connection(key, keys), now).isNew else { return }
        let slot = rowSlot
        let service = services.insert(keys.service, now).place
        if services[service].rowSlot != slot {
            services[service].rowSlot = slot
            services[service].rows = 0
        }
        guard services[service].rows < 60 else { return }
        services[service].rows += 1
        sample.add(row, now, host: keys.inside.key)
        watchDrift(scores.flow)
    }

    /// The slot of time in which a connection and a client's port have their share of the sample.
    private var rowSlot: UInt32 { now / (300 * DetectorClock.ticksPerSecond) + 1 }

    /// What a connection is known under in the present slot.
    func connection(_ key: FlowKey, _ keys: FlowKeys) -> UInt64 {
        mixer.key(key.portWord ^ keys.link, key.shapeWord << 32 | UInt64(rowSlot))
    }

    /// Fits the calibration to the rows so far: often at first, then every ten minutes.
    func recalibrate() {
        let minute = 60 * DetectorClock.ticksPerSecond
        let age = now &- DetectorClock.origin
        // Memories fill in the first third of the run, for at most 20 minutes: novelty means little then.
        let first = DetectorClock.origin + min(age / 3, 20 * minute)
        let last = isAlerting ? now &- CalibrationSample.wait : now
        if sample.size(from: first, to: last) >= 50 {
            calibration = sample.fit(from: first, to: last)
            scoring = ScoringTable(calibration, policy)
            calibrated = time
        }
        forecast?.train()
        nextFit = now &+ (isAlerting && age >= 20 * minute ? 10 * minute : fitInterval)
        if isAlerting, incidents.threshold.value == .infinity {
            incidents.threshold.settle(from: DetectorClock.origin + min(5 * minute, 2 * fitInterval), to: now)
        }
    }

    /// Ticks between fits at first: a third of a short baseline, so that the last one falls on its end.
    var fitInterval: UInt32 {
        let minute = 60 * DetectorClock.ticksPerSecond
        return max(minute, min(5 * minute, warmUp))
    }
}
