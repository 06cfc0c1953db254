// SMB: which shares, files and pipes are opened, and what is called through pipes.

import NetTypes

extension ApplicationTracker {
    /// Messages of a compound that are read.
    private static let maximumCompound = 8
    /// The places of a connection's used numbers that commands take; operations of DCE/RPC take those behind.
    private static let commandPlaces = 20

    /// Reads a message behind its length.
    func readSMB(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ message: ApplicationReader, isCut: Bool, _ time: Timestamp,
        _ snapshot: () -> FlowRecord
    ) {
        var reader = message
        guard reader.skip(4) else { return }
        for _ in 0..<Self.maximumCompound {
            guard let message = SMBMessage(ApplicationReader(reader.unread)) else { return }
            if message.isResponse {
                readResponse(state, message, isCut: isCut, time, snapshot)
            } else {
                readRequest(state, message, isCut: isCut, time, snapshot)
            }
            guard message.next > 0, reader.skip(message.next) else { return }
        }
    }

    /// A response names the tree of pipes, and the dialect.
    private func readResponse(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ message: SMBMessage, isCut: Bool, _ time: Timestamp,
        _ snapshot: () -> FlowRecord
    ) {
        if message.isTreeConnect, state.pointee.pipeRequest == message.requestMark {
            state.pointee.pipeTree = message.treeID
        }
        guard let dialect = message.dialect else { return }
        publish(.smb, at: time, snapshot: snapshot) { fields in
            message.writeCommand(to: &fields)
            fields.append(.smbDialect, dialect)
            return isCut ? .partial : .whole
        }
    }

    private func readRequest(
        _ state: UnsafeMutablePointer<ApplicationSlot>, _ message: SMBMessage, isCut: Bool, _ time: Timestamp,
        _ snapshot: () -> FlowRecord
    ) {
        let isPipe = message.treeID != 0 && message.treeID == state.pointee.pipeTree
        if isPipe, let data = message.pipeData, let call = RPCMessage(data) {
            guard call.isNews(to: &state.pointee, behind: Self.commandPlaces) else { return }
            publish(.smb, at: time, snapshot: snapshot) { fields in
                message.writeCommand(to: &fields)
                call.write(to: &fields)
                return isCut ? .partial : .whole
            }
            return
        }
        let share = message.share
        if let share, share.ends(with: "ipc$") { state.pointee.pipeRequest = message.requestMark }
        let name = message.name
        guard share != nil || name != nil || state.pointee.isFirstUse(of: message.commandPlace) else { return }
        publish(.smb, at: time, snapshot: snapshot) { fields in
            message.writeCommand(to: &fields)
            share?.utf8.withText { fields.append(.smbShare, $0) }
            name?.utf8.withText { if !$0.isEmpty { fields.append(isPipe ? .smbPipe : .smbFilename, $0) } }
            return isCut ? .partial : .whole
        }
    }
}

extension SMBMessage {
    /// What is kept of a request until its response comes.
    fileprivate var requestMark: UInt32 { UInt32(truncatingIfNeeded: messageID) &+ 1 }

    func writeCommand(to fields: inout FieldWriter) {
        commandName.withUTF8Buffer { fields.append(.smbCommand, UnsafeRawBufferPointer($0)) }
    }
}
