// What a replay has to say at its end.

import Anomaly
import Glibc
import NetTypes
import Outputs

/// How the summary is printed.
public enum SummaryForm: String, CaseIterable, Sendable {
    case text
    case json
    case none
}

/// The outcome of a replay.
public struct ReplayReport {
    let summary: TrafficSummary
    let totals: RunTotals
    /// Packets that were read.
    public var packets: UInt64 { totals.decode.packets }
    /// Places where a capture stopped making sense.
    public let damage: [CaptureDamage]
    /// What the detector learned, if that was asked for.
    var model: (bytes: [UInt8], threshold: Float)?
    /// Lines that could not be written, in words.
    public let outputFailures: [String]
    /// Changes of what is ordinary.
    let drifts: [Drift]
    /// Wall-clock seconds it took.
    public let seconds: Double
    /// What the kernel counted, when packets were captured live.
    var capture: CaptureCounters?

    /// Whether all of the input was read and all of the output was written.
    public var isComplete: Bool { damage.isEmpty && outputFailures.isEmpty }

    /// Prints the summary to standard output and what went wrong to standard error.
    ///
    /// - Returns: false when the summary could not be written, which is among what went wrong.
    @discardableResult
    public func print(_ form: SummaryForm) -> Bool {
        let report = summary.report(totals)
        var fault: Int32 = 0
        func put(_ text: String) {
            if !Terminal.write(text, to: STDOUT_FILENO) { fault = errno }
        }
        switch form {
        case .text:
            // How fast a file was read is news; how fast packets happened to arrive is in the summary.
            let rate = seconds > 0 && capture == nil ? UInt64(Double(totals.decode.packets) / seconds) : nil
            put(report.text(colors: Terminal.wantsColors, packetsPerSecond: rate))
            for drift in drifts { put(text(drift)) }
        case .json:
            var json = JSONWriter()
            report.write(to: &json)
            put(json.buffer.withBytes { String(decoding: $0, as: UTF8.self) })
        case .none: break
        }
        if let capture {
            Terminal.write(
                "leptonnet: the kernel saw \(capture.packets) packets and dropped \(capture.drops)\n", to: STDERR_FILENO
            )
        }
        for place in damage {
            complain(
                "\(place.path): damaged at byte \(place.offset): \(place.reason); everything before it was processed")
        }
        for failure in outputFailures { complain(failure) }
        if fault != 0 {
            complain("the summary could not be written to standard output: \(String(cString: strerror(fault)))")
        }
        return fault == 0
    }

    private func text(_ drift: Drift) -> String {
        let minutes = ((totals.first.map { drift.time.nanoseconds - $0.nanoseconds } ?? 0) / 60_000_000_000)
        let tenths = { (value: Double) in "\(Double(Int((value * 10).rounded())) / 10)" }
        return "what is ordinary changed in minute \(minutes): mean score of a flow from \(tenths(drift.before)) to "
            + "\(tenths(drift.after))\n"
    }

    private func complain(_ text: String) {
        Terminal.write("leptonnet: \(text)\n", to: STDERR_FILENO)
    }
}
