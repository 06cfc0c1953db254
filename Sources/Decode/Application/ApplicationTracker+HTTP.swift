// HTTP/1: heads, bodies that are passed over, and the pairing of requests with responses.

import NetTypes

extension ApplicationTracker {
    /// Reads bytes of an HTTP connection that follow on those before.
    ///
    /// - Returns: whether the connection turned into something else, so that nothing more is wanted.
    func followHTTP(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ bytes: ApplicationReader,
        _ toServer: Bool, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        if state.pointee.flags.contains(.proxied) {
            return followProxied(state, &direction, bytes, toServer, time, snapshot)
        }
        var bytes = bytes
        if direction.flags.contains(.lost) {
            guard HTTPFraming.begins(bytes) == true else { return false }
            direction.flags.remove(.lost)
            direction.bodyPhase = .head
            direction.skipped = 0
        }
        while !bytes.isAtEnd {
            guard direction.bodyPhase == .head else {
                guard HTTPFraming.passBody(&bytes, &direction) else {
                    count(.malformed, of: .http)
                    direction.flags.insert(.lost)
                    return false
                }
                continue
            }
            guard let (head, isCut) = nextHead(&bytes, &direction) else { return false }
            let isOver = readHead(state, &direction, head, isCut: isCut, toServer, time, snapshot)
            dropKept(&direction)
            if isOver || direction.flags.contains(.lost) { return isOver }
        }
        return false
    }

    /// Takes note of `count` bytes that are missing.
    func loseHTTP(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ count: Int,
        _ toServer: Bool, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        let collected = kept(direction)
        if collected.length > 0 {
            let isOver = readHead(state, &direction, collected, isCut: true, toServer, time, snapshot)
            dropKept(&direction)
            return isOver
        }
        let isBody = direction.bodyPhase == .sized || direction.bodyPhase == .chunkData
        if isBody, direction.skipped >= UInt64(count) {
            HTTPFraming.pass(UInt64(count), in: &direction)
        } else {
            direction.flags.insert(.lost)
        }
        return false
    }

    /// The next head, from the segment itself or put together from several.
    private func nextHead(
        _ bytes: inout ApplicationReader, _ direction: inout StreamDirection
    ) -> (head: ApplicationReader, isCut: Bool)? {
        if direction.buffer == 0 {
            // Empty lines before a message are to be ignored (RFC 9112 section 2.2).
            while let byte = bytes.peek(), byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") {
                _ = bytes.skip(1)
            }
            if bytes.isAtEnd { return nil }
            if HTTPFraming.begins(bytes) == false {
                count(.malformed, of: .http)
                direction.flags.insert(.lost)
                return nil
            }
            if let length = HTTPFraming.headLength(bytes) { return (bytes.takeAvailable(length), false) }
        }
        let searched = Int(direction.filled)
        guard keep(&bytes, upTo: Self.segmentLength, in: &direction) else {
            direction.flags.insert(.lost)
            return (bytes.takeAvailable(bytes.remaining), true)
        }
        var collected = kept(direction)
        if let length = HTTPFraming.headLength(collected, searched: searched) {
            // What follows the head came with this segment and is read from there.
            _ = bytes.seek(to: bytes.offset - (collected.length - length))
            return (collected.takeAvailable(length), false)
        }
        guard collected.length >= Self.segmentLength else { return nil }
        return (collected, true)
    }

    /// Reads a head and pairs it.
    ///
    /// - Returns: whether the connection turns into something else.
    private func readHead(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ head: ApplicationReader,
        isCut: Bool, _ toServer: Bool, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        let isOver: Bool
        if head.starts(with: "HTTP/") {
            isOver = readResponse(state, &direction, head, isCut: isCut, time, snapshot)
        } else {
            // Requests whose responses were lost would be paired with the wrong ones.
            let other = toServer ? state.pointee.toClient : state.pointee.toServer
            if other.flags.contains(.lost) {
                while state.pointee.firstPending != 0 { publishFirstPending(state, at: time, snapshot: snapshot) }
            }
            readRequest(state, &direction, head, isCut: isCut, time, snapshot)
            isOver = false
        }
        if isCut { direction.flags.insert(.lost) }
        return isOver
    }

    private func readRequest(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ head: ApplicationReader,
        isCut: Bool, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) {
        var result: HTTPHead?
        func read(_ fields: inout FieldWriter) -> MessageVerdict {
            result = HTTPHead.read(head, isCut: isCut, to: &fields)
            return result == nil ? .malformed : (isCut ? .partial : .whole)
        }
        if Int(state.pointee.pendingCount) >= Self.maximumPending {
            publishFirstPending(state, at: time, snapshot: snapshot)
        }
        if let handle = openPending(state) {
            write(.http, to: handle, read)
            if let result {
                if result.isHeadRequest { header(handle).pointee.flags.insert(.headRequest) }
                if result.isConnect { header(handle).pointee.flags.insert(.connect) }
            }
        } else {
            publish(.http, at: time, snapshot: snapshot, read)
        }
        guard let result else {
            direction.flags.insert(.lost)
            return
        }
        expectBody(result, &direction, isUntilClose: false)
    }

    private func readResponse(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ head: ApplicationReader,
        isCut: Bool, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        var result: HTTPHead?
        func read(_ fields: inout FieldWriter) -> MessageVerdict? {
            result = HTTPHead.read(head, isCut: isCut, to: &fields)
            guard let result else { return .malformed }
            // An interim response announces the one that counts (RFC 9110 section 15.2).
            if result.isInterim { return nil }
            return isCut ? .partial : .whole
        }
        let first = state.pointee.firstPending
        guard let handle = first != 0 ? first : openPending(state) else {
            direction.flags.insert(.lost)
            return false
        }
        let request = header(handle).pointee.flags
        write(.http, to: handle, read)
        guard let result else {
            direction.flags.insert(.lost)
            return false
        }
        if result.isInterim {
            if first == 0 { removeFirstPending(state) }
            return false
        }
        publishFirstPending(state, at: time, snapshot: snapshot)
        if result.status == 101 { return true }
        if request.contains(.connect), result.status / 100 == 2 {
            // What follows is between the client and the host it named (RFC 9110 section 9.3.6).
            state.pointee.flags.insert(.proxied)
            return !interests.wantsToKnow(.tls)
        }
        let hasBody = !request.contains(.headRequest) && result.status != 204 && result.status != 304
        if hasBody { expectBody(result, &direction, isUntilClose: true) }
        return false
    }

    /// Sets up what follows a head (RFC 9112 section 6.3).
    private func expectBody(_ head: HTTPHead, _ direction: inout StreamDirection, isUntilClose: Bool) {
        direction.skipped = 0
        if head.isChunked {
            direction.bodyPhase = .chunkSize
        } else if let length = head.contentLength {
            direction.skipped = length
            direction.bodyPhase = length > 0 ? .sized : .head
        } else if isUntilClose {
            // The body ends with the connection, unless a server breaks the rules and goes on.
            direction.flags.insert(.lost)
        }
    }
}
