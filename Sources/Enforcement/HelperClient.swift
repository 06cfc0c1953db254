// The appliance's end of its helper.

import CLinux
import Glibc

/// Starts a helper and asks it for changes. Afterwards this process has no right to change the network itself. When it
/// ends, in whatever way, the helper undoes everything. Used by one thread.
public final class HelperClient {
    private let channel: FrameChannel
    /// The helper's process number.
    public let process: pid_t
    /// What the helper said when it started: names of changes that it had to undo.
    public let greeting: String

    /// - Parameters:
    ///   - program: the file of this program.
    ///   - arguments: what makes it a helper.
    public init(program: String, arguments: [String]) throws(EnforcementError) {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw EnforcementError("no socket for the helper: \(String(cString: strerror(errno)))")
        }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // Made over from a number out of the way: a descriptor that is its own target would stay closed on exec.
        let far = fcntl(ends[1], F_DUPFD_CLOEXEC, 64)
        posix_spawn_file_actions_adddup2(&actions, far, HelperServer.descriptor)
        var child: pid_t = 0
        let result = Spawning.withArguments([program] + arguments) { argv in
            Spawning.withArguments(["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"]) { environment in
                posix_spawn(&child, program, &actions, nil, argv, environment)
            }
        }
        close(ends[1])
        close(far)
        channel = FrameChannel(descriptor: ends[0])
        process = child
        guard result == 0 else {
            close(ends[0])
            throw EnforcementError("\(program) cannot be started: \(String(cString: strerror(result)))")
        }
        do throws(EnforcementError) {
            greeting = try Self.text(of: channel.receive())
        } catch {
            close(ends[0])
            waitpid(child, nil, 0)
            throw error
        }
    }

    /// Gives up the right to change the network: from here on only the helper has it.
    public static func confine() throws(EnforcementError) {
        guard lepton_drop_net_admin() == 0 else {
            throw EnforcementError("the right to change the network cannot be given up")
        }
    }

    deinit {
        stop()
    }

    private var isStopped = false

    /// Has everything undone and the helper ended.
    ///
    /// - Parameter milliseconds: how long it is waited for; it goes on by itself if that is not enough.
    /// - Returns: whether the helper says that all of it was undone.
    @discardableResult
    public func stop(within milliseconds: Int = .max) -> Bool {
        guard !isStopped else { return true }
        isStopped = true
        close(channel.descriptor)
        var state: Int32 = 0
        var waited = 0
        while true {
            let result = waitpid(process, &state, WNOHANG)
            if result == process { return state == 0 }
            guard result == 0 || errno == EINTR, waited < milliseconds else { return false }
            usleep(1000)
            waited += 1
        }
    }

    /// Applies a recommendation, given as a file has it.
    ///
    /// - Returns: the change's name.
    public func apply(_ document: [UInt8]) throws(EnforcementError) -> String {
        guard document.count < FrameChannel.longest else {
            throw EnforcementError("the recommendation is longer than a message may be")
        }
        return try ask(.apply, document)
    }

    /// Takes a change back.
    public func undo(_ name: String) throws(EnforcementError) {
        _ = try ask(.undo, Array(name.utf8))
    }

    /// Names of the changes in force.
    public func inForce() throws(EnforcementError) -> [String] {
        try ask(.list, []).split(separator: "\n").map(String.init)
    }

    private func ask(_ verb: HelperVerb, _ body: [UInt8]) throws(EnforcementError) -> String {
        guard channel.send([verb.rawValue] + body) else { throw EnforcementError("the helper is gone") }
        return try Self.text(of: channel.receive())
    }

    private static func text(of message: [UInt8]?) throws(EnforcementError) -> String {
        guard let message, let answer = message.first.flatMap(HelperAnswer.init(rawValue:)) else {
            throw EnforcementError("the helper ended; its message stands above")
        }
        let text = String(decoding: message.dropFirst(), as: UTF8.self)
        guard answer == .done else { throw EnforcementError(text) }
        return text
    }
}
