// SSH: the identification lines of both sides.

import NetTypes

extension ApplicationTracker {
    /// Reads bytes of an SSH connection that follow on those before.
    ///
    /// - Returns: whether the connection's record was published, so that nothing more is wanted.
    func followSSH(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ bytes: ApplicationReader,
        _ toServer: Bool, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        guard !direction.flags.contains(.done) else { return false }
        var bytes = bytes
        if direction.buffer == 0, let length = bytes.distance(to: UInt8(ascii: "\n")), length < SSHBanner.maximumLength
        {
            return readBanner(state, &direction, bytes.takeAvailable(length), isCut: false, toServer, time, snapshot)
        }
        guard keep(&bytes, upTo: SSHBanner.maximumLength, in: &direction) else {
            return readBanner(state, &direction, bytes, isCut: true, toServer, time, snapshot)
        }
        var collected = kept(direction)
        if let length = collected.distance(to: UInt8(ascii: "\n")) {
            let line = collected.takeAvailable(length)
            return readBanner(state, &direction, line, isCut: false, toServer, time, snapshot)
        }
        guard collected.length >= SSHBanner.maximumLength else { return false }
        return readBanner(state, &direction, collected, isCut: true, toServer, time, snapshot)
    }

    /// Takes note of missing bytes: the line is read as far as it came.
    func loseSSH(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ toServer: Bool,
        _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        guard !direction.flags.contains(.done) else { return false }
        return readBanner(state, &direction, kept(direction), isCut: true, toServer, time, snapshot)
    }

    private func readBanner(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ line: ApplicationReader,
        isCut: Bool, _ toServer: Bool, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        direction.flags.insert(.done)
        if line.length > 0 {
            let waiting = state.pointee.firstPending
            guard let handle = waiting != 0 ? waiting : openPending(state) else { return true }
            write(.ssh, to: handle) { SSHBanner.write(line, fromServer: !toServer, isCut: isCut, to: &$0) }
        }
        dropKept(&direction)
        let other = toServer ? state.pointee.toClient : state.pointee.toServer
        guard other.flags.contains(.done) else { return false }
        publishFirstPending(state, at: time, snapshot: snapshot)
        return true
    }
}
