// What application records say: names, fingerprints, agents, requests.

import Learning
import NetTypes

extension AnomalyDetector {
    func application(_ event: StreamEvent) {
        let keys = takeKeys(event)
        let link = links.insert(keys.link, now).place
        let inside = host(keys.inside.key, isInside: keys.clientIsInside || keys.serverIsInside)
        let grace = isInGrace(inside)
        event.withFields { fields in
            switch event.application {
            case .dns: dns(fields, event.flow.details.flowID, keys, grace: grace)
            case .tls, .quic: tls(fields, keys, link, grace: grace)
            case .http: http(fields, keys, link, grace: grace)
            case .modbus, .s7: noteControl(fields, event.application, keys, link, grace: grace)
            case .smb, .dcerpc: noteRemoteUse(fields, keys, link, grace: grace)
            default: break
            }
        }
        switch event.application {
        case .tls, .quic, .http, .dns, .modbus, .s7, .smb, .dcerpc: break
        default: return
        }
        assess(
            keys, start: now, unanswered: false, isNewLink: links[link].firstStart == now, event: event, isBurst: true)
    }

    private func tls(_ fields: FieldReader, _ keys: FlowKeys, _ link: Int, grace: Bool) {
        let host = keys.inside.key
        var domain: UInt64 = 0
        if let name = fields.first(.tlsServerName)?.value, !name.isEmpty {
            domain = mixer.key(RegisteredDomain(of: name).domain, folded: true)
            noteDomain(domain, keys, link, grace: grace)
        }
        guard let print = fields.first(.tlsJA3Hash)?.value else { return }
        let mark = mixer.key(print)
        note(.newFingerprint, link: link, novelty(.newFingerprint, of: mark, for: host, grace: grace), 1)
        let own = KeyMixer.combine(mark, keys.clientIsInside ? keys.clientKey : 1)
        note(.newFingerprintOfHost, link: link, novelty(.newFingerprintOfHost, of: own, for: host, grace: grace), 1)
        let pair = KeyMixer.combine(mark, domain)
        note(.newFingerprintPair, link: link, novelty(.newFingerprintPair, of: pair, for: host, grace: grace), 1)
    }

    private func noteDomain(_ domain: UInt64, _ keys: FlowKeys, _ link: Int, grace: Bool) {
        let host = keys.inside.key
        let new = novelty(.newDomain, of: domain, for: host, grace: grace)
        note(.newDomain, link: link, new, 1)
        // A peer is as new as its address or its name, whichever is newer: beacons hide at hosts that are known.
        if !isWarmingUp { links[link].novelty = max(links[link].novelty, new) }
        let own = KeyMixer.combine(domain, keys.clientKey)
        note(.newDomainOfHost, link: link, novelty(.newDomainOfHost, of: own, for: host, grace: grace), 1)
    }

    private func http(_ fields: FieldReader, _ keys: FlowKeys, _ link: Int, grace: Bool) {
        let host = keys.inside.key
        let client = keys.clientIsInside ? keys.clientKey : 1
        noteRequest(keys)
        var method: UInt64 = 0
        var headers: UInt64 = 0
        var agent: UInt64 = 2
        var marks = InjectionMarks()
        for field in fields {
            switch field.name {
            case .httpMethod: method = mixer.key(field.value)
            case .httpHeaderOrder: headers = mixer.key(field.value)
            case .httpUserAgent:
                agent = mixer.key(field.value)
                marks.formUnion(InjectionMarks(field.value))
            case .httpHost: noteHTTPHost(field.value, keys, link, grace: grace)
            case .httpPath:
                noteRequestText(field.value, keys, link)
                marks.formUnion(InjectionMarks(field.value))
            case .httpStatus: noteStatus(field.integer, keys)
            case .httpContentType:
                let end = field.value.firstIndex(of: UInt8(ascii: ";")) ?? field.value.count
                let type = mixer.key(UnsafeRawBufferPointer(rebasing: field.value[..<end]), folded: true)
                let directed = KeyMixer.combine(type, keys.serverIsInside ? 1 : 0)
                note(.newContentType, link: link, novelty(.newContentType, of: directed, for: host, grace: grace), 1)
            default: break
            }
        }
        noteInjection(marks, keys, link)
        note(.newAgent, link: link, novelty(.newAgent, of: agent, for: host, grace: grace), 1)
        let own = KeyMixer.combine(agent, client)
        note(.newAgentOfHost, link: link, novelty(.newAgentOfHost, of: own, for: host, grace: grace), 1)
        let order = KeyMixer.combine(method, headers)
        note(.newHeaderOrder, link: link, novelty(.newHeaderOrder, of: order, for: host, grace: grace), 1)
    }

    private func noteHTTPHost(_ name: UnsafeRawBufferPointer, _ keys: FlowKeys, _ link: Int, grace: Bool) {
        let end = name.firstIndex(of: UInt8(ascii: ":")) ?? name.count
        let bare = UnsafeRawBufferPointer(rebasing: name[..<end])
        let isLiteral = bare.allSatisfy { $0 == UInt8(ascii: ".") || $0 >= 48 && $0 < 58 }
        if isLiteral {
            let value = novelty(.literalHost, of: keys.link, for: keys.inside.key, grace: grace)
            note(.literalHost, link: link, value > 0 ? value + 0.5 : 0, 1)
        } else {
            noteDomain(mixer.key(RegisteredDomain(of: bare).domain, folded: true), keys, link, grace: grace)
        }
    }

