// SMB 2 and 3 ([MS-SMB2]) and SMB 1 ([MS-CIFS]): the heads of their messages.

import NetTypes

/// The head of one SMB message. Borrows its bytes.
struct SMBMessage {
    enum Version {
        case one
        case two
    }

    let version: Version
    let command: UInt8
    let isResponse: Bool
    let treeID: UInt32
    let messageID: UInt64
    /// Where the next message of a compound starts, from this one's beginning; zero at the last.
    let next: Int
    /// SMB 1: whether text is UTF-16.
    private let isUnicode: Bool
    /// The message from its header on.
    private let bytes: ApplicationReader

    /// Whether bytes begin with a message behind its length of four bytes.
    static func begins(_ bytes: ApplicationReader) -> Bool {
        guard bytes.peek() == 0, let first = bytes.peek(4), first == 0xfe || first == 0xff || first == 0xfd else {
            return false
        }
        return bytes.peek(5) == UInt8(ascii: "S") && bytes.peek(6) == UInt8(ascii: "M")
            && bytes.peek(7) == UInt8(ascii: "B")
    }

    /// - Parameter bytes: the message from its header on; nil for encrypted and other ones.
    init?(_ bytes: ApplicationReader) {
        var reader = bytes
        self.bytes = bytes
        switch reader.uint32() {
        case 0xfe53_4d42:
            guard reader.skip(8), let command = reader.littleUInt16(), command < 19, reader.skip(2),
                let flags = reader.littleUInt32(), let next = reader.littleUInt32(),
                let message = reader.littleUInt64(), reader.skip(4), let tree = reader.littleUInt32()
            else { return nil }
            version = .two
            self.command = UInt8(command)
            isResponse = flags & 1 == 1
            self.next = Int(next)
            messageID = message
            treeID = tree
            isUnicode = true
        case 0xff53_4d42:
            guard let command = reader.uint8(), reader.skip(4), let flags = reader.uint8(),
                let flags2 = reader.littleUInt16(), reader.skip(12), let tree = reader.littleUInt16(), reader.skip(4),
                let multiplex = reader.littleUInt16()
            else { return nil }
            version = .one
            self.command = command
            isResponse = flags & 0x80 != 0
            next = 0
            messageID = UInt64(multiplex)
            treeID = UInt32(tree)
            isUnicode = flags2 & 0x8000 != 0
        default: return nil
        }
    }

    // MARK: What a request asks for

    var isTreeConnect: Bool { version == .two ? command == 3 : command == 0x75 }

    var isCreate: Bool { version == .two ? command == 5 : command == 0xa2 }

    /// The path of the share that a tree connect asks for.
    var share: Text? {
        guard isTreeConnect else { return nil }
        return version == .two ? text(offsetAt: 68, lengthAt: 70) : oldShare
    }

    /// The name of the file or pipe that is opened.
    var name: Text? {
        guard isCreate else { return nil }
        return version == .two ? text(offsetAt: 108, lengthAt: 110) : oldName
    }

    /// The dialect that a server of SMB 2 chose.
    var dialect: UInt16? {
        guard version == .two, command == 0, isResponse else { return nil }
        var reader = bytes
        return reader.skip(68) ? reader.littleUInt16() : nil
    }

    /// What is written to a named pipe, as far as it is here.
    var pipeData: ApplicationReader? {
        guard !isResponse else { return nil }
        var reader = bytes
        switch (version, command) {
        case (.one, 0x25):
            // TRANS_TRANSACT_NMPIPE ([MS-CIFS] section 2.2.5.6).
            guard reader.skip(55), let length = reader.littleUInt16(), let offset = reader.littleUInt16(),
                reader.skip(2), reader.littleUInt16() == 0x26
            else { return nil }
            return part(Int(offset), Int(length))
        case (.one, 0x2f):
            guard reader.skip(53), let length = reader.littleUInt16(), let offset = reader.littleUInt16() else {
                return nil
            }
            return part(Int(offset), Int(length))
        case (.two, 9):
            guard reader.skip(66), let offset = reader.littleUInt16(), let length = reader.littleUInt32() else {
                return nil
            }
            return part(Int(offset), Int(length))
        case (.two, 11):
            // FSCTL_PIPE_TRANSCEIVE.
            guard reader.skip(68), reader.littleUInt32() == 0x0011_c017, reader.skip(16),
                let offset = reader.littleUInt32(), let length = reader.littleUInt32()
            else { return nil }
            return part(Int(offset), Int(length))
        default: return nil
        }
    }

    private func part(_ offset: Int, _ length: Int) -> ApplicationReader? {
        var reader = bytes
        guard reader.skip(offset) else { return nil }
        return ApplicationReader(reader.takeAvailable(length).unread)
    }

    /// UTF-16 text whose place stands in the message.
    private func text(offsetAt: Int, lengthAt: Int) -> Text? {
        var place = bytes
        var size = bytes
        guard place.skip(offsetAt), size.skip(lengthAt), let offset = place.littleUInt16(),
            let length = size.littleUInt16(), let part = part(Int(offset), Int(length))
        else { return nil }
        return Text(part, isUnicode: true)
    }

    // MARK: SMB 1

    /// Behind the header of 32 bytes: a count of words, the words, a count of bytes, the bytes.
    private func old(words: inout ApplicationReader, bytes data: inout ApplicationReader) -> Bool {
        var reader = bytes
        guard reader.skip(32), let count = reader.uint8(), let taken = reader.take(Int(count) * 2),
            reader.littleUInt16() != nil
        else { return false }
        words = ApplicationReader(taken.unread)
        // Text is aligned from the message's beginning.
        if isUnicode, reader.offset % 2 == 1, isCreate { _ = reader.skip(1) }
        data = reader
        return true
    }

