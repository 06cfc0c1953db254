// The process that alone may change the network.

import CLinux
import Glibc

/// Serves one appliance until it goes away, and then undoes everything. It trusts nothing it is told: what it gets is a
/// recommendation, which it takes through the gate again, never a command.
public struct HelperServer {
    private let channel: FrameChannel
    private let enforcer: Enforcer
    private let compile: (_ document: [UInt8], _ inForce: Int) throws -> Change

    /// The descriptor on which a helper finds its socket.
    public static let descriptor: Int32 = 3

    /// - Parameters:
    ///   - folder: state folder.
    ///   - compile: parses a document, takes it through the gate, and gives the change; throws what to answer.
    public init(
        folder: String, channel: FrameChannel = FrameChannel(descriptor: HelperServer.descriptor),
        compile: @escaping (_ document: [UInt8], _ inForce: Int) throws -> Change
    ) throws(EnforcementError) {
        enforcer = try Enforcer(folder: folder)
        self.channel = channel
        self.compile = compile
    }

    /// How far it goes before others that want the processor: an attack keeps machines busy, and a rule that ends one, or that
    /// nobody watches over any more, must not wait for its turn. It sleeps otherwise.
    private static let niceness: Int32 = -10

    /// Gives up every privilege but the one it is there for, and ignores the signals that end its appliance: it ends
    /// when the socket does, after everything was undone.
    public static func confine() throws(EnforcementError) {
        // As far as it may: without the right to it everything works, later.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
        for number in [SIGINT, SIGTERM, SIGHUP] { signal(number, SIG_IGN) }
        guard lepton_has_net_admin() != 0, lepton_keep_only_net_admin() == 0 else {
            throw EnforcementError("no right to change the network (CAP_NET_ADMIN); start as root")
        }
    }

    /// Serves until the appliance goes away.
    ///
    /// - Throws: when something could not be undone; the journal still names it.
    public func run() throws(EnforcementError) {
        let undone =
            enforcer.recovered.isEmpty
            ? "" : "undone from an earlier run: \(enforcer.recovered.joined(separator: ", "))"
        var isServed = answer(.done, undone)
        while isServed {
            var poll = pollfd(fd: channel.descriptor, events: Int16(POLLIN), revents: 0)
            let patience = enforcer.secondsToExpiry.map { Int32(clamping: $0 * 1000 + 1) } ?? -1
            let result = Glibc.poll(&poll, 1, patience)
            // What cannot be undone now stays in the journal, and is tried again in a second.
            do throws(EnforcementError) {
                try enforcer.expire()
            } catch {
                sleep(1)
            }
            if result < 0, errno == EINTR { continue }
            if result > 0 {
                guard let message = channel.receive() else { break }
                isServed = serve(message)
            }
        }
        try enforcer.undoAll()
    }

    private func serve(_ message: [UInt8]) -> Bool {
        let body = Array(message.dropFirst())
        do {
            switch message.first.flatMap(HelperVerb.init(rawValue:)) {
            case .apply:
                let change = try compile(body, enforcer.inForce.count)
                try enforcer.apply(change)
                return answer(.done, change.name)
            case .undo:
                try enforcer.undo(String(decoding: body, as: UTF8.self))
                return answer(.done, "")
            case .list: return answer(.done, enforcer.inForce.joined(separator: "\n"))
            case nil: return answer(.failed, "not a request")
            }
        } catch {
            return answer(.failed, "\(error)")
        }
    }

    private func answer(_ answer: HelperAnswer, _ text: String) -> Bool {
        channel.send([answer.rawValue] + Array(text.utf8.prefix(FrameChannel.longest - 1)))
    }
}