    /// Counts the three-letter pieces of a request's target that no request in this direction had.
    private func noteRequestText(_ path: UnsafeRawBufferPointer, _ keys: FlowKeys, _ link: Int) {
        guard path.count >= 3 else { return }
        let new = requestTexts.note(path, direction: keys.serverIsInside ? 0 : 1)
        note(.newRequestText, link: link, Self.logarithm(Float(new)), Float(new))
    }

    // MARK: DNS

    private func dns(_ fields: FieldReader, _ flow: UInt64, _ keys: FlowKeys, grace: Bool) {
        guard let name = fields.first(.dnsQueryName)?.value else { return }
        let flags = fields.first(.dnsFlags)?.integer ?? 0
        let type = Int(fields.first(.dnsQueryType)?.integer ?? 0)
        let parts = RegisteredDomain(of: name)
        let domain = mixer.key(parts.domain, folded: true)
        guard !isRelayed(keys, domain) else { return }
        let key = KeyMixer.combine(keys.clientKey, domain)
        let entry = domains.insert(key, now)
        let flowPlace = flows.insert(KeyMixer.combine(flow, 8), now).place
        if flows[flowPlace].domain == 0 { flows[flowPlace].domain = key }
        let host = keys.inside.key
        if entry.isNew {
            let isNew = known.insert(KeyMixer.combine(domain, UInt64(Feature.newDomain.rawValue) + 1), now).isNew
            domains[entry.place].novelty = novelty(.dnsNewDomain, isNew: isNew, for: host, grace: grace)
            note(.dnsNewDomain, domain: entry.place, domains[entry.place].novelty * 0.5, 1)
        }
        if flags & 0x8000 == 0 {
            count(.names, of: keys.clientKey, isInside: keys.clientIsInside)
            query(parts, type, keys, domain, entry.place)
        } else {
            response(fields, flags, type, parts, domain, keys, entry)
        }
    }

    private func query(
        _ parts: RegisteredDomain, _ type: Int, _ keys: FlowKeys, _ domain: UInt64, _ place: Int
    ) {
        let isGuarded = isGuarded(self.host(keys.clientKey, isInside: keys.clientIsInside))
        let below = parts.below
        let name = known.insert(
            KeyMixer.combine(KeyMixer.combine(mixer.key(below), domain), KeyMixer.combine(keys.clientKey, 41)), now)
        let last = name.isNew ? 0 : known[name.place]
        known[name.place] = now
        let names = domains[place].names.add(now, last: last, width: 1600)
        let owner = KeyMixer.combine(domain, 42)
        let level = pastLevel(.dnsNames, count: names, owner: owner, isGuarded: isGuarded)
        note(.dnsNames, domain: place, Self.logarithm(Float(names)) - 0.6 * level, Float(names))
        let head = PayloadHead(below)
        domains[place].meanLength += (Float(below.count) - domains[place].meanLength) * (name.isNew ? 0.15 : 0)
        domains[place].meanEntropy += (head.entropy - domains[place].meanEntropy) * (name.isNew ? 0.15 : 0)
        let bits = Self.logarithm(Float(names)) * domains[place].meanLength * max(0, domains[place].meanEntropy - 1.5)
        note(.dnsBits, domain: place, Self.logarithm(bits / 10), bits)
        note(.dnsNameLength, domain: place, Self.logarithm(Float(below.count)), Float(below.count))
        let typeIndex = min(256, type)
        let sum = queriedTypes[256 + 0] + 1
        queriedTypes[256] = sum
        let rarity = -PortableMath.log(Double((1 + queriedTypes[min(255, typeIndex)]) / (10 + sum)))
        queriedTypes[min(255, typeIndex)] += 1
        note(.dnsType, domain: place, Float(rarity), Float(type))
        let queries = domains[place].queries.add(now, width: 160)
        let rate = excess(
            .dnsRate, count: queries, owner: KeyMixer.combine(keys.clientHistory, 43), isGuarded: isGuarded)
        note(.dnsRate, domain: place, rate, Float(queries))
    }

    private func response(
        _ fields: FieldReader, _ flags: UInt64, _ type: Int, _ parts: RegisteredDomain, _ domain: UInt64,
        _ keys: FlowKeys, _ entry: (place: Int, isNew: Bool)
    ) {
        let place = entry.place
        if flags & 15 == 0, domains[place].answers == 0 {
            domains[place].answers = 1
            labels.learn(parts.label)
        }
        if flags & 15 == 3 {
            let missing = host(keys.clientKey, isInside: keys.clientIsInside)
            noteMissingDomain(parts, domain, keys, place, isGuarded: isGuarded(missing))
            let below = KeyMixer.combine(mixer.key(parts.below), domain)
            let seen = known.insert(KeyMixer.combine(below, KeyMixer.combine(keys.clientKey, 44)), now)
            let key = services.insert(KeyMixer.combine(keys.clientKey, 45), now).place
            let last = seen.isNew ? 0 : known[seen.place]
            known[seen.place] = now
            let count = services[key].hostsLong.add(now, last: last, width: 1600)
            let value = excess(
                .dnsMissing, count: count, owner: keys.clientHistory, isGuarded: isGuarded(missing))
            note(.dnsMissing, domain: place, value, Float(count))
        }
        // Types that carry free data: NULL, TXT, ANY.
        guard type == 10 || type == 16 || type == 255 else { return }
        for field in fields where field.name == .dnsAnswerData {
            domains[place].answerBytes += Float(field.value.count)
        }
        let bytes = domains[place].answerBytes
        note(.dnsAnswerBytes, domain: place, Self.logarithm(bytes), bytes)
    }
}
