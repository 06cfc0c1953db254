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
    var outputs: [(name: String, state: QueuedSink.State)]
    var selftest: Selftest.Outcome?
    /// What the last reload said; nil before the first.
    var reload: String?
    /// What the kernel cannot confine.
    var confinement: [String]

    /// Whether nothing is broken now.
    var isHealthy: Bool {
        figures.capture.interfacesAway == 0 && figures.overload == .none
            && outputs.allSatisfy { $0.state.failure == nil }
            && (selftest.map { $0.isPassed || $0.isPostponed } ?? true)
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
            json.member("name", output.name)
            json.member("written", output.state.writtenLines)
            json.member("shed", output.state.shedLines)
            json.member("lost", output.state.lostLines)
            json.member("queued_bytes", output.state.queuedBytes)
            if let failure = output.state.failure { json.member("failure", failure.description) }
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
        if let reload { json.member("reload", reload) }
        json.beginArray("not_confined")
        for line in confinement { json.element(line) }
        json.endArray()
        json.endLine()
        return json.buffer.withBytes { String(decoding: $0, as: UTF8.self) }
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
            let state = output.state
            let trouble = state.failure.map { "; \($0)" } ?? ""
            lines.append(
                (
                    "output",
                    "\(output.name): \(state.writtenLines) lines, \(state.shedLines) shed, \(state.lostLines) lost"
                        + trouble
                ))
        }
        let test = selftest.map {
            "\($0.isPassed ? "passed" : "FAILED") \(Self.duration(time(nil) - $0.time)) ago: \($0.words)"
        }
        lines.append(("self-test", test ?? "never run; `leptonnet selftest` runs one"))
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
