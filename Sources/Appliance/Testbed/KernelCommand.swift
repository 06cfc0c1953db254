// Running the programs that configure the kernel, without a shell.

import Glibc

/// A program of iproute2 or nftables, called with an argument vector and a batch on its standard input.
enum KernelCommand {
    /// Runs a program to its end.
    ///
    /// - Parameters:
    ///   - arguments: the program's name and its arguments, each handed over as it is.
    ///   - input: what it reads from its standard input.
    /// - Returns: what it wrote to its standard output.
    /// - Throws: `UserError` with the first line that it complained with.
    @discardableResult
    static func run(_ arguments: [String], input: String = "") throws(UserError) -> String {
        let name = arguments.joined(separator: " ")
        var pipes = [Int32](repeating: -1, count: 6)
        for index in stride(from: 0, to: 6, by: 2) {
            let made = pipes.withUnsafeMutableBufferPointer { pipe($0.baseAddress! + index) }
            for end in pipes[index...(index + 1)] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            guard made == 0 else { throw UserError("\(name): no pipe: \(String(cString: strerror(errno)))") }
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawn_file_actions_adddup2(&actions, pipes[0], 0)
        posix_spawn_file_actions_adddup2(&actions, pipes[3], 1)
        posix_spawn_file_actions_adddup2(&actions, pipes[5], 2)
        var vector: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        var process: pid_t = 0
        let status = posix_spawnp(&process, arguments[0], &actions, nil, &vector, environ)
        posix_spawn_file_actions_destroy(&actions)
        for argument in vector { free(argument) }
        for index in [0, 3, 5] { close(pipes[index]) }
        guard status == 0 else {
            for index in [1, 2, 4] { close(pipes[index]) }
            throw UserError("\(arguments[0]) cannot be run: \(String(cString: strerror(status)))")
        }
        // Every program that is called reads its whole batch before it answers, so nobody waits for the other.
        Terminal.write(input, to: pipes[1])
        close(pipes[1])
        let output = readAll(pipes[2])
        let complaint = readAll(pipes[4])
        var result: Int32 = 0
        while waitpid(process, &result, 0) < 0, errno == EINTR {}
        guard result == 0 else {
            let line = complaint.split(separator: "\n").first.map(String.init) ?? "status \(result)"
            throw UserError("\(name): \(line)")
        }
        return output
    }

    private static func readAll(_ descriptor: Int32) -> String {
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes += chunk[..<count]
        }
    }
}
