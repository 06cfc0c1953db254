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
        let keys = FlowKeys(event, mixer)
        (keys.clientIsInside ? hosts : outsiders).prefetch(keys.clientKey)
        (keys.serverIsInside ? hosts : outsiders).prefetch(keys.serverKey)
        links.prefetch(keys.link)
        tuples.prefetch(keys.tuple)
        services.prefetch(keys.service)
        servers.prefetch(keys.serverAndPort)
        expected.append(keys)
        if let next = expected[Self.foresight / 2] { prefetchEntries(next) }
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
        expected.take() ?? FlowKeys(event, mixer)
    }
}
