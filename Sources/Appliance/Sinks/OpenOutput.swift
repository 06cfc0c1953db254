// What an output can be asked while it is open.

import NetTypes
import Outputs

/// An output with threads of its own. Any thread may ask it.
protocol OpenOutput: AnyObject, Sendable {
    var counters: SinkCounters { get }

    /// Whether alerts come out of it.
    var carriesAlerts: Bool { get }

    /// Starts its threads. Call once, after the process has given up what it does not need.
    func start()

    /// Turns to a new file, where there are files.
    func rotate()

    /// Calls `body` once an alert about an attacker was written.
    func watch(for attacker: IPAddress, then body: @escaping @Sendable () -> Void)

    /// Lets what waits be written, as far as that takes no longer than `seconds`. Returns what went wrong, in words.
    func close(within seconds: Int) -> [String]
}
