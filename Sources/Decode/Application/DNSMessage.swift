// DNS messages (RFC 1035), as they travel over UDP, TCP, mDNS (RFC 6762) and LLMNR (RFC 4795).

import NetTypes

/// Reads DNS messages.
enum DNSMessage {
    /// Answers that a record holds.
    static let maximumAnswers = 20
    /// Questions that a record holds; more than one is rare outside mDNS.
    static let maximumQuestions = 4

    static let headerLength = 12

    /// Record types whose data is shown as text; the others stay as they are on the wire.
    enum RecordType {
        static let ns: UInt16 = 2
        static let cname: UInt16 = 5
        static let soa: UInt16 = 6
        static let ptr: UInt16 = 12
        static let mx: UInt16 = 15
        static let txt: UInt16 = 16
        static let srv: UInt16 = 33
        static let dname: UInt16 = 39
    }

    /// Writes the fields of one message.
    ///
    /// - Parameters:
    ///   - message: the message from its header on.
    ///   - isCut: whether the message goes on behind what was captured.
    ///   - fields: where its fields go.
    static func write(
        _ message: ApplicationReader, isCut: Bool, to fields: inout FieldWriter
    ) -> MessageVerdict {
        var reader = message
        guard let id = reader.uint16(), let flags = reader.uint16(), let questions = reader.uint16(),
            let answers = reader.uint16(), reader.skip(4)
        else { return .malformed }
        fields.append(.dnsID, id)
        fields.append(.dnsFlags, flags)
        fields.append(.dnsAnswerCount, answers)

        let broken: MessageVerdict = isCut ? .partial : .malformed
        var name = DNSName()
        for index in 0..<Int(questions) {
            guard index < maximumQuestions else { return .partial }
            guard name.read(&reader), let type = reader.uint16(), let classCode = reader.uint16() else { return broken }
            name.text.withText { fields.append(.dnsQueryName, $0) }
            fields.append(.dnsQueryType, type)
            fields.append(.dnsQueryClass, classCode)
        }
        for index in 0..<Int(answers) {
            guard index < maximumAnswers else { return .partial }
            guard writeAnswer(&reader, &name, to: &fields) else { return broken }
        }
        return .whole
    }

    private static func writeAnswer(
        _ reader: inout ApplicationReader, _ name: inout DNSName, to fields: inout FieldWriter
    ) -> Bool {
        guard name.read(&reader), let type = reader.uint16(), reader.skip(2), let lifetime = reader.uint32(),
            let length = reader.uint16()
        else { return false }
        let dataStart = reader.offset
        guard reader.skip(Int(length)) else { return false }
        name.text.withText { fields.append(.dnsAnswerName, $0) }
        fields.append(.dnsAnswerType, type)
        fields.append(.dnsAnswerTTL, lifetime)

        // Names in the data may be compressed, so they are read with the whole message at hand.
        var data = reader
        guard data.seek(to: dataStart) else { return false }
        let nameOffset: Int
        switch type {
        case RecordType.ns, RecordType.cname, RecordType.soa, RecordType.ptr, RecordType.dname: nameOffset = 0
        case RecordType.mx: nameOffset = 2
        case RecordType.srv: nameOffset = 6
        case RecordType.txt:
            writeText(data.takeAvailable(Int(length)), to: &fields)
            return true
        default:
            fields.append(.dnsAnswerData, data.takeAvailable(Int(length)).unread)
            return true
        }
        guard data.skip(nameOffset), name.read(&data), data.offset <= reader.offset else { return false }
        name.text.withText { fields.append(.dnsAnswerData, $0) }
        return true
    }

    /// The character strings of a TXT record one after the other, as most of its uses read them (RFC 7208 section 3.3).
    private static func writeText(_ data: ApplicationReader, to fields: inout FieldWriter) {
        var reader = data
        var text = TextBuilder<513>()
        while let length = reader.uint8() {
            text.append(reader.takeAvailable(Int(length)))
        }
        text.withText { fields.append(.dnsAnswerData, $0) }
    }
}
