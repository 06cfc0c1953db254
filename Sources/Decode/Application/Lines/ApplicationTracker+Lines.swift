// Protocols of lines: FTP (RFC 959, 4217) and SMTP (RFC 5321, 3207).

import NetTypes

extension ApplicationTracker {
    /// Longest line that is read; what is longer is read as far as that.
    private static let maximumLine = 1024

    /// What a direction of SMTP carries, in `StreamDirection.recordType`.
    private enum Mode {
        static let lines: UInt8 = 0
        /// A mail's text, up to a line with a single dot.
        static let text: UInt8 = 1
    }

    /// Reads bytes of a connection of lines that follow on those before.
    ///
    /// - Returns: whether nothing more is wanted of the flow.
    func followLines(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ bytes: ApplicationReader,
        _ toServer: Bool, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) -> Bool {
        guard interests.wantsRecords(of: state.pointee.application) else {
            return followProxied(state, &direction, bytes, toServer, time, snapshot)
        }
        if direction.buffer == 0, TLSRecord.beginsWithClientHello(bytes) {
            return turnToTLS(state, &direction, bytes, toServer, time, snapshot)
        }
        var bytes = bytes
        direction.flags.remove(.lost)
        while !bytes.isAtEnd {
            if direction.skipped > 0 {
                let passed = bytes.takeAvailable(Int(min(direction.skipped, UInt64(bytes.remaining))))
                direction.skipped -= UInt64(passed.length)
            } else if direction.recordType == Mode.text {
                Self.passText(&bytes, &direction)
            } else {
                guard let line = nextLine(&bytes, &direction) else { return false }
                readLine(state, &direction, line, toServer, time, snapshot)
                dropKept(&direction)
            }
        }
        return false
    }

    /// Takes note of missing bytes: the line they belong to is lost.
    func loseLine(_ direction: inout StreamDirection) {
        dropKept(&direction)
        direction.skipped = 0
        direction.headerLength = 0
        direction.flags.insert(.lost)
    }

    /// The next line without its end, from the segment itself or put together from several.
    private func nextLine(_ bytes: inout ApplicationReader, _ direction: inout StreamDirection) -> ApplicationReader? {
        let lineFeed = UInt8(ascii: "\n")
        if direction.buffer == 0, let length = bytes.distance(to: lineFeed) {
            let line = bytes.takeAvailable(min(length, Self.maximumLine))
            _ = bytes.skip(length - line.length + 1)
            return Self.withoutReturn(line)
        }
        let searched = Int(direction.filled)
        let offset = bytes.offset
        guard keep(&bytes, upTo: Self.maximumLine, in: &direction) else {
            _ = bytes.skip(bytes.remaining)
            return nil
        }
        var collected = kept(direction)
        if let length = collected.distance(to: lineFeed) {
            _ = bytes.seek(to: offset + length + 1 - searched)
            return Self.withoutReturn(collected.takeAvailable(length))
        }
        guard collected.length >= Self.maximumLine else { return nil }
        // The rest of the line is read as another one, which no command begins.
        return collected
    }

    private static func withoutReturn(_ line: ApplicationReader) -> ApplicationReader {
        var line = line
        let length = line.remaining
        return length > 0 && line.peek(length - 1) == UInt8(ascii: "\r") ? line.takeAvailable(length - 1) : line
    }

    /// Passes over a mail's text up to the line with a single dot; `headerLength` counts how much of that has matched.
    private static func passText(_ bytes: inout ApplicationReader, _ direction: inout StreamDirection) {
        let end: StaticString = "\r\n.\r\n"
        end.withUTF8Buffer { end in
            while let byte = bytes.uint8() {
                if byte == end[Int(direction.headerLength)] {
                    direction.headerLength += 1
                } else {
                    direction.headerLength = byte == end[0] ? 1 : 0
                }
                if Int(direction.headerLength) == end.count {
                    direction.headerLength = 0
                    direction.recordType = Mode.lines
                    return
                }
            }
        }
    }

    private func readLine(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ line: ApplicationReader,
        _ toServer: Bool, _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) {
        let line = CommandLine(line)
        switch (state.pointee.application, toServer) {
        case (.ftp, true): readCommand(state, line, time, snapshot)
        case (.ftp, false): readReply(state, line, time, snapshot)
        case (.smtp, true): readMailCommand(state, &direction, line, time, snapshot)
        default: break
        }
    }

    // MARK: FTP

    private func readCommand(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ line: CommandLine, _ time: Timestamp,
        _ snapshot: () -> FlowRecord
    ) {
        guard line.isCommand else { return }
        // A command before the reply to the last one: that one goes out without.
        publishFirstPending(state, at: time, snapshot: snapshot)
        guard let handle = openPending(state) else { return }
        write(.ftp, to: handle) { fields in
            line.writeVerb(.ftpCommand, to: &fields)
            if line.argument.remaining > 0, !line.isVerb("pass"), !line.isVerb("acct") {
                fields.append(.ftpArgument, line.argument.unread)
            }
            return .whole
        }
    }

    private func readReply(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ line: CommandLine, _ time: Timestamp,
        _ snapshot: () -> FlowRecord
    ) {
        // The last line of a reply has a space behind its code (RFC 959 section 4.2).
        guard state.pointee.firstPending != 0, line.isReplyEnd else { return }
        write(.ftp, to: state.pointee.firstPending) { fields in
            fields.append(.ftpCode, line.verb.unread)
            if line.argument.remaining > 0 { fields.append(.ftpReply, line.argument.unread) }
            return .whole
        }
        publishFirstPending(state, at: time, snapshot: snapshot)
    }

    // MARK: SMTP

    private func readMailCommand(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ direction: inout StreamDirection, _ line: CommandLine,
        _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) {
        if line.isVerb("ehlo") || line.isVerb("helo") || line.isVerb("lhlo") {
            publishFirstPending(state, at: time, snapshot: snapshot)
            note(.smtpGreeting, line.argument, state)
        } else if line.isVerb("mail") {
            note(.smtpFrom, line.path, state)
        } else if line.isVerb("rcpt") {
            note(.smtpRecipient, line.path, state)
        } else if line.isVerb("data") {
            publishFirstPending(state, at: time, snapshot: snapshot)
            direction.recordType = Mode.text
            // The end may follow at once: this line's own end is the first part of it.
            direction.headerLength = 2
        } else if line.isVerb("bdat") {
            publishFirstPending(state, at: time, snapshot: snapshot)
            direction.skipped = line.number
        }
    }

    private func note(
        _ field: ApplicationField, _ value: ApplicationReader, _ state: UnsafeMutablePointer<ApplicationSlot>
    ) {
        let waiting = state.pointee.firstPending
        guard value.remaining > 0, let handle = waiting != 0 ? waiting : openPending(state) else { return }
        write(.smtp, to: handle) { fields in
            fields.append(field, value.unread)
            return .whole
        }
    }
}
