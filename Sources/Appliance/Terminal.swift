// Writing to standard output and standard error.

import Glibc

/// Unbuffered text output. What cannot be written (a closed pipe) is dropped.
public enum Terminal {
    /// Whether standard output is a terminal whose user does not mind colours (no-color.org).
    static var wantsColors: Bool { isatty(STDOUT_FILENO) == 1 && getenv("NO_COLOR") == nil }

    /// Writes text whole to a file descriptor.
    public static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count {
                let result = Glibc.write(descriptor, bytes.baseAddress! + done, bytes.count - done)
                if result < 0, errno == EINTR { continue }
                guard result > 0 else { return }
                done += result
            }
        }
    }
}
