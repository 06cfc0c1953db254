// SMB 1 and SNMP 3: what current clients have left behind and attackers have not, and what seldom comes by.

import Decode
import NetTypes
import Testing

@Suite("Old and rare forms of messages")
struct OldProtocolTests {
    private func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    // MARK: SMB 1

    /// A message of [MS-CIFS] section 2.2.3 behind its length: header, count of words, words, count of bytes, bytes.
    private func smb(
        _ command: UInt8, tree: Int = 0, multiplex: Int, isUnicode: Bool, isResponse: Bool = false, words: [UInt8],
        bytes: [UInt8]
    ) -> [UInt8] {
        let header =
            [0xff, 0x53, 0x4d, 0x42, command] + little(0, 4) + [isResponse ? 0x98 : 0x18]
            + little(isUnicode ? 0xc001 : 0x4001, 2) + little(0, 12) + little(tree, 2) + little(99, 2) + little(1, 2)
            + little(multiplex, 2)
        let body = [UInt8(words.count / 2)] + words + little(bytes.count, 2) + bytes
        return [0] + Array(little(header.count + body.count, 3).reversed()) + header + body
    }

    /// SMB_COM_TREE_CONNECT_ANDX ([MS-CIFS] section 2.2.4.55.1) with a password of one byte, as is usual.
    private func treeConnect(_ path: String, multiplex: Int, isUnicode: Bool) -> [UInt8] {
        let text = isUnicode ? path.utf16.flatMap { little(Int($0), 2) } + [0, 0] : Array(path.utf8) + [0]
        // Header 32, count 1, words 8, count 2, password 1: the path stands at 44, which is even already.
        return smb(
            0x75, multiplex: multiplex, isUnicode: isUnicode,
            words: [0xff, 0] + little(0, 2) + little(8, 2) + little(1, 2),
            bytes: [0] + text + Array("?????\0".utf8))
    }

    /// SMB_COM_NT_CREATE_ANDX ([MS-CIFS] section 2.2.4.64.1): 24 words.
    private func create(_ name: String, tree: Int, multiplex: Int, isUnicode: Bool) -> [UInt8] {
        let text = isUnicode ? name.utf16.flatMap { little(Int($0), 2) } : Array(name.utf8)
        let words = [0xff, 0] + little(0, 2) + [0] + little(text.count, 2) + [UInt8](repeating: 0, count: 41)
        // UTF-16 is aligned to two bytes from the header's beginning: 32 + 1 + 48 + 2 is odd.
        return smb(
            0xa2, tree: tree, multiplex: multiplex, isUnicode: isUnicode, words: words,
            bytes: (isUnicode ? [0] : []) + text)
    }