    private var oldShare: Text? {
        var words = ApplicationReader.empty
        var data = ApplicationReader.empty
        guard !isResponse, old(words: &words, bytes: &data), words.skip(6), let password = words.littleUInt16(),
            data.skip(Int(password))
        else { return nil }
        if isUnicode, data.offset % 2 == 1 { _ = data.skip(1) }
        return Text(data, isUnicode: isUnicode)
    }

    private var oldName: Text? {
        var words = ApplicationReader.empty
        var data = ApplicationReader.empty
        guard !isResponse, old(words: &words, bytes: &data), words.skip(5), let length = words.littleUInt16() else {
            return nil
        }
        return Text(ApplicationReader(data.takeAvailable(Int(length)).unread), isUnicode: isUnicode)
    }
}

extension SMBMessage {
    /// Text of a message, made UTF-8. Ends at a zero, or at what is kept of it.
    struct Text {
        private(set) var utf8 = TextBuilder<384>()

        init(_ bytes: ApplicationReader, isUnicode: Bool) {
            var reader = bytes
            if !isUnicode {
                while let byte = reader.uint8(), byte != 0 { utf8.append(byte) }
                return
            }
            while let unit = reader.littleUInt16(), unit != 0 {
                if unit >> 10 == 0x36, let low = reader.littleUInt16(), low >> 10 == 0x37 {
                    append(0x10000 + (UInt32(unit) & 0x3ff) << 10 + UInt32(low) & 0x3ff)
                } else {
                    append(UInt32(unit))
                }
            }
        }

        private mutating func append(_ code: UInt32) {
            // Half of a pair alone stands for nothing.
            let scalar = Unicode.Scalar(code) ?? "\u{fffd}"
            for unit in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { utf8.append(unit) }
        }

        /// Whether it ends with `text`, given in lower case.
        func ends(with text: StaticString) -> Bool {
            utf8.withText { bytes in
                guard bytes.count >= text.utf8CodeUnitCount else { return false }
                let tail = UnsafeRawBufferPointer(rebasing: bytes[(bytes.count - text.utf8CodeUnitCount)...])
                return ApplicationReader(tail).equals(ignoringCase: text)
            }
        }
    }

    /// A number below 19 for the command; those of SMB 1 have that of the command of SMB 2 which took their place.
    var commandPlace: Int {
        switch (version, command) {
        case (.two, _): Int(command)
        // Before a connection goes on with SMB 2, it may have asked in SMB 1.
        case (.one, 0x72): 12
        case (.one, 0x73): 1
        case (.one, 0x75): 3
        case (.one, 0x25): 11
        case (.one, 0x2e): 8
        case (.one, 0x2f): 9
        case (.one, 0x32): 14
        case (.one, 0xa2): 5
        case (.one, 0x04): 6
        case (.one, _): 18
        }
    }

    /// The command's name in Suricata's words.
    var commandName: StaticString {
        switch (version, command) {
        case (.two, 0): "SMB2_COMMAND_NEGOTIATE_PROTOCOL"
        case (.two, 1): "SMB2_COMMAND_SESSION_SETUP"
        case (.two, 2): "SMB2_COMMAND_SESSION_LOGOFF"
        case (.two, 3): "SMB2_COMMAND_TREE_CONNECT"
        case (.two, 4): "SMB2_COMMAND_TREE_DISCONNECT"
        case (.two, 5): "SMB2_COMMAND_CREATE"
        case (.two, 6): "SMB2_COMMAND_CLOSE"
        case (.two, 7): "SMB2_COMMAND_FLUSH"
        case (.two, 8): "SMB2_COMMAND_READ"
        case (.two, 9): "SMB2_COMMAND_WRITE"
        case (.two, 10): "SMB2_COMMAND_LOCK"
        case (.two, 11): "SMB2_COMMAND_IOCTL"
        case (.two, 12): "SMB2_COMMAND_CANCEL"
        case (.two, 13): "SMB2_COMMAND_KEEPALIVE"
        case (.two, 14): "SMB2_COMMAND_FIND"
        case (.two, 15): "SMB2_COMMAND_CHANGE_NOTIFY"
        case (.two, 16): "SMB2_COMMAND_GET_INFO"
        case (.two, 17): "SMB2_COMMAND_SET_INFO"
        case (.two, _): "SMB2_COMMAND_OPLOCK_BREAK"
        case (.one, 0x72): "SMB1_COMMAND_NEGOTIATE_PROTOCOL"
        case (.one, 0x73): "SMB1_COMMAND_SESSION_SETUP_ANDX"
        case (.one, 0x75): "SMB1_COMMAND_TREE_CONNECT_ANDX"
        case (.one, 0x25): "SMB1_COMMAND_TRANS"
        case (.one, 0x2e): "SMB1_COMMAND_READ_ANDX"
        case (.one, 0x2f): "SMB1_COMMAND_WRITE_ANDX"
        case (.one, 0x32): "SMB1_COMMAND_TRANS2"
        case (.one, 0xa2): "SMB1_COMMAND_NT_CREATE_ANDX"
        case (.one, 0x04): "SMB1_COMMAND_CLOSE"
        case (.one, _): "SMB1_COMMAND_OTHER"
        }
    }
}
