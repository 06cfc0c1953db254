// Messages of RFC 5424.

import NetTypes

/// Wraps messages as `<PRI>1 TIME HOST APP - MSGID [leptonnet@PEN ...] MSG` (RFC 5424, section 6).
///
/// Content in ASCII is MSG-ANY and has no byte order mark, so that receivers that know none find JSON where it starts;
/// content with other characters is MSG-UTF8 and has one (section 6.4).
public struct SyslogHeader: Sendable {
    /// What differs from message to message.
    struct Note {
        var time: Timestamp
        /// 0 to 7, 0 worst.
        var severity: Int
        var kind: StaticString
        var id: EventID
        /// Of alerts only.
        var level: AlertLevel?
    }

    /// The facilities of RFC 5424, table 1, by the names that syslog daemons use.
    public static let facilities = [
        "kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp", "ntp",
        "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5", "local6", "local7",
    ]

    private let facility: Int
    /// From the host name to the application's name, with spaces around.
    private let origin: [UInt8]
    private let element: [UInt8]

    /// - Parameters:
    ///   - facility: index into `facilities`.
    ///   - host: 1 to 255 printable ASCII characters; others become `?`, nil is written as `-`.
    ///   - application: at most 48.
    ///   - enterprise: private enterprise number behind the name of the structured data (RFC 5424, section 7.2.2).
    public init(facility: Int = 16, host: String?, application: String = "leptonnet", enterprise: Int = 32473) {
        precondition(Self.facilities.indices.contains(facility), "there are 24 facilities")
        self.facility = facility
        origin = [0x20] + Self.printable(host ?? "", 255) + [0x20] + Self.printable(application, 48) + Array(" - ".utf8)
        element = Array(" [leptonnet@\(enterprise) id=\"".utf8)
    }

    /// Text of printable ASCII without spaces, cut to a length; `-` for nothing.
    private static func printable(_ text: String, _ length: Int) -> [UInt8] {
        let bytes = text.unicodeScalars.prefix(length).map { (33...126).contains($0.value) ? UInt8($0.value) : 0x3f }
        return bytes.isEmpty ? [0x2d] : bytes
    }

    func append(
        _ note: Note, content: UnsafeRawBufferPointer, calendar: inout CivilCalendar, to buffer: inout LineBuffer
    ) {
        buffer.append(UInt8(ascii: "<"))
        buffer.append(decimal: UInt64(facility * 8 + note.severity))
        buffer.append(">1 ")
        buffer.append(calendar.time(of: note.time.seconds), microseconds: Int(note.time.subsecond / 1000))
        buffer.append(UInt8(ascii: "Z"))
        origin.withUnsafeBytes { buffer.append($0) }
        buffer.append(note.kind)
        element.withUnsafeBytes { buffer.append($0) }
        buffer.append(note.id)
        buffer.append("\" type=\"")
        buffer.append(note.kind)
        if let level = note.level {
            buffer.append("\" level=\"")
            var word = level.rawValue
            word.withUTF8 { buffer.append(structured: UnsafeRawBufferPointer($0)) }
        }
        buffer.append("\"] ")
        if content.contains(where: { $0 >= 0x80 }) { buffer.append("\u{feff}") }
        buffer.append(content)
    }
}

extension LineBuffer {
    /// The value of a structured-data parameter: quotation mark, backslash and closing bracket are escaped (RFC 5424,
    /// section 6.3.3).
    mutating func append(structured value: UnsafeRawBufferPointer) {
        for byte in value {
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte == UInt8(ascii: "]") {
                append(UInt8(ascii: "\\"))
            }
            append(byte)
        }
    }
}
