// How a running appliance stands, as text and as JSON.

import Glibc
import NetTypes
import Outputs

/// The answer to `leptonnet status`.
struct StatusReport {
    var interfaces: [String]
    /// Wall-clock seconds since the start.
    var uptime: Int
    var figures: LiveMonitor.Figures
    var outputs: [SinkCounters]
    var selftest: Selftest.Outcome?
    /// What the last reload said; nil before the first.
    var reload: String?
    /// What the kernel cannot confine.
    var confinement: [String]
    /// Nil when no state is kept.
    var checkpoint: CheckpointKeeper.Figures?
    /// Nil when nothing is recommended.
    var advice: (mode: String, figures: ActionDesk.Figures)?

    /// Whether nothing is broken now.
    var isHealthy: Bool {
        figures.capture.interfacesAway == 0 && figures.overload == .none
            && outputs.allSatisfy { $0.failure == nil }
            && (selftest.map { $0.isPassed || $0.isPostponed } ?? true)
            && checkpoint?.failure == nil && advice?.figures.failure == nil
    }

    var json: String {
        var json = JSONWriter()
        json.beginLine()
        json.member("healthy", isHealthy)
        json.member("pid", Int(getpid()))
        json.member("uptime", uptime)
        json.member("memory_bytes", ProcessFigures.residentBytes)
        json.beginArray("interfaces")
        for interface in interfaces { json.element(interface) }
        json.endArray()
        json.member("interfaces_away", figures.capture.interfacesAway)
        json.beginObject("capture")
        json.member("kernel_packets", figures.capture.counters.packets)
        json.member("kernel_drops", figures.capture.counters.drops)
        json.member("interface_downs", figures.capture.counters.interfaceDowns)
        json.member("backlog_eighths", figures.capture.backlog)
        json.endObject()
        json.member("overload", figures.overload.name)
        if let snapshot = figures.snapshot {
            json.member("packets", snapshot.decode.packets)
            json.member("bytes", snapshot.decode.bytes)
            json.member("invalid", snapshot.decode.invalid)
            json.member("flows", snapshot.table.opened)
            json.member("flows_active", max(0, snapshot.table.active))
            json.member("alerts", snapshot.alerts)
            json.member("last_second", snapshot.time.seconds)
        }
        json.beginArray("outputs")
        for output in outputs {
            json.beginObject()
            output.write(to: &json)
            json.endObject()
        }
        json.endArray()
        if let selftest {
            json.beginObject("selftest")
            json.member("passed", selftest.isPassed)
            json.member("time", selftest.time)
            json.member("words", selftest.words)
            json.endObject()
        }
        write(checkpoint, into: &json)
        write(advice, into: &json)
        if let reload { json.member("reload", reload) }
        json.beginArray("not_confined")
        for line in confinement { json.element(line) }
        json.endArray()
        json.endLine()
        return json.buffer.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    private func write(_ checkpoint: CheckpointKeeper.Figures?, into json: inout JSONWriter) {
        guard let checkpoint else { return }
        json.beginObject("checkpoint")
        if let second = checkpoint.resumedFrom { json.member("resumed_from", second) }
        if let refusal = checkpoint.refusal { json.member("refused", refusal) }
        json.member("written", checkpoint.written)
        json.member("failed", checkpoint.failed)
        if let failure = checkpoint.failure { json.member("failure", failure) }
        if let second = checkpoint.lastSecond { json.member("last_second", second) }
        json.member("bytes", checkpoint.lastBytes)
        json.member("pause_milliseconds", checkpoint.pause)
        json.member("longest_pause_milliseconds", checkpoint.longestPause)
        json.endObject()
    }

    private func write(_ advice: (mode: String, figures: ActionDesk.Figures)?, into json: inout JSONWriter) {
        guard let (mode, figures) = advice else { return }
        json.beginObject("advice")
        json.member("mode", mode)
        json.member("recommended", figures.recommended)
        json.member("unanswered", figures.unanswered)
        json.member("applied", figures.applied)
        json.member("failed", figures.failed)
        json.member("ended", figures.ended)
        json.beginArray("in_force")
        for name in figures.inForce { json.element(name) }
        json.endArray()
        json.member("last_milliseconds", figures.lastMilliseconds)
        if let failure = figures.failure { json.member("failure", failure) }
        json.endObject()
    }

    private var stateLines: [(String, String)] {
        var lines: [(String, String)] = []
        if let checkpoint {
            let begin =
                checkpoint.refusal.map { "the one that was there was refused (\($0))" }
                ?? checkpoint.resumedFrom.map { "resumed from \(Self.duration(time(nil) - Int($0))) ago" }
                ?? "began with none"
            let trouble = checkpoint.failure.map { "; \($0)" } ?? ""
            let pause = checkpoint.written > 0 ? ", capture waited \(checkpoint.longestPause) ms at most" : ""
            lines.append(("checkpoint", "\(checkpoint.written) written\(pause); \(begin)\(trouble)"))
        }
        if let (mode, figures) = advice {
            let trouble = figures.failure.map { "; \($0)" } ?? ""
            lines.append(
                (
                    "advice",
                    "\(mode): \(figures.recommended) recommended, \(figures.applied) applied, "
                        + "\(figures.inForce.count) in force" + trouble
                ))
        }
        return lines
    }

    var text: String {
        var lines: [(String, String)] = [
            ("state", isHealthy ? "healthy" : "NOT HEALTHY, see below"),
            ("running for", Self.duration(uptime)),
            ("memory", "\(ProcessFigures.residentBytes >> 20) MiB"),
            (
                "interfaces",
                interfaces.joined(separator: ", ")
                    + (figures.capture.interfacesAway > 0 ? " (\(figures.capture.interfacesAway) down or gone)" : "")
            ),
            (
                "kernel",
                "\(figures.capture.counters.packets) packets, \(figures.capture.counters.drops) dropped for want of room"
            ),
            ("overload", figures.overload == .none ? "none" : "shedding: \(figures.overload.name)"),
        ]
        if let snapshot = figures.snapshot {
            lines.append(("packets", "\(snapshot.decode.packets), \(snapshot.decode.invalid) invalid"))
            lines.append(("flows", "\(snapshot.table.opened), \(max(0, snapshot.table.active)) active"))
            lines.append(("alerts", "\(snapshot.alerts)"))
        } else {
            lines.append(("packets", "none yet"))
        }
        for output in outputs {
            let spooled = output.spooledBytes > 0 ? ", \(output.spooledBytes >> 10) KiB in the spool" : ""
            let trouble = output.failure.map { "; \($0)" } ?? ""
            lines.append(
                (
                    "output",
                    "\(output.name) (\(output.format)): \(output.written) lines, \(output.shed) shed, "
                        + "\(output.lost) lost\(spooled)\(trouble)"
                ))
        }
        let test = selftest.map {
            "\($0.isPassed ? "passed" : "FAILED") \(Self.duration(time(nil) - $0.time)) ago: \($0.words)"
        }
        lines.append(("self-test", test ?? "never run; `leptonnet selftest` runs one"))
        lines += stateLines
        if let reload { lines.append(("last reload", reload)) }
        for line in confinement { lines.append(("note", line)) }
        return lines.map { name, value in
            name + String(repeating: " ", count: max(1, 14 - name.utf8.count)) + value + "\n"
        }.joined()
    }

    private static func duration(_ seconds: Int) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) days"
        }
    }
}
