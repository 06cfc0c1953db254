// What can go wrong while writing.

import Glibc

/// An output that cannot be written, or could not be written whole.
public struct OutputError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure.
    public enum Code: Hashable, Sendable {
        /// The output could not be opened; nothing was written.
        case cannotOpen
        /// Lines were lost while writing.
        case linesLost
        /// Lines found no room in the queue of a sink that was too slow.
        case linesShed
        /// Nobody takes messages at the other end, or not any more; trying again may help.
        case unreachable
        /// A spool that cannot be used, as it is another one's.
        case spoolUnusable
        /// The file was written, but the system could not promise to keep it.
        case cannotClose
    }

    public let code: Code
    /// The file or directory, as the user named it.
    public let path: String
    /// One line: what happened, where, and what to do.
    public let description: String

    init(_ code: Code, path: String, _ description: String) {
        self.code = code
        self.path = path
        self.description = description
    }

    static func cannotOpen(_ path: String, errno code: Int32) -> OutputError {
        let advice =
            switch code {
            case EACCES, EPERM, EROFS: "choose another output directory or make this one writable"
            case ENOENT: "create the directory first"
            case ENOTDIR: "a file stands where a directory is needed: choose another output directory"
            case EISDIR: "a directory stands where the file would go: move it away"
            case ENOSPC, EDQUOT: "make room on the disk or choose another output directory"
            case EMFILE, ENFILE: "raise the limit of open files (ulimit -n)"
            default: "choose another output directory"
            }
        return OutputError(.cannotOpen, path: path, "cannot write \(path): \(reason(code)); \(advice)")
    }

    static func linesLost(_ path: String, errno code: Int32, count: UInt64) -> OutputError {
        let advice = code == ENOSPC || code == EDQUOT ? "; make room on the disk and run again" : ""
        let lines = count == 1 ? "1 line" : "\(count) lines"
        return OutputError(.linesLost, path: path, "lost \(lines) of \(path): \(reason(code))\(advice)")
    }

    /// Lines that a full queue did not take.
    public static func shed(_ name: String, count: UInt64) -> OutputError {
        OutputError(
            .linesShed, path: name,
            "shed \(count == 1 ? "1 line" : "\(count) lines") of \(name): its queue was full; a faster place or a larger "
                + "queue takes them")
    }

    /// A receiver that does not take messages.
    public static func unreachable(_ name: String, _ reason: String) -> OutputError {
        OutputError(.unreachable, path: name, "\(name): \(reason); tried again until it answers")
    }

    static func unreachable(_ name: String, errno code: Int32) -> OutputError {
        unreachable(name, reason(code))
    }

    /// Messages that were not sent when a run ended.
    public static func undelivered(_ name: String, count: UInt64, reason: String) -> OutputError {
        OutputError(
            .linesLost, path: name,
            "lost \(count == 1 ? "1 message" : "\(count) messages") that \(name) did not take before the end: \(reason); "
                + "a spool keeps them for the next run")
    }

    static func spoolInUse(_ path: String) -> OutputError {
        OutputError(
            .spoolUnusable, path: path,
            "\(path): another output or another leptonnet uses this spool; name another folder")
    }

    static func cannotClose(_ path: String, errno code: Int32) -> OutputError {
        OutputError(
            .cannotClose, path: path, "\(path) may be incomplete: \(reason(code)); check the disk and run again")
    }

    /// The system's words for an error number, in lower case to fit into a sentence.
    private static func reason(_ code: Int32) -> String {
        let text = String(cString: strerror(code))
        return text.prefix(1).lowercased() + text.dropFirst()
    }
}
