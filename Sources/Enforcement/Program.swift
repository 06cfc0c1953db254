// Running nft, tc and ip.

import CLinux
import Glibc

/// A program of the system, started with a list of arguments: no shell is ever between.
public enum Program: String, Sendable {
    case nft
    case tc
    case ip

    /// What a program left behind.
    public struct Outcome: Sendable {
        /// Exit status; 128 and the signal when one ended it.
        public let status: Int32
        public let output: String
        /// Standard error.
        public let complaint: String

        public var isSuccess: Bool { status == 0 }
    }

    /// Where programs are looked for; nobody's PATH decides.
    private static let folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin"]
    /// Seconds after which a program is ended.
    private static let patience = 20

    /// The program's file; nil when it is not installed.
    public var path: String? {
        Self.folders.map { "\($0)/\(rawValue)" }.first { access($0, X_OK) == 0 }
    }

    /// Runs the program to its end.
    ///
    /// - Parameters:
    ///   - arguments: without the program's name.
    ///   - input: what it reads from standard input.
    /// - Throws: when it cannot be started or does not end. A failure of its own is in the outcome.
    public func run(_ arguments: [String], input: String = "") throws(EnforcementError) -> Outcome {
        guard let path else {
            throw EnforcementError("\(rawValue) is not installed; Debian has it in nftables or iproute2")
        }
        let files = [lepton_memory_file("input"), lepton_memory_file("output"), lepton_memory_file("complaint")]
        defer { for file in files where file >= 0 { close(file) } }
        guard files.allSatisfy({ $0 >= 0 }), Self.fill(files[0], input) else {
            throw EnforcementError("\(rawValue): no memory for its input and output")
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, file) in files.enumerated() { posix_spawn_file_actions_adddup2(&actions, file, Int32(number)) }
        var process: pid_t = 0
        let result = Spawning.withArguments([path] + arguments) { argv in
            Spawning.withArguments(["PATH=\(Self.folders.joined(separator: ":"))", "LC_ALL=C"]) { environment in
                posix_spawn(&process, path, &actions, nil, argv, environment)
            }
        }
        guard result == 0 else {
            throw EnforcementError("\(path) cannot be started: \(String(cString: strerror(result)))")
        }
        let status = try wait(for: process)
        return Outcome(status: status, output: Self.text(of: files[1]), complaint: Self.text(of: files[2]))
    }

    /// Runs the program and expects it to succeed.
    @discardableResult
    public func require(_ arguments: [String], input: String = "") throws(EnforcementError) -> String {
        let outcome = try run(arguments, input: input)
        guard outcome.isSuccess else {
            let complaint = outcome.complaint.split(separator: "\n").first.map { ": \($0)" } ?? ""
            throw EnforcementError(
                "\(rawValue) \(arguments.joined(separator: " ")) failed with status \(outcome.status)\(complaint)")
        }
        return outcome.output
    }

    private func wait(for process: pid_t) throws(EnforcementError) -> Int32 {
        var state: Int32 = 0
        var waited = 0
        while true {
            let result = waitpid(process, &state, WNOHANG)
            if result == process { break }
            if result < 0, errno != EINTR { throw EnforcementError("\(rawValue) was lost") }
            if waited > Self.patience * 2000 {
                kill(process, SIGKILL)
                waitpid(process, &state, 0)
                throw EnforcementError("\(rawValue) did not end in \(Self.patience) s")
            }
            usleep(500)
            waited += 1
        }
        return state & 0x7f == 0 ? state >> 8 & 0xff : 128 + state & 0x7f
    }

    private static func fill(_ file: Int32, _ text: String) -> Bool {
        var text = text
        let isWritten = text.withUTF8 { bytes in
            var done = 0
            while done < bytes.count {
                let count = write(file, bytes.baseAddress! + done, bytes.count - done)
                guard count > 0 else { return false }
                done += count
            }
            return true
        }
        return isWritten && lseek(file, 0, SEEK_SET) == 0
    }

    private static func text(of file: Int32) -> String {
        let size = Int(lseek(file, 0, SEEK_END))
        guard size > 0 else { return "" }
        return String(unsafeUninitializedCapacity: size) { buffer in
            max(0, pread(file, buffer.baseAddress, size, 0))
        }
    }
}

/// C's form of argument lists.
enum Spawning {
    static func withArguments<Result>(
        _ arguments: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        defer { for copy in copies { free(copy) } }
        return body(copies)
    }
}
