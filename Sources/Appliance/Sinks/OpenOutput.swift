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

    /// Sets the moment, in milliseconds of `WaitLock.now`, after which nothing is tried any more. What was offered so far is
    /// the last.
    func stop(by deadline: Int)

    /// Waits until what waits is written, or the moment that `stop` has set is past. Returns what went wrong, in words.
    func close() -> [String]
}

extension OpenOutput {
    /// Lets what waits be written, as far as that takes no longer than `seconds`. Returns what went wrong, in words.
    func close(within seconds: Int) -> [String] {
        stop(by: WaitLock.now + seconds * 1000)
        return close()
    }
}
