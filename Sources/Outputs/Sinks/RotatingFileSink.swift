// A log file that gives way to a new one.

import Glibc
import Synchronization

/// Appends lines to a file and begins a new one by size, age or request, between two lines.
///
/// The old file gets the moment of its end behind its name, `eve.json.20260115-093012`. When someone else has moved the
/// file away already, as logrotate does, a request only opens the new one. One thread at a time may use it, except for
/// `requestRotation` and `rule`, which any thread may.
public final class RotatingFileSink: LineSink, @unchecked Sendable {
    public let path: String
    private var file: FileSink
    private var bytes: Int
    private var opened: Int
    private var earlierLoss: UInt64 = 0
    private var rotationFailure: OutputError?
    private let isRequested = Atomic<Bool>(false)
    private let currentRule: Mutex<RotationRule>

    /// Opens the file, adding to what is there.
    public init(path: String, rule: RotationRule = RotationRule()) throws(OutputError) {
        self.path = path
        currentRule = Mutex(rule)
        file = try FileSink(path: path, .append)
        bytes = file.size
        opened = Self.now
    }

    /// When the file gives way.
    public var rule: RotationRule {
        get { currentRule.withLock { $0 } }
        set { currentRule.withLock { $0 = newValue } }
    }

    /// Turns to a new file before the next lines, or at the next `attend`.
    public func requestRotation() {
        isRequested.store(true, ordering: .relaxed)
    }

    public var lostLines: UInt64 { earlierLoss + file.lostLines }

    public var failure: OutputError? { file.failure ?? rotationFailure }

    public func write(_ lines: borrowing LineBuffer) {
        rotateIfDue(adding: lines.count)
        file.write(lines)
        bytes += lines.count
    }

    public func attend() {
        rotateIfDue(adding: 0)
    }

    public func close() throws(OutputError) {
        try file.close()
    }

    private static var now: Int { time(nil) }

    private func rotateIfDue(adding count: Int) {
        if isRequested.exchange(false, ordering: .relaxed) { return rotate() }
        let rule = self.rule
        if let size = rule.size, bytes > 0, bytes + count > size { return rotate() }
        if let age = rule.age, bytes > 0, Self.now - opened >= age { rotate() }
    }

    private func rotate() {
        let isOthersWork = file.isMoved
        var oldName: String?
        if !isOthersWork {
            bytes = file.size
            opened = Self.now
            guard bytes > 0 else { return }
            let name = freeName()
            guard rename(path, name) == 0 else {
                rotationFailure = .cannotOpen(name, errno: errno)
                return
            }
            oldName = name
        }
        do throws(OutputError) {
            let next = try FileSink(path: path, .append)
            earlierLoss += file.lostLines
            // What was lost was counted; the rest is the kernel's to keep.
            try? file.close()
            file = next
            bytes = file.size
            opened = Self.now
            rotationFailure = nil
        } catch {
            // Lines go on into the old file, under its old name when that can be had back.
            rotationFailure = error
            if let oldName { rename(oldName, path) }
        }
        removeOldFiles()
    }

    /// A name with the present moment that no file has.
    private func freeName() -> String {
        var moment = time(nil)
        var parts = tm()
        gmtime_r(&moment, &parts)
        func two(_ value: Int32) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let date = "\(parts.tm_year + 1900)\(two(parts.tm_mon + 1))\(two(parts.tm_mday))"
        let stem = "\(path).\(date)-\(two(parts.tm_hour))\(two(parts.tm_min))\(two(parts.tm_sec))"
        var name = stem
        var further = 1
        while access(name, F_OK) == 0 {
            further += 1
            name = further < 10 ? "\(stem)-0\(further)" : "\(stem)-\(further)"
        }
        return name
    }

    private func removeOldFiles() {
        guard let keep = rule.keep else { return }
        let slash = path.lastIndex(of: "/")
        let folder = slash.map { String(path[..<$0]) } ?? "."
        let prefix = (slash.map { String(path[path.index(after: $0)...]) } ?? path) + "."
        guard let directory = opendir(folder.isEmpty ? "/" : folder) else { return }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix(prefix), Self.isMoment(name.dropFirst(prefix.count)) { names.append(name) }
        }
        for name in names.sorted().dropLast(keep) { unlink("\(folder)/\(name)") }
    }

    /// Whether a file's ending is one that `freeName` gives: nobody else's file is removed.
    private static func isMoment(_ ending: Substring) -> Bool {
        let digits = ending.prefix(15)
        guard digits.count == 15, digits.dropFirst(8).first == "-" else { return false }
        return ending.allSatisfy { $0 == "-" || ($0.isASCII && $0.isNumber) }
    }
}
