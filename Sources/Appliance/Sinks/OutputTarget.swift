// Where an output goes: what each kind of output has to say for itself.

import Configuration
import Outputs

/// A place that messages go to, as a configuration names it.
protocol OutputTarget: Sendable {
    /// What messages and status reports call it.
    var name: String { get }

    /// Folders in which it makes files, for confinement.
    var folders: [String] { get }

    /// Whether messages are wrapped for syslog unless the configuration says otherwise.
    var isSyslog: Bool { get }

    /// Bytes that a message may have unless the configuration says otherwise.
    var messageLimit: Int { get }

    /// Whether it is noticed when messages do not arrive, so that keeping them in a spool makes sense.
    var noticesFailure: Bool { get }

    /// Makes what carries messages there. Called once, after privileges were dropped and before files are confined.
    ///
    /// - Parameter framing: what stands between messages in a stream.
    func makeTransport(framing: MessageFraming) throws(OutputError) -> any MessageTransport

    /// Whether both lead to the same place in the same way, apart from what may change while running.
    func isSame(as other: any OutputTarget) -> Bool
}

extension OutputTarget {
    var folders: [String] { [] }
}

/// A kind of output, by the name that `type` has in a configuration. A new kind is one more element of `all`.
struct OutputKind: Sendable {
    let name: String
    /// Keys of its own, beside those that every output has.
    let keys: [String]
    /// Reads its keys.
    let parse: @Sendable (ConfigurationNode) throws(ConfigurationError) -> any OutputTarget

    static let all: [OutputKind] = [
        OutputKind(name: "file", keys: FileTarget.keys) { node throws(ConfigurationError) in try FileTarget(node) },
        OutputKind(name: "unix", keys: UnixTarget.keys) { node throws(ConfigurationError) in try UnixTarget(node) },
        OutputKind(name: "udp", keys: NetworkTarget.keys) { node throws(ConfigurationError) in
            try NetworkTarget(node, isStream: false)
        },
        OutputKind(name: "tcp", keys: NetworkTarget.keys) { node throws(ConfigurationError) in
            try NetworkTarget(node, isStream: true)
        },
        OutputKind(name: "tls", keys: TLSTarget.keys) { node throws(ConfigurationError) in try TLSTarget(node) },
    ]
}
