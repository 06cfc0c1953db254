// Fuzz target: hostile text and extreme figures on their way into the logs.

import FuzzSupport
import NetTypes
import Outputs

/// Renders one event of each kind that has a line, made from an input, and lets another JSON parser judge the lines.
///
/// The first byte chooses the application protocol, the second the length of a sensor's name, which follows. Then come
/// the fields of the application record, each behind its tag and a length byte; a tag outside the protocol's fields
/// ends them. What is left fills the numbers of the flow and of the other events.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    let application = ApplicationProtocol.allCases[Int(input.byte()) % ApplicationProtocol.allCases.count]
    var options = EVEOptions()
    options.host = String(decoding: input.take(Int(input.byte())), as: UTF8.self)
    options.captureFile = options.host

    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 1)
    defer { room.deallocate() }
    var fields = FieldWriter(room)
    while !input.isAtEnd, let field = ApplicationField(rawValue: input.byte()) {
        let length = Int(input.byte())
        // Integers come from the decoder with the width that their field has; text comes with any.
        fields.append(field, input.take(field.width ?? length * 4))
    }
    fields.finish()

    let flow = input.flow()
    let time = Timestamp(nanoseconds: input.integer(Int64.self) >> 2)
    let events = EventBuffer(wanted: .all)
    let written = UnsafeRawBufferPointer(rebasing: room[..<fields.count])
    events.append(application, of: flow, fields: written, at: time)
    events.append(.closed, flow, at: time, detail: input.byte() % UInt8(FlowEndReason.allCases.count))
    events.append(input.arp(), at: time)
    events.append(input.icmpError(flow), at: time)
    let fault = DecodeFault.allCases[Int(input.byte()) % DecodeFault.allCases.count]
    events.append(
        FaultMessage(fault: fault, hasKey: input.byte() & 1 == 0, sourceIsFirst: true, key: flow.key), at: time)
    events.append(loss: input.integer(), at: time)
    events.append(overload: OverloadLevel.allCases[Int(input.byte()) % OverloadLevel.allCases.count], at: time)
    var raised = FlowAnnotations()
    raised.current = Int(input.byte()) % events.headers.count
    raised.markAlerted()
    raised.annotate("leptonnet.figure", input.integer())
    raised.raise(input.alert(flow, text: options.host ?? "", at: time))
    raised.raise(input.alert(nil, text: options.host ?? "", at: time))
    LineCheck.check(events, options: options, raised: raised, snapshot: input.snapshot(at: time))
    checkText(options.host ?? "", written)
    return 0
}

/// Traps unless text that is valid UTF-8 comes back from a log as it was written.
private func checkText(_ host: String, _ fields: UnsafeRawBufferPointer) {
    guard let value = FieldReader(fields).first(.httpHost)?.value,
        let text = String(validating: value, as: UTF8.self)
    else { return }
    let events = EventBuffer(wanted: .all)
    events.append(.http, of: FlowRecord(), fields: fields, at: Timestamp(seconds: 0))
    var options = EVEOptions()
    options.host = host
    var lines = JSONWriter()
    var annotations = AnnotationReader(FlowAnnotations())
    let event = StreamEvent(header: events.headers[0], buffer: events, ordinal: 0)
    EVERenderer(options).render(event, at: 0, annotations: &annotations, into: &lines)
    let objects = LineCheck.check(lines)
    precondition(objects.count == 1)
    // Compared by scalars: equality of strings is by canonical equivalence, which would hide a change.
    let http = objects[0]["http"] as? [String: Any]
    let hostName = http?["hostname"] as? String
    precondition(hostName.map { Array($0.unicodeScalars) } == Array(text.unicodeScalars), "text has changed: \(text)")
    let sensor = objects[0]["host"] as? String
    precondition(sensor.map { Array($0.unicodeScalars) } == Array(host.unicodeScalars), "text has changed: \(host)")
}

