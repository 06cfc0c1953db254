// Where an output goes: what each kind of output has to say for itself.

import Configuration
import Outputs

/// A place that lines go to, as a configuration names it.
protocol OutputTarget: Sendable {
    /// What messages and status reports call it.
    var name: String { get }

    /// Folders in which it makes files, for confinement.
    var folders: [String] { get }

    /// Opens it. Called once, after privileges were dropped and before files are confined.
    func open() throws(OutputError) -> any LineSink

    /// Takes over what may change while it is open; false when something else differs, which needs a restart.
    func reload(as other: any OutputTarget, _ sink: any LineSink) -> Bool
}

/// A kind of output, by the name that `type` has in a configuration. A new kind is one more element of `all`.
struct OutputKind: Sendable {
    let name: String
    /// Keys of its own, beside those that every output has.
    let keys: [String]
    /// Reads its keys.
    let parse: @Sendable (ConfigurationNode) throws(ConfigurationError) -> any OutputTarget

    static let all: [OutputKind] = [
        OutputKind(name: "file", keys: FileTarget.keys) { node throws(ConfigurationError) in try FileTarget(node) }
    ]
}
