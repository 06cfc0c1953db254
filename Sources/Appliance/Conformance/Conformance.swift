// Whether a log is what it should be.

import Synchronization

/// Judges the lines of a log and says what was checked.
public struct Conformance: Sendable {
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

    /// Judges lines, as many parts at a time as there are processors; no line knows of another one.
    mutating func judge(_ bytes: [UInt8], report: (Int, String) -> Void) {
        let parts = Self.parts(of: bytes)
        let work = SharedParts()
        let format = format
        let takeParts: @Sendable () -> Void = {
            while let part = work.take(of: parts.count) {
                var own = Conformance(format)
                var faults: [(Int, String)] = []
                own.judge(bytes[parts[part]]) { faults.append(($0, $1)) }
                work.put(part, own, faults)
            }
        }
        let helpers = (1..<max(1, min(parts.count, ReplaySettings.processors))).map { _ in
            Thread(name: "judge", takeParts)
        }
        takeParts()
        for helper in helpers { helper.join() }
        for (other, faults) in work.inOrder {
            for (line, fault) in faults { report(lines + line, fault) }
            lines += other.lines
            badLines += other.badLines
            result.add(other.result)
        }
    }

    /// What threads share that judge parts of a log.
    private final class SharedParts: Sendable {
        private let next = Atomic<Int>(0)
        private let judged = Mutex<[Int: (Conformance, [(Int, String)])]>([:])

        /// The next part that nobody has; nil when all have been taken.
        func take(of count: Int) -> Int? {
            let part = next.add(1, ordering: .relaxed).oldValue
            return part < count ? part : nil
        }

        func put(_ part: Int, _ judge: Conformance, _ faults: [(Int, String)]) {
            judged.withLock { $0[part] = (judge, faults) }
        }

        var inOrder: [(Conformance, [(Int, String)])] {
            judged.withLock { $0.sorted { $0.key < $1.key }.map(\.value) }
        }
    }

    /// Ranges of whole lines, small enough to be shared evenly.
    private static func parts(of bytes: [UInt8]) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = 0
        while start < bytes.count {
            let least = min(start + (1 << 20), bytes.count)
            let end = bytes[least...].firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? bytes.count
            parts.append(start..<end)
            start = end
        }
        return parts
    }

    private mutating func judge(_ bytes: ArraySlice<UInt8>, report: (Int, String) -> Void) {
        var judge = format.judge
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
            lines += 1
            result.beginLine()
            judge.judge(bytes[start..<(end ?? bytes.endIndex)], &result)
            result.check("whole lines", end != nil, "the last line has no end")
            if !result.faults.isEmpty { badLines += 1 }
            for fault in result.faults { report(lines, fault) }
            start = (end ?? bytes.endIndex) + 1
        }
    }

    /// What was checked and how often, a line each.
    public var summary: String {
        let checks = result.checks.sorted { $0.key < $1.key }.map { "  \($0.key): \($0.value)\n" }.joined()
        return "\(lines) lines of \(format.rawValue), \(badLines) with violations; checked:\n\(checks)"
    }
}
