// SMB, DCE/RPC, RDP, Modbus, S7, MQTT and SNMP.

import Decode
import NetTypes
import Testing

@Suite struct MessageProtocolTests {
    private func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    private func big(_ value: Int, _ count: Int) -> [UInt8] { little(value, count).reversed() }

    // MARK: SMB

    private func smb(_ command: Int, message: Int, tree: Int = 0, isResponse: Bool = false, body: [UInt8]) -> [UInt8] {
        let header =
            [0xfe, 0x53, 0x4d, 0x42] + little(64, 2) + little(0, 2) + little(0, 4) + little(command, 2) + little(1, 2)
            + little(isResponse ? 1 : 0, 4) + little(0, 4) + little(message, 8) + little(0, 4) + little(tree, 4)
            + little(7, 8) + [UInt8](repeating: 0, count: 16)
        return big(64 + body.count, 4) + header + body
    }

    private func utf16(_ text: String) -> [UInt8] { text.utf16.flatMap { little(Int($0), 2) } }

    private func treeConnect(_ path: String, message: Int) -> [UInt8] {
        let name = utf16(path)
        return smb(
            3, message: message, body: little(9, 2) + little(0, 2) + little(72, 2) + little(name.count, 2) + name)
    }

    private func create(_ name: String, message: Int, tree: Int) -> [UInt8] {
        let name = utf16(name)
        return smb(
            5, message: message, tree: tree,
            body: little(57, 2) + [UInt8](repeating: 0, count: 42) + little(120, 2) + little(name.count, 2)
                + little(0, 8) + name)
    }

    private let bind: [UInt8] =
        [5, 0, 11, 3, 0x10, 0, 0, 0, 72, 0, 0, 0, 9, 0, 0, 0]
        + [0xb8, 0x10, 0xb8, 0x10, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0]
        + [0xc8, 0x4f, 0x32, 0x4b, 0x70, 0x16, 0xd3, 0x01, 0x12, 0x78, 0x5a, 0x47, 0xbf, 0x6e, 0xe1, 0x88, 3, 0, 0, 0]
        + [UInt8](repeating: 0, count: 20)

    private func request(_ operation: Int) -> [UInt8] {
        [5, 0, 0, 3, 0x10, 0, 0, 0, 24, 0, 0, 0, 10, 0, 0, 0] + little(0, 4) + little(0, 2) + little(operation, 2)
    }

