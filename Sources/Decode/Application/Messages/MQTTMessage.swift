// MQTT 3.1, 3.1.1 and 5 (OASIS).

import NetTypes

/// The head of an MQTT control packet. Borrows its bytes.
struct MQTTMessage {
    private enum Kind {
        static let connect: UInt8 = 1
        static let answer: UInt8 = 2
        static let publish: UInt8 = 3
        static let subscribe: UInt8 = 8
    }

    /// Topics of a subscription of which each has a field.
    private static let maximumTopics = 16

    private let kind: UInt8
    private let flags: UInt8
    private let body: ApplicationReader
    /// Version of the connection that it belongs to.
    private let spoken: UInt16

    static func isConnect(_ bytes: ApplicationReader) -> Bool {
        var reader = bytes
        guard reader.uint8() == 0x10, reader.mqttInteger() != nil else { return false }
        let rest = ApplicationReader(reader.unread)
        return rest.starts(with: "\u{0}\u{4}MQTT") || rest.starts(with: "\u{0}\u{6}MQIsdp")
    }

    /// - Parameter version: what the connection's opening said; zero before it.
    init?(_ bytes: ApplicationReader, version: UInt16) {
        var reader = bytes
        guard let first = reader.uint8(), first >> 4 != 0, reader.mqttInteger() != nil else { return nil }
        kind = first >> 4
        flags = first & 15
        body = ApplicationReader(reader.unread)
        spoken = version
    }

    /// The version that an opening announces.
    var version: UInt8? {
        guard kind == Kind.connect else { return nil }
        var reader = body
        guard reader.text() != nil else { return nil }
        return reader.uint8()
    }

    /// Openings, answers and subscriptions always are news, publications once in a connection.
    func isNews(to state: inout ApplicationSlot) -> Bool {
        switch kind {
        case Kind.connect, Kind.answer, Kind.subscribe: true
        case Kind.publish: state.isFirstUse(of: Int(Kind.publish))
        default: false
        }
    }

    func write(to fields: inout FieldWriter) {
        fields.append(.mqttType, kind)
        var reader = body
        switch kind {
        case Kind.connect: Self.writeConnect(&reader, to: &fields)
        case Kind.answer:
            if reader.skip(1), let code = reader.uint8() { fields.append(.mqttCode, code) }
        case Kind.publish:
            fields.append(.mqttFlags, flags)
            if let topic = reader.text() { fields.append(.mqttTopic, topic.unread) }
        case Kind.subscribe:
            guard reader.skip(2), spoken < 5 || reader.skipProperties() else { return }
            var count = 0
            while count < Self.maximumTopics, let topic = reader.text(), reader.skip(1) {
                fields.append(.mqttTopic, topic.unread)
                count += 1
            }
        default: break
        }
    }

    private static func writeConnect(_ reader: inout ApplicationReader, to fields: inout FieldWriter) {
        guard let name = reader.text(), let version = reader.uint8(), let flags = reader.uint8(), reader.skip(2) else {
            return
        }
        fields.append(.mqttProtocol, name.unread)
        fields.append(.mqttVersion, version)
        fields.append(.mqttFlags, flags)
        guard version < 5 || reader.skipProperties(), let client = reader.text() else { return }
        fields.append(.mqttClient, client.unread)
        // A last will lies between: its topic and its message.
        if flags & 4 != 0 {
            guard version < 5 || reader.skipProperties(), reader.text() != nil, reader.text() != nil else { return }
        }
        if flags & 0x80 != 0, let user = reader.text() { fields.append(.mqttUser, user.unread) }
    }
}

extension ApplicationReader {
    /// Bytes behind their length of two bytes.
    fileprivate mutating func text() -> ApplicationReader? {
        guard let length = uint16() else { return nil }
        return take(Int(length))
    }

    fileprivate mutating func skipProperties() -> Bool {
        guard let length = mqttInteger() else { return false }
        return skip(length)
    }
}
