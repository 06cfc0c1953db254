// The figures of a live run as Prometheus reads them.

import FlowTable
import Glibc
import NetTypes
import Outputs

/// Puts everything that is counted on one page. Names and meaning: `docs/reference/metrics.md`.
struct MetricsReport {
    let figures: LiveMonitor.Figures
    let outputs: [SinkCounters]
    /// When the process started, in seconds since the epoch.
    let started: Double
    let now: Timestamp
    /// Nil when no state is kept.
    var checkpoint: CheckpointKeeper.Figures?
    /// Nil when nothing is recommended.
    var advice: ActionDesk.Figures?

    /// Answers a listener's readers until it ends.
    static func serve(
        _ listener: MetricsListener, _ monitor: LiveMonitor, _ outputs: OpenOutputs, _ analysis: LiveAnalysis
    ) {
        let started = Double(Self.now.nanoseconds) / 1e9
        listener.serve {
            MetricsReport(
                figures: monitor.current, outputs: outputs.counters,
                started: started, now: Self.now, checkpoint: analysis.keeper?.figures, advice: analysis.desk?.figures
            ).page().text
        }
    }

    private static var now: Timestamp {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Timestamp(nanoseconds: Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec))
    }

    func page() -> MetricsPage {
        var page = MetricsPage()
        addProcess(to: &page)
        addCapture(to: &page)
        addFlows(to: &page)
        addDetection(to: &page)
        addOutputs(to: &page)
        addSelftest(to: &page)
        addState(to: &page)
        addAdvice(to: &page)
        return page
    }

    private func addProcess(to page: inout MetricsPage) {
        page.family("start_time_seconds", .gauge, "When the process started, since the epoch.", prefix: "process_")
        page.sample(started)
        page.family("resident_memory_bytes", .gauge, "Memory in use.", prefix: "process_")
        page.sample(ProcessFigures.residentBytes)
        page.family("cpu_seconds_total", .counter, "Processor time used, user and system.", prefix: "process_")
        page.sample(ProcessFigures.processorSeconds)
    }

    private func addCapture(to page: inout MetricsPage) {
        let capture = figures.capture
        page.single(
            "capture_packets_total", .counter, "Packets that passed the kernel's filter, dropped ones included.",
            capture.counters.packets)
        page.single(
            "capture_dropped_packets_total", .counter, "Packets the kernel dropped because the ring was full.",
            capture.counters.drops)
        page.single(
            "capture_interface_downs_total", .counter, "Times that an interface went down or away.",
            capture.counters.interfaceDowns)
        page.single("capture_interfaces_away", .gauge, "Interfaces that are down or gone now.", capture.interfacesAway)
        page.family("capture_backlog_ratio", .gauge, "Share of the fullest ring that waits to be read, in eighths.")
        page.sample(Double(capture.backlog) / 8)
        page.family("overload_level", .gauge, "What is shed now: 1 for the level that is in force, else 0.")
        for level in OverloadLevel.allCases {
            page.sample(level == figures.overload ? 1 : 0, ["level": "\(level.name)"])
        }
        page.family(
            "write_delay_seconds", .histogram, "From a batch's last packet to its lines being handed to the outputs.")
        page.histogram(figures.delays)
        guard let decode = figures.snapshot?.decode else { return }
        page.single("packets_total", .counter, "Packets that were processed.", decode.packets)
        page.single("bytes_total", .counter, "Their bytes on the wire.", decode.bytes)
        page.family("decode_faults_total", .counter, "Faults of packets, by reason.")
        for fault in DecodeFault.allCases where fault != .none && decode[fault] > 0 {
            page.sample(decode[fault], ["reason": "\(fault.name)"])
        }
    }

    private func addFlows(to page: inout MetricsPage) {
        guard let table = figures.snapshot?.table else { return }
        page.single("flows_opened_total", .counter, "Flows opened.", table.opened)
        page.single("flows_active", .gauge, "Flows in the table now.", max(0, table.active))
        page.family("flows_ended_total", .counter, "Flow records published, by why they ended.")
        for reason in FlowEndReason.allCases { page.sample(table[reason], ["reason": "\(reason.name)"]) }
        page.single(
            "unparsed_packets_total", .counter, "Packets whose payload was left alone because of overload.",
            table.overloadUnparsed)
        page.single(
            "unopened_packets_total", .counter, "Packets of new flows that were not opened because of overload.",
            table.overloadUnopened)
        page.single(
            "unfollowed_flows_total", .counter, "Flows whose payload was not followed for want of memory.",
            table.applicationShed)
    }

    private func addDetection(to page: inout MetricsPage) {
        if let snapshot = figures.snapshot {
            page.single("alerts_total", .counter, "Alerts raised.", snapshot.alerts)
            page.single(
                "suppressed_alerts_total", .counter, "Alerts withheld by a suppression.", snapshot.suppressedAlerts)
        }
        guard let detector = figures.detector else { return }
        page.single("incidents_total", .counter, "Incidents opened.", detector.incidents)
        page.single("detector_learning", .gauge, "1 while the detector only learns.", detector.isLearning ? 1 : 0)
        page.single("detector_forgotten_total", .counter, "Things forgotten before their time.", detector.shed)
        page.single("detector_drifts_total", .counter, "Changes of what is ordinary.", detector.drifts)
        if let threshold = detector.threshold {
            page.family("detector_threshold", .gauge, "Score from which on an alert is raised.")
            page.sample(Double(threshold))
        }
        if let calibrated = detector.calibrated {
            page.family("detector_calibration_age_seconds", .gauge, "Time since scores were last calibrated.")
            page.sample(max(0, Double(now.nanoseconds - calibrated.nanoseconds) / 1e9))
        }
    }

    private func addOutputs(to page: inout MetricsPage) {
        guard !outputs.isEmpty else { return }
        let families: [(String, MetricsPage.Kind, String, (SinkCounters) -> UInt64)] = [
            ("output_lines_total", .counter, "Lines that an output took.", { $0.written }),
            ("output_shed_lines_total", .counter, "Lines that found no room in an output's queue.", { $0.shed }),
            ("output_shed_alerts_total", .counter, "Alerts among them.", { $0.shedAlerts }),
            ("output_lost_lines_total", .counter, "Lines that an output lost.", { $0.lost }),
            ("output_queued_bytes", .gauge, "Bytes that wait for an output.", { UInt64($0.queuedBytes) }),
            (
                "output_spooled_bytes", .gauge, "Bytes in an output's spool that have not arrived.",
                { UInt64($0.spooledBytes) }
            ),
            (
                "output_reconnects_total", .counter, "Connections that an output made after its first.",
                { $0.reconnects }
            ),
            ("output_repeated_lines_total", .counter, "Lines that were sent again.", { $0.repeated }),
            ("output_up", .gauge, "1 while nothing is wrong with an output.", { $0.failure == nil ? 1 : 0 }),
        ]
        for (name, kind, help, value) in families {
            page.family(name, kind, help)
            for output in outputs { page.sample(value(output), ["output": output.name]) }
        }
    }

    private func addSelftest(to page: inout MetricsPage) {
        guard let selftest = figures.selftest, !selftest.isPostponed else { return }
        page.single(
            "selftest_passed", .gauge, "Whether the last self-test's alert came out everywhere.",
            selftest.isPassed ? 1 : 0)
        page.single("selftest_time_seconds", .gauge, "When that was, since the epoch.", selftest.time)
    }

    private func addState(to page: inout MetricsPage) {
        guard let checkpoint else { return }
        page.single("checkpoints_total", .counter, "Checkpoints that were written.", checkpoint.written)
        page.single("checkpoint_failures_total", .counter, "Checkpoints that could not be written.", checkpoint.failed)
        page.single(
            "checkpoint_resumed", .gauge, "1 when this run goes on from a checkpoint.",
            checkpoint.resumedFrom == nil ? 0 : 1)
        if let second = checkpoint.lastSecond {
            page.single(
                "checkpoint_age_seconds", .gauge, "Time since the last checkpoint.", max(0, now.seconds - second))
        }
    }

    private func addAdvice(to page: inout MetricsPage) {
        guard let advice else { return }
        page.single("recommendations_total", .counter, "Recommendations made.", advice.recommended)
        page.single("recommendations_applied_total", .counter, "Recommendations applied.", advice.applied)
        page.single(
            "recommendation_failures_total", .counter, "Recommendations that could not be applied.", advice.failed)
        page.single("rules_in_force", .gauge, "Rules that are applied now.", advice.inForce.count)
    }
}