extension ApplicationField {
    /// Bytes of an integer field; nil for text.
    fileprivate var width: Int? {
        switch self {
        case .tlsResumed, .dhcpOperation, .dhcpMessageType, .truncated, .rpcType, .modbusUnit, .modbusFunction,
            .modbusException, .s7Kind, .s7Function, .s7Group, .mqttType, .mqttVersion, .mqttFlags, .mqttCode,
            .snmpVersion, .snmpPDU:
            1
        case .dnsID, .dnsFlags, .dnsQueryType, .dnsQueryClass, .dnsAnswerType, .dnsAnswerCount, .tlsVersion,
            .tlsCipherSuite, .httpStatus, .smbDialect, .rpcOperation, .modbusTransaction, .modbusAddress,
            .modbusQuantity:
            2
        case .dnsAnswerTTL, .dhcpID, .dhcpAssignedAddress, .dhcpClientAddress, .dhcpRelayAddress, .dhcpNextServer,
            .dhcpRequestedAddress, .dhcpSubnetMask, .dhcpLeaseTime, .dhcpRenewalTime, .dhcpRebindingTime, .dhcpRouter,
            .dhcpNameServer, .quicVersion, .flowNameNumbers, .rpcCallID, .rdpRequested, .rdpSelected:
            4
        case .rpcInterface: 20
        case .tunnel: Tunnel.byteCount
        case .dhcpClientMAC: 6
        case .tlsNotBefore, .tlsNotAfter, .httpContentLength: 8
        default: nil
        }
    }
}

extension FuzzInput {
    /// A flow with figures that no table would have collected.
    fileprivate mutating func flow() -> FlowRecord {
        var flow = FlowRecord()
        flow.identity.key.shape = byte() & 0x8f
        flow.identity.key.transport = byte()
        flow.identity.key.firstPort = integer()
        flow.identity.key.secondPort = integer()
        flow.identity.key.outerVLAN = integer()
        flow.identity.key.innerVLAN = integer()
        flow.identity.key.firstLow = address(flow.key.isIPv6)
        flow.identity.key.secondLow = address(flow.key.isIPv6)
        if flow.key.isIPv6 {
            flow.identity.key.firstHigh = integer()
            flow.identity.key.secondHigh = integer()
        }
        flow.identity.status = FlowStatus(rawValue: byte())
        flow.identity.firstPacketCount = byte() % 17
        flow.identity.tcpState = TCPState(rawValue: byte() % 7) ?? .none
        flow.identity.application =
            ApplicationProtocol(rawValue: byte() % UInt8(ApplicationProtocol.allCases.count)) ?? .unknown
        flow.toServer = direction()
        flow.toClient = direction()
        flow.details.firstToServer = integer(Int64.self) >> 2
        flow.details.firstToClient = integer(Int64.self) >> 2
        flow.details.flowID = integer(UInt64.self) >> 1
        flow.details.serverRoundTrip = integer()
        flow.details.clientMACLow = integer()
        flow.details.icmpType = byte()
        flow.details.responseICMPCode = byte()
        return flow
    }

    private mutating func address(_ isIPv6: Bool) -> UInt64 {
        isIPv6 ? integer() : UInt64(integer(UInt32.self))
    }

    private mutating func direction() -> DirectionStatistics {
        var direction = DirectionStatistics()
        direction.lastSeen = integer(Int64.self) >> 2
        direction.packets = integer()
        direction.bytes = integer()
        direction.payloadBytes = integer()
        direction.lengthSquares = integer()
        direction.gapSquares = Double(integer(UInt64.self))
        direction.gapMinimum = PackedGap(bits: integer())
        direction.gapMaximum = PackedGap(bits: integer())
        direction.flags = TCPFlags(rawValue: byte())
        direction.lengthMinimum = integer()
        direction.lengthMaximum = integer()
        return direction
    }

    fileprivate mutating func arp() -> ARPMessage {
        ARPMessage(
            operation: integer(), senderMAC: MACAddress(bits: integer(UInt64.self) >> 16),
            senderIP: IPAddress(v4: integer()), targetMAC: MACAddress(bits: integer(UInt64.self) >> 16),
            targetIP: IPAddress(v4: integer()), frameSource: MACAddress(bits: integer(UInt64.self) >> 16),
            frameDestination: MACAddress(bits: integer(UInt64.self) >> 16))
    }

    fileprivate mutating func icmpError(_ flow: FlowRecord) -> ICMPErrorMessage {
        ICMPErrorMessage(
            type: byte(), code: byte(), sender: flow.client.address, source: flow.client.address,
            destination: flow.server.address, transport: byte(), sourcePort: integer(), destinationPort: integer())
    }
}
