// A progress bar on standard error while a capture is replayed.

import Glibc
import NetTypes

/// Shows how far a replay is, how fast, and how long it will take, when standard error is a terminal.
///
/// One thread at a time may call it. The only place of a replay that reads the wall clock.
final class ProgressReport: @unchecked Sendable {
    private let isShown: Bool
    private let start: Double
    private var last = 0.0
    private var calls = 0

    /// Seconds between two pictures.
    private static let interval = 0.2

    /// - Parameter isWanted: false keeps quiet even on a terminal.
    init(isWanted: Bool) {
        isShown = isWanted && isatty(STDERR_FILENO) == 1
        start = Self.seconds
    }

    /// Seconds since the report was made.
    var elapsed: Double { Self.seconds - start }

    /// Takes note of where reading is.
    func note(_ progress: (done: Int, total: Int)?, packets: UInt64) {
        guard isShown else { return }
        calls += 1
        guard calls & 15 == 0 else { return }
        let now = elapsed
        guard now - last > Self.interval else { return }
        last = now
        let rate = Double(packets) / now / 1e6
        let speed = "\(Self.decimal(rate)) M packets/s"
        guard let progress, progress.total > 0, progress.done > 0 else {
            show("\(packets) packets, \(speed)")
            return
        }
        let share = min(1, Double(progress.done) / Double(progress.total))
        let filled = Int(share * 30)
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        let left = Int((now / share - now).rounded(.up))
        show("\(bar) \(Int(share * 100)) %  \(speed)  \(left) s left")
    }

    /// Removes the bar.
    func finish() {
        if isShown, last > 0 { Terminal.write("\r\u{1b}[K", to: STDERR_FILENO) }
    }

    private func show(_ text: String) {
        Terminal.write("\r\u{1b}[K" + text, to: STDERR_FILENO)
    }

    /// A number with two decimals.
    private static func decimal(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10)"
    }

    private static var seconds: Double {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }
}
