// Connections that turn to TLS in the middle: after STARTTLS, or behind a proxy.

import NetTypes

extension ApplicationTracker {
    /// The connection goes on as TLS, with a ClientHello that begins `bytes` (RFC 3207, 4217; RFC 9110 section 9.3.6).
    ///
    /// - Returns: whether nothing more is wanted of the flow.
    func turnToTLS(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ bytes: ApplicationReader,
        _ toServer: Bool, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        while state.pointee.firstPending != 0 { publishFirstPending(state, at: time, snapshot: snapshot) }
        guard interests.wantsToKnow(.tls) else { return true }
        state.pointee.application = .tls
        guard interests.wantsRecords(of: .tls) else { return true }
        state.pointee.flags = []
        restart(&direction)
        var other = toServer ? state.pointee.toClient : state.pointee.toServer
        restart(&other)
        // The other side's hello begins with a segment of its own.
        other.flags.insert(.lost)
        if toServer { state.pointee.toClient = other } else { state.pointee.toServer = other }
        return followTLS(state, &direction, bytes, toServer, time, snapshot)
    }

    /// Bytes of a connection that goes through a proxy: TLS, or something that is left alone.
    func followProxied(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ bytes: ApplicationReader,
        _ toServer: Bool, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        guard !TLSRecord.beginsWithClientHello(bytes) else {
            return turnToTLS(state, &direction, bytes, toServer, time, snapshot)
        }
        direction.attempts += 1
        return direction.attempts >= Self.maximumAttempts
    }

    /// Forgets where a direction's framing stood; its place in the stream stays.
    private func restart(_ direction: inout StreamDirection) {
        dropKept(&direction)
        var fresh = StreamDirection()
        fresh.nextSequence = direction.nextSequence
        fresh.flags = direction.flags.intersection(.started)
        direction = fresh
    }
}
