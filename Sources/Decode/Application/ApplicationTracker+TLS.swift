// TLS: records, handshake messages, and the record of a handshake.

import NetTypes

extension ApplicationTracker {
    /// Reads bytes of a TLS connection that follow on those before.
    ///
    /// - Returns: whether the handshake's record was published, so that nothing more is wanted.
    func followTLS(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ bytes: ApplicationReader,
        _ toServer: Bool, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        var bytes = bytes
        if direction.flags.contains(.lost) {
            guard TLSRecord.begins(bytes) == true else { return false }
            direction.flags.remove(.lost)
            direction.recordLeft = 0
            direction.headerLength = 0
            direction.skipped = 0
        }
        while !bytes.isAtEnd {
            if direction.recordLeft == 0 {
                guard let type = readRecordHeader(&bytes, &direction) else { return false }
                if type == TLSRecord.applicationData
                    || (type == TLSRecord.changeCipherSpec && changeCipher(state, &direction))
                {
                    finishTLS(state, time, snapshot)
                    return true
                }
            }
            let fragment = bytes.takeAvailable(Int(direction.recordLeft))
            direction.recordLeft -= UInt16(fragment.length)
            guard direction.recordType == TLSRecord.handshake, !direction.flags.contains(.done) else { continue }
            if followHandshake(state, &direction, fragment, toServer) {
                finishTLS(state, time, snapshot)
                return true
            }
        }
        return false
    }

    /// Takes note of `count` bytes that are missing.
    func loseTLS(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ count: Int,
        _ toServer: Bool, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        let collected = kept(direction)
        if collected.length > 0 {
            let total = Self.handshakeLength(collected)
            let isOver = readHandshake(state, &direction, collected, isCut: true, toServer)
            direction.skipped = total.map { UInt64(max(0, $0 - collected.length)) } ?? 0
            dropKept(&direction)
            if isOver {
                finishTLS(state, time, snapshot)
                return true
            }
        }
        // The loss is harmless when it lies inside one message of one record, whose rest is then passed over.
        let isInsideMessage = direction.recordType != TLSRecord.handshake || direction.skipped >= UInt64(count)
        if count <= Int(direction.recordLeft), isInsideMessage {
            direction.recordLeft -= UInt16(count)
            direction.skipped -= min(direction.skipped, UInt64(count))
        } else {
            direction.flags.insert(.lost)
            // A certificate may have been among the missing bytes.
            direction.sawServerHello = false
        }
        return false
    }

    /// Publishes the record of the handshake, if anything of it was seen.
    func finishTLS(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) {
        let flags = state.pointee.flags
        guard state.pointee.firstPending != 0 else { return }
        if !flags.contains(.serverHello), state.pointee.offeredVersion != 0 {
            let offered = state.pointee.offeredVersion
            write(.tls, to: state.pointee.firstPending) {
                $0.append(.tlsVersion, offered)
                return .whole
            }
        }
        publishFirstPending(state, at: time, snapshot: snapshot)
    }

    // MARK: Records

    /// Reads the header of the next record, which may lie across segments.
    ///
    /// - Returns: the record's type; nil when the header is not all there, or is none: then the framing is lost.
    private func readRecordHeader(_ bytes: inout ApplicationReader, _ direction: inout StreamDirection) -> UInt8? {
        while Int(direction.headerLength) < TLSRecord.headerLength {
            guard let byte = bytes.uint8() else { return nil }
            direction.header = direction.header << 8 | UInt64(byte)
            direction.headerLength += 1
        }
        let type = UInt8(truncatingIfNeeded: direction.header >> 32)
        let version = UInt16(truncatingIfNeeded: direction.header >> 16)
        let length = UInt16(truncatingIfNeeded: direction.header)
        direction.headerLength = 0
        direction.header = 0
        guard TLSRecord.isPlausible(type: type, version: version, length: Int(length)) else {
            count(.malformed, of: .tls)
            dropKept(&direction)
            direction.flags.insert(.lost)
            return nil
        }
        direction.recordType = type
        direction.recordLeft = length
        return type
    }

