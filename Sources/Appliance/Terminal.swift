// Writing to standard output and standard error.

import Glibc

/// Unbuffered text output.
public enum Terminal {
    /// Whether standard output is a terminal whose user does not mind colours (no-color.org).
    static var wantsColors: Bool { isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil }

    /// Writes text whole to a file descriptor.
    ///
    /// - Returns: false when it could not be written, by `errno`; a pipe whose reader has seen enough is no failure.
    @discardableResult
    public static func write(_ text: String, to descriptor: Int32) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count {
                let result = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
                if result < 0, errno == EINTR { continue }
                guard result > 0 else { return errno == EPIPE }
                done += result
            }
            return true
        }
    }
}
