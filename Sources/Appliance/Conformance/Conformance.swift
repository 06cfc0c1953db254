// Whether a log is what it should be.

/// Judges the lines of a log and says what was checked.
public struct Conformance {
    /// The formats that can be judged.
    public enum Format: String, CaseIterable, Sendable {
        case eve
        case ecs
        case ocsf
        case cef
        case rfc5424

        fileprivate var judge: any FormatJudge {
            switch self {
            case .eve: EVEJudge()
            case .ecs: ECSJudge()
            case .ocsf: OCSFJudge()
            case .cef: CEFJudge()
            case .rfc5424: SyslogJudge()
            }
        }
    }

    public let format: Format
    /// Lines that were judged, and how many of them something is wrong with.
    public private(set) var lines = 0
    public private(set) var badLines = 0
    private var result = LineJudge()

    public init(_ format: Format) {
        self.format = format
    }

    /// Judges a file. Calls `report` with the number of a line and what is wrong with it.
    public mutating func judge(file path: String, report: (Int, String) -> Void) throws(UserError) {
        judge(try FileBytes.read(path, expecting: "a log"), report: report)
    }

    mutating func judge(_ bytes: [UInt8], report: (Int, String) -> Void) {
        var judge = format.judge
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
            lines += 1
            result.beginLine()
            judge.judge(bytes[start..<(end ?? bytes.count)], &result)
            result.check("whole lines", end != nil, "the last line has no end")
            if !result.faults.isEmpty { badLines += 1 }
            for fault in result.faults { report(lines, fault) }
            start = (end ?? bytes.count) + 1
        }
    }

    /// What was checked and how often, a line each.
    public var summary: String {
        let checks = result.checks.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)\n" }.joined()
        return "\(lines) lines of \(format.rawValue), \(badLines) with violations; checked:\n\(checks)"
    }
}