    @Test("SMB 1 tells the share, the file and the pipe, in UTF-16 and in bytes", arguments: [true, false])
    func shares(_ isUnicode: Bool) {
        let flow = Conversation(tcp: 139)
        flow.send(treeConnect(#"\\srv\daten"#, multiplex: 1, isUnicode: isUnicode), toServer: true)
        flow.send(create(#"\plan.txt"#, tree: 2, multiplex: 2, isUnicode: isUnicode), toServer: true)
        flow.send(treeConnect(#"\\srv\IPC$"#, multiplex: 3, isUnicode: isUnicode), toServer: true)
        flow.send(
            smb(0x75, tree: 7, multiplex: 3, isUnicode: isUnicode, isResponse: true, words: [], bytes: []),
            toServer: false)
        flow.send(create(#"\srvsvc"#, tree: 7, multiplex: 4, isUnicode: isUnicode), toServer: true)
        #expect(flow.records.map { $0.text(.smbShare) } == [#"\\srv\daten"#, nil, #"\\srv\IPC$"#, nil])
        #expect(flow.records.map { $0.text(.smbFilename) } == [nil, #"\plan.txt"#, nil, nil])
        #expect(flow.records.last?.text(.smbPipe) == #"\srvsvc"#)
        #expect(flow.records.first?.text(.smbCommand) == "SMB1_COMMAND_TREE_CONNECT_ANDX")
        #expect(flow.records.last?.text(.smbCommand) == "SMB1_COMMAND_NT_CREATE_ANDX")
    }

    @Test("Calls through a named pipe of SMB 1 are read, in transactions and in writes")
    func calls() {
        let flow = Conversation(tcp: 445)
        flow.send(treeConnect(#"\\srv\IPC$"#, multiplex: 1, isUnicode: true), toServer: true)
        flow.send(
            smb(0x75, tree: 7, multiplex: 1, isUnicode: true, isResponse: true, words: [], bytes: []), toServer: false)
        for (multiplex, operation) in [(2, 21), (3, 15), (4, 21)] {
            // A request of DCE/RPC (C706, section 12.6.4.9).
            let call =
                [5, 0, 0, 3, 0x10, 0, 0, 0, 24, 0, 0, 0, 10, 0, 0, 0] + little(0, 6) + little(operation, 2)
            // Behind header, count, words, count and one byte of padding.
            let message =
                operation == 15
                ? smb(
                    0x2f, tree: 7, multiplex: multiplex, isUnicode: true,
                    words: [0xff, 0] + little(0, 18) + little(call.count, 2) + little(64, 2) + little(0, 4),
                    bytes: [0] + call)
                : smb(
                    0x25, tree: 7, multiplex: multiplex, isUnicode: true,
                    words: little(0, 22) + little(call.count, 2) + little(68, 2) + [2, 0] + little(0x26, 2)
                        + little(3, 2),
                    bytes: [0] + call)
            flow.send(message, toServer: true)
        }
        let operations = flow.records.compactMap { $0.integer(.rpcOperation) }
        #expect(operations == [21, 15])
        #expect(flow.records.last?.text(.smbCommand) == "SMB1_COMMAND_WRITE_ANDX")
    }

    @Test("Characters beyond the first plane come as pairs of units; half a pair is replaced")
    func surrogates() {
        let flow = Conversation(tcp: 445)
        flow.send(create("\\a\u{1f5c2}b", tree: 2, multiplex: 2, isUnicode: true), toServer: true)
        #expect(flow.records.first?.text(.smbFilename) == "\\a\u{1f5c2}b")
    }

    @Test("An SMB 1 message that ends in its header or among its words gives no name", arguments: [20, 34, 60])
    func cut(_ length: Int) {
        let flow = Conversation(tcp: 445)
        let whole = create(#"\plan.txt"#, tree: 2, multiplex: 2, isUnicode: false)
        let part = Array(whole[4..<(4 + length)])
        flow.send([0, 0, 0, UInt8(length)] + part, toServer: true)
        #expect(flow.records.allSatisfy { $0.text(.smbFilename) == nil })
        // The stream goes on behind it.
        flow.send(treeConnect(#"\\srv\daten"#, multiplex: 3, isUnicode: false), toServer: true)
        #expect(flow.records.last?.text(.smbShare) == #"\\srv\daten"#)
    }

    // MARK: SNMP

    private func element(_ tag: UInt8, _ content: [UInt8], longLength: Bool = false) -> [UInt8] {
        [tag] + (longLength ? [0x82, UInt8(content.count >> 8), UInt8(content.count & 255)] : [UInt8(content.count)])
            + content
    }

    @Test("SNMP 3 names the user, whichever form its lengths have", arguments: [true, false])
    func user(_ longLength: Bool) {
        let flow = Conversation(udp: 161)
        // RFC 3412 section 6 and RFC 3414 section 2.4.
        let header = element(0x30, [2, 1, 5, 2, 2, 5, 0xdc, 4, 1, 4, 2, 1, 3])
        let model = element(
            0x30, element(4, [0x80, 0, 1, 2]) + [2, 1, 3, 2, 1, 9] + element(4, Array("alice".utf8)) + [4, 0, 4, 0])
        let message = element(0x30, [2, 1, 3] + header + element(4, model, longLength: longLength) + [4, 2, 1, 2])
        flow.send(message, toServer: true)
        #expect(flow.records.first?.integer(.snmpVersion) == 3)
        #expect(flow.records.first?.text(.snmpUser) == "alice")
        #expect(flow.records.first?.text(.snmpCommunity) == nil)
        #expect(flow.records.first?.integer(.snmpPDU) == nil)
    }

    @Test(
        "What only looks like SNMP gives no record",
        arguments: [
            [0x30, 6, 2, 1, 7, 4, 1, 65],  // version 7
            [0x30, 8, 2, 1, 1, 4, 1, 65, 0x30, 0],  // no PDU
            [0x30, 5, 2, 1, 3, 4, 0],  // version 3 without header data
            [0x30, 0x84, 0, 0, 0, 9, 2, 1],  // a length of four bytes
            [0x30, 0x82, 1],  // half a length
        ] as [[UInt8]])
    func noSNMP(_ message: [UInt8]) {
        let flow = Conversation(udp: 161)
        flow.send(message, toServer: true)
        #expect(flow.records.isEmpty)
    }
}