    /// A change to encryption. When the server changes right after its hello, it resumes a session (RFC 5246
    /// section 7.3).
    ///
    /// - Returns: whether the clear part of the handshake is over.
    private func changeCipher(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection
    ) -> Bool {
        // In TLS 1.3 a client may send this, without meaning, before the server's hello (RFC 8446 appendix D.4).
        guard state.pointee.flags.contains(.serverHello) else { return false }
        direction.flags.insert(.done)
        if direction.sawServerHello, state.pointee.firstPending != 0 {
            write(.tls, to: state.pointee.firstPending) {
                $0.append(.tlsResumed, UInt8(1))
                return .whole
            }
        }
        return true
    }

    // MARK: Handshake messages

    private static func handshakeLength(_ bytes: ApplicationReader) -> Int? {
        var reader = bytes
        guard reader.skip(1), let length = reader.uint24() else { return nil }
        return TLSHandshake.headerLength + length
    }

    private func followHandshake(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection,
        _ fragment: ApplicationReader, _ toServer: Bool
    ) -> Bool {
        var fragment = fragment
        while !fragment.isAtEnd {
            guard
                let (message, isCut) = nextMessage(
                    &fragment, headerLength: TLSHandshake.headerLength, in: &direction, total: Self.handshakeLength)
            else { return false }
            let isOver = readHandshake(state, &direction, message, isCut: isCut, toServer)
            dropKept(&direction)
            if isOver { return true }
        }
        return false
    }

    /// Reads one handshake message.
    ///
    /// - Returns: whether the clear part of the handshake is over.
    private func readHandshake(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection,
        _ message: ApplicationReader, isCut: Bool, _ toServer: Bool
    ) -> Bool {
        var body = message
        guard let type = body.uint8(), body.skip(3) else { return false }
        // The parsers count from the beginning of what they are given.
        body = ApplicationReader(body.unread)
        switch type {
        case TLSHandshake.clientHello:
            return readClientHello(state, body, isCut: isCut)
        case TLSHandshake.serverHello:
            return readServerHello(state, &direction, body, isCut: isCut)
        case TLSHandshake.certificate:
            // A client's certificate comes after the server's, which ends the record.
            guard direction.sawServerHello || !toServer else { return false }
            guard let handle = tlsRecord(state) else { return true }
            write(.tls, to: handle) { Certificate.write(body, isCut: isCut, to: &$0) }
            return true
        case TLSHandshake.serverHelloDone:
            return true
        default:
            return false
        }
    }

    private func readClientHello(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ body: ApplicationReader, isCut: Bool
    ) -> Bool {
        // The second hello after a HelloRetryRequest says nothing new.
        guard !state.pointee.flags.contains(.clientHello) else { return false }
        guard let handle = tlsRecord(state) else { return true }
        state.pointee.flags.insert(.clientHello)
        let hello = ClientHello(body, isCut: isCut)
        state.pointee.offeredVersion = hello.highestVersion
        write(.tls, to: handle) {
            hello.write(to: &$0)
            return hello.verdict
        }
        return false
    }

    private func readServerHello(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ body: ApplicationReader,
        isCut: Bool
    ) -> Bool {
        let hello = ServerHello(body, isCut: isCut)
        guard !hello.isRetryRequest, !state.pointee.flags.contains(.serverHello) else { return false }
        guard let handle = tlsRecord(state) else { return true }
        if hello.isUsable {
            state.pointee.flags.insert(.serverHello)
            direction.sawServerHello = true
        }
        write(.tls, to: handle) {
            hello.write(to: &$0)
            return hello.verdict
        }
        // From here on TLS 1.3 is encrypted.
        return hello.version >= 0x0304
    }

    /// The connection's one record, opened when it is first needed.
    private func tlsRecord(_ state: UnsafeMutablePointer<ApplicationSlot>) -> UInt32? {
        state.pointee.firstPending != 0 ? state.pointee.firstPending : openPending(state)
    }
}
