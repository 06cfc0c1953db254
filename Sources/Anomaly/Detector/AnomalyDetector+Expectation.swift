// Asking for memory before it is needed.

import NetTypes

extension AnomalyDetector {
    /// How many events ahead they should be announced: enough that memory has come, few enough that it is still there.
    public static let foresight = 12

    /// Announces an event that will be observed after those announced before it.
    ///
    /// The tables are larger than any cache, and an event touches some twenty places. Announced events ask for their
    /// places in two steps, sets first and entries later, so that the waits overlap. It changes no result; events may
    /// come without having been announced, as long as all of a batch are or none is.
    public func expect(_ event: StreamEvent) {
        switch event.kind {
        case .opened, .application, .closed: break
        case .answered:
            awaited.prefetch(KeyMixer.combine(event.flow.details.flowID, 7))
            return
        case .changed, .arp, .icmpError, .fault, .loss, .tick, .overload: return
        }
        let keys = FlowKeys(event, mixer, home)
        (keys.clientIsInside ? hosts : outsiders).prefetch(keys.clientKey)
        (keys.serverIsInside ? hosts : outsiders).prefetch(keys.serverKey)
        links.prefetch(keys.link)
        tuples.prefetch(keys.tuple)
        services.prefetch(keys.service)
        servers.prefetch(keys.serverAndPort)
        if event.kind == .opened {
            awaited.prefetch(KeyMixer.combine(event.flow.details.flowID, 7))
            prefetchNovelties(keys)
            prefetchPasts(keys)
        } else if event.kind == .closed {
            known.prefetch(connection(event.flow.key, keys))
        }
        expected.append(keys)
        if let next = expected[Self.foresight / 2] { prefetchEntries(next) }
    }

    /// What a new flow asks for beside its entities: whether its service is new to anyone, to the client, to the server.
    private func prefetchNovelties(_ keys: FlowKeys) {
        let code = keys.serviceCode
        let owner = keys.clientIsInside ? keys.clientKey : 1
        known.prefetch(noveltyKey(.newServiceOfHost, of: KeyMixer.combine(owner, code)))
        guard keys.serverIsInside else { return }
        let asked = KeyMixer.combine(keys.serverKey, code << 1 | (keys.clientIsInside ? 1 : 0))
        known.prefetch(noveltyKey(.newInboundService, of: asked))
    }

    /// The pasts that a new flow's counts are measured against, those aside that all flows share.
    private func prefetchPasts(_ keys: FlowKeys) {
        pasts.prefetch(pastKey(.hostsOfService, of: KeyMixer.combine(keys.clientHistory, keys.serviceCode)))
        pasts.prefetch(pastKey(.sources, of: keys.serverHistory))
        pasts.prefetch(pastKey(.sessionsShort, of: KeyMixer.combine(keys.serverHistory, keys.serviceCode)))
        pasts.prefetch(pastKey(.sessionsShort, of: keys.link))
    }

    private func prefetchEntries(_ keys: FlowKeys) {
        links.prefetchValue(keys.link)
        tuples.prefetchValue(keys.tuple)
        services.prefetchValue(keys.service)
        (keys.clientIsInside ? hosts : outsiders).prefetchValue(keys.clientKey)
        (keys.serverIsInside ? hosts : outsiders).prefetchValue(keys.serverKey)
    }

    /// The keys of an event's flow: those computed when it was announced, if it was.
    @inline(__always)
    func takeKeys(_ event: StreamEvent) -> FlowKeys {
        expected.take() ?? FlowKeys(event, mixer, home)
    }
}