    @Test func sharesFilesAndPipesOfSMBAreToldApart() {
        let flow = Conversation(tcp: 445)
        flow.send(smb(0, message: 0, body: little(36, 2)), toServer: true)
        flow.send(
            smb(0, message: 0, isResponse: true, body: little(65, 2) + little(1, 2) + little(0x311, 2)), toServer: false
        )
        flow.send(treeConnect(#"\\srv\Dokumentе"#, message: 1), toServer: true)
        flow.send(smb(3, message: 1, tree: 5, isResponse: true, body: little(16, 2)), toServer: false)
        flow.send(treeConnect(#"\\srv\IPC$"#, message: 2), toServer: true)
        flow.send(smb(3, message: 2, tree: 6, isResponse: true, body: little(16, 2)), toServer: false)
        flow.send(create("a.txt", message: 3, tree: 5), toServer: true)
        flow.send(create("srvsvc", message: 4, tree: 6), toServer: true)
        for message in 5..<8 { flow.send(smb(8, message: message, tree: 5, body: little(49, 2)), toServer: true) }
        #expect(flow.application == .smb)
        #expect(flow.records.map { $0.integer(.smbDialect) }.contains(0x311))
        #expect(flow.records.compactMap { $0.text(.smbShare) } == [#"\\srv\Dokumentе"#, #"\\srv\IPC$"#])
        #expect(flow.records.compactMap { $0.text(.smbFilename) } == ["a.txt"])
        #expect(flow.records.compactMap { $0.text(.smbPipe) } == ["srvsvc"])
        #expect(flow.records.count { $0.text(.smbCommand) == "SMB2_COMMAND_READ" } == 1)
    }

    @Test func callsThroughAPipeAreRecords() {
        let flow = Conversation(tcp: 445)
        flow.send(treeConnect(#"\\srv\ipc$"#, message: 2), toServer: true)
        flow.send(smb(3, message: 2, tree: 6, isResponse: true, body: little(16, 2)), toServer: false)
        func write(_ data: [UInt8], _ message: Int) {
            let body = little(49, 2) + little(112, 2) + little(data.count, 4) + [UInt8](repeating: 0, count: 40)
            flow.send(smb(9, message: message, tree: 6, body: body + data), toServer: true)
        }
        write(bind, 3)
        for message in 4..<7 { write(request(15), message) }
        let calls = flow.records.filter { $0.integer(.rpcType) != nil }
        #expect(calls.count == 2)
        #expect(calls.last?.integer(.rpcOperation) == 15)
    }

    @Test func interfacesAndOperationsOfRPCAreRecords() throws {
        let flow = Conversation(tcp: 49152)
        flow.send(bind, toServer: true, cuts: [20, 50])
        for operation in [1, 2, 1, 1] { flow.send(request(operation), toServer: true) }
        #expect(flow.application == .dcerpc)
        #expect(flow.records.compactMap { $0.integer(.rpcOperation) } == [1, 2])
        let interface = try #require(flow.records.first?.fields.first { $0.name == .rpcInterface }?.value)
        #expect(
            interface == [
                0x4b, 0x32, 0x4f, 0xc8, 0x16, 0x70, 0x01, 0xd3, 0x12, 0x78, 0x5a, 0x47, 0xbf, 0x6e, 0xe1, 0x88, 0, 3, 0,
                0,
            ])
    }

    // MARK: RDP and S7

    private func tpkt(_ bytes: [UInt8]) -> [UInt8] { [3, 0] + big(bytes.count + 4, 2) + bytes }

    @Test func bothSidesOfAnRDPOpeningAreRecords() {
        let flow = Conversation(tcp: 3389)
        let cookie = Array("Cookie: mstshash=alice\r\n".utf8) + [1, 0, 8, 0, 3, 0, 0, 0]
        flow.send(tpkt([UInt8(6 + cookie.count), 0xe0, 0, 0, 0, 0, 0] + cookie), toServer: true)
        flow.send(tpkt([14, 0xd0, 0, 0, 0, 0, 0, 2, 0, 8, 0, 2, 0, 0, 0]), toServer: false)
        #expect(flow.records.map(\.application) == [.rdp, .rdp])
        #expect(flow.records.first?.text(.rdpCookie) == "alice")
        #expect(flow.records.first?.integer(.rdpRequested) == 3)
        #expect(flow.records.last?.integer(.rdpSelected) == 2)
    }

    @Test func theFirstUseOfAnS7FunctionIsARecord() {
        let flow = Conversation(tcp: 102)
        flow.send(tpkt([10, 0xe0, 0, 0, 0, 1, 0, 0xc1, 2, 1, 0]), toServer: true)
        func job(_ function: UInt8) -> [UInt8] { tpkt([2, 0xf0, 0x80, 0x32, 1, 0, 0, 0, 1, 0, 1, 0, 0, function]) }
        for function in [0xf0, 4, 4, 5, 4] as [UInt8] { flow.send(job(function), toServer: true) }
        #expect(flow.application == .s7)
        #expect(flow.records.compactMap { $0.integer(.s7Function) } == [0xf0, 4, 5])
    }

    // MARK: Modbus, MQTT, SNMP

    @Test func theFirstUseOfAModbusFunctionAndEachExceptionIsARecord() {
        let flow = Conversation(tcp: 502)
        func ask(_ unit: UInt8, _ function: UInt8) -> [UInt8] { [0, 9, 0, 0, 0, 6, unit, function, 0, 7, 0, 2] }
        for (unit, function) in [(1, 3), (1, 3), (1, 16), (2, 3), (1, 16), (2, 3)] as [(UInt8, UInt8)] {
            flow.send(ask(unit, function), toServer: true)
        }
        flow.send([0, 9, 0, 0, 0, 3, 1, 0x83, 2], toServer: false)
        #expect(flow.records.map { $0.integer(.modbusFunction) } == [3, 16, 3, 3])
        #expect(flow.records.map { $0.integer(.modbusUnit) } == [1, 1, 2, 1])
        #expect(flow.records.first?.integer(.modbusAddress) == 7)
        #expect(flow.records.last?.integer(.modbusException) == 2)
    }

    @Test func openingSubscriptionAndFirstPublicationOfMQTTAreRecords() {
        let flow = Conversation(tcp: 1883)
        let opening: [UInt8] =
            [0, 4] + Array("MQTT".utf8) + [4, 0xc2, 0, 60, 0, 2] + Array("id".utf8) + [0, 1] + Array("u".utf8) + [
                0, 1, 0x70,
            ]
        flow.send([0x10, UInt8(opening.count)] + opening, toServer: true, cuts: [9, 12])
        flow.send([0x20, 2, 0, 0], toServer: false)
        flow.send([0x82, 8, 0, 1, 0, 3] + Array("a/#".utf8) + [0], toServer: true)
        for _ in 0..<3 { flow.send([0x31, 5, 0, 1, 0x61, 0x31, 0x32], toServer: true) }
        #expect(flow.records.map { $0.integer(.mqttType) } == [1, 2, 8, 3])
        #expect(flow.records.first?.text(.mqttClient) == "id")
        #expect(flow.records.first?.text(.mqttUser) == "u")
        #expect(flow.records.map { $0.text(.mqttTopic) } == [nil, nil, "a/#", "a"])
    }

    @Test func theFirstMessageOfSNMPSaysWhoAsksAndHow() {
        let flow = Conversation(udp: 161)
        let message: [UInt8] =
            [0x30, 0x0f, 2, 1, 1, 4, 6] + Array("public".utf8) + [0xa0, 2, 2, 0]
        for _ in 0..<3 { flow.send(message, toServer: true) }
        #expect(flow.records.count == 1)
        #expect(flow.records.first?.text(.snmpCommunity) == "public")
        #expect(flow.records.first?.integer(.snmpVersion) == 2)
        #expect(flow.records.first?.integer(.snmpPDU) == 0xa0)
    }

    @Test func whatNobodyWantsIsNotFollowed() {
        let flow = Conversation(tcp: 445, interests: [.dns])
        flow.send(treeConnect(#"\\srv\a"#, message: 1), toServer: true)
        #expect(flow.records.isEmpty)
        #expect(flow.tracker.followedFlows == 0)
    }
}
