// The figures of a live run as metrics.

import NetTypes
import Outputs

/// What `/metrics` answers.
struct MetricsReport {
    var status: StatusReport
    var delay: DelayHistogram
    /// When scores were calibrated last and the score that opens incidents; nil when nothing is detected.
    var model: (lastFit: Timestamp, threshold: Float)?
    /// Seconds since the epoch.
    var now: Int

    var text: String {
        var page = PrometheusText()
        page.single("up_seconds", .gauge, status.uptime, "Seconds since the start.")
        page.single("healthy", .gauge, status.isHealthy ? 1 : 0, "Whether nothing is broken now.")
        page.single(
            "resident_memory_bytes", .gauge, StatusReport.residentBytes, "Bytes of memory in use.")
        writeCapture(into: &page)
        writeTraffic(into: &page)
        writeOutputs(into: &page)
        writeModel(into: &page)
        writeActions(into: &page)
        return page.text
    }

    private func writeCapture(into page: inout PrometheusText) {
        let capture = status.figures.capture
        page.single(
            "capture_packets_total", .counter, capture.counters.packets,
            "Packets that passed the kernel's filter, dropped ones included.")
        page.begin("dropped_packets_total", .counter, "Packets that were not fully processed, by reason.")
        page.sample(capture.counters.drops, ["reason": "kernel_ring_full"])
        let table = status.figures.snapshot?.table
        page.sample(table?.overloadUnparsed ?? 0, ["reason": "overload_unparsed"])
        page.sample(table?.overloadUnopened ?? 0, ["reason": "overload_unopened"])
        page.sample(status.figures.snapshot?.decode.invalid ?? 0, ["reason": "invalid"])
        page.single("capture_backlog_ratio", .gauge, Double(capture.backlog) / 8, "Share of the fullest ring that waits.")
        page.single("interfaces_away", .gauge, capture.interfacesAway, "Interfaces that are down or gone.")
        page.single(
            "interface_downs_total", .counter, capture.counters.interfaceDowns, "Times that an interface went away.")
        page.single(
            "overload_stage", .gauge, status.figures.overload.rawValue,
            "What is shed: 0 nothing, 1 application parsing, 2 statistics, 3 new flows.")
        page.histogram(
            "processing_delay_seconds", delay, "Time from a whole second of packet time until it was analysed.")
    }

    private func writeTraffic(into page: inout PrometheusText) {
        let snapshot = status.figures.snapshot
        page.single("packets_total", .counter, snapshot?.decode.packets ?? 0, "Packets decoded.")
        page.single("bytes_total", .counter, snapshot?.decode.bytes ?? 0, "Bytes on the wire of decoded packets.")
        page.single("flows_opened_total", .counter, snapshot?.table.opened ?? 0, "Flows opened.")
        page.single("flows_active", .gauge, max(0, snapshot?.table.active ?? 0), "Flows in the table.")
        page.single(
            "flows_application_shed_total", .counter, snapshot?.table.applicationShed ?? 0,
            "Flows whose application bytes were not followed for want of memory.")
        page.begin("alerts_total", .counter, "Alerts raised, and those withheld by suppression.")
        page.sample(snapshot?.alerts ?? 0, ["outcome": "raised"])
        page.sample(snapshot?.suppressedAlerts ?? 0, ["outcome": "suppressed"])
        page.single(
            "incidents_total", .counter, status.figures.incidents, "Incidents opened and not suppressed.")
    }

    private func writeOutputs(into page: inout PrometheusText) {
        let outputs = status.outputs
        page.begin("sink_lines_total", .counter, "Lines by output and by what became of them.")
        for output in outputs {
            page.sample(output.state.writtenLines, ["sink": output.name, "outcome": "written"])
            page.sample(output.state.shedLines, ["sink": output.name, "outcome": "shed"])
            page.sample(output.state.lostLines, ["sink": output.name, "outcome": "lost"])
        }
        page.begin("sink_queued_bytes", .gauge, "Bytes that wait for an output.")
        for output in outputs { page.sample(output.state.queuedBytes, ["sink": output.name]) }
        page.begin("sink_failing", .gauge, "Whether an output cannot write now.")
        for output in outputs { page.sample(output.state.failure == nil ? 0 : 1, ["sink": output.name]) }
        if let test = status.selftest {
            page.single("selftest_passed", .gauge, test.isPassed ? 1 : 0, "Whether the last self-test passed.")
            page.single("selftest_timestamp_seconds", .gauge, test.time, "When the last self-test ended.")
        }
    }

    private func writeModel(into page: inout PrometheusText) {
        if let (lastFit, threshold) = model {
            if lastFit.seconds > 0 {
                page.single(
                    "model_age_seconds", .gauge, max(0, Int64(now) - lastFit.seconds),
                    "Seconds since scores were calibrated last.")
            }
            page.single("model_alerting", .gauge, threshold.isFinite ? 1 : 0, "Whether the baseline is over.")
        }
        guard let checkpoint = status.checkpoint else { return }
        page.begin("checkpoints_total", .counter, "Checkpoints by what became of them.")
        page.sample(checkpoint.written, ["outcome": "written"])
        page.sample(checkpoint.failed, ["outcome": "failed"])
        page.sample(checkpoint.refusal == nil ? 0 : 1, ["outcome": "refused"])
        page.sample(checkpoint.resumedFrom == nil ? 0 : 1, ["outcome": "resumed"])
        if let second = checkpoint.lastSecond {
            page.single(
                "checkpoint_age_seconds", .gauge, max(0, Int64(now) - second), "Seconds since the last checkpoint.")
        }
    }

    private func writeActions(into page: inout PrometheusText) {
        guard let (mode, figures) = status.advice else { return }
        page.begin("advice_mode", .gauge, "The mode in which findings are answered.")
        page.sample(1, ["mode": mode])
        page.begin("recommendations_total", .counter, "Answers to alerts by what became of them.")
        page.sample(figures.recommended, ["outcome": "recommended"])
        page.sample(figures.unanswered, ["outcome": "unanswered"])
        page.sample(figures.applied, ["outcome": "applied"])
        page.sample(figures.failed, ["outcome": "failed"])
        page.sample(figures.ended, ["outcome": "ended"])
        page.single("rules_in_force", .gauge, figures.inForce.count, "Rules that are applied now.")
    }
}
