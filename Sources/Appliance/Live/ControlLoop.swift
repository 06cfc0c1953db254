// Signals, questions, heartbeats and self-tests of a live run, on a thread of their own.

import Anomaly
import CLinux
import Capture
import Glibc
import NetTypes
import Outputs
import Synchronization

/// Does what is not the packets' business while they pass.
///
/// `run` is called by one thread; `end` by another one.
final class ControlLoop: @unchecked Sendable {
    private let settings: LiveSettings
    private let interfaces: InterfaceSource
    private let outputs: OpenOutputs
    private let monitor: LiveMonitor
    private let analysis: LiveAnalysis
    private let notifier: ServiceNotifier
    private let selftest: Selftest
    private let status: StatusSocket?
    private let confinement: [String]
    private let reload: (@Sendable () throws(UserError) -> LiveSettings)?
    private let say: @Sendable (String) -> Void
    private let signals: Int32
    private let ending: Int32
    private let start = ControlLoop.now

    private var active: LiveSettings
    /// What the control thread alone decides, for whoever asks.
    private let outcomes = Mutex<(selftest: Selftest.Outcome?, reload: String?)>((nil, nil))
    private var isStopping = false
    /// Moment of `WaitLock.now` at which a stop was asked for; zero before.
    private let stopMoment = Atomic<Int>(0)
    private var lastBeat: (count: Int, sent: Int64) = (0, 0)
    private var waiting: [StatusSocket.Caller] = []

    /// Signals that the loop takes; the threads of the process must not.
    private static let taken = [SIGINT, SIGTERM, SIGHUP, SIGUSR1]

    /// Keeps the loop's signals from every thread that is started afterwards.
    static func claimSignals() {
        var set = signalSet
        pthread_sigmask(SIG_BLOCK, &set, nil)
        signal(SIGPIPE, SIG_IGN)
    }

    private static var signalSet: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for number in taken { sigaddset(&set, number) }
        return set
    }

    /// - Parameters:
    ///   - reload: reads the settings anew; nil when there is no file.
    ///   - say: tells the operator a line.
    init(
        _ settings: LiveSettings, interfaces: InterfaceSource, source: LiveSource, outputs: OpenOutputs,
        monitor: LiveMonitor, analysis: LiveAnalysis, status: StatusSocket?, confinement: [String],
        reload: (@Sendable () throws(UserError) -> LiveSettings)?, say: @escaping @Sendable (String) -> Void
    ) {
        self.settings = settings
        active = settings
        self.interfaces = interfaces
        self.outputs = outputs
        self.monitor = monitor
        self.analysis = analysis
        self.status = status
        self.confinement = confinement
        self.reload = reload
        self.say = say
        notifier = ServiceNotifier()
        selftest = Selftest(
            settings.selftest, source, outputs, monitor, detects: settings.analysis.detection != nil, now: Self.now)
        signals = lepton_signal_descriptor(Self.taken, Self.taken.count)
        ending = lepton_wake_descriptor()
    }

    deinit {
        close(signals)
        close(ending)
    }

    private static var now: Int64 {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
    }

    /// Milliseconds since a stop was asked for; nil when none was. Any thread.
    var stoppingFor: Int? {
        let moment = stopMoment.load(ordering: .relaxed)
        return moment == 0 ? nil : WaitLock.now - moment
    }

    /// Lets `run` return.
    func end() {
        var one: UInt64 = 1
        _ = write(ending, &one, 8)
    }

    /// Runs until `end` is called.
    func run() {
        notifier.ready("capturing on \(settings.capture.interfaces.joined(separator: ", "))")
        while true {
            var requests = [
                pollfd(fd: ending, events: Int16(POLLIN), revents: 0),
                pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
                pollfd(fd: status?.descriptor ?? -1, events: Int16(POLLIN), revents: 0),
            ]
            _ = poll(&requests, nfds_t(requests.count), selftest.isRunning ? 100 : 1000)
            if requests[0].revents != 0 { break }
            takeSignals()
            if requests[2].revents != 0, let caller = status?.accept() { serve(caller) }
            attend()
        }
        for caller in waiting { status?.answer(caller, "FAILED: leptonnet stops\n") }
    }

    private func attend() {
        let now = Self.now
        if let duration = settings.duration, now - start >= Int64(duration) * 1_000_000_000 { stop() }
        if selftest.attend(now: now) { tellSelftest() }
        // A pipeline that stands still gets no heartbeat, so that systemd starts it anew.
        if let interval = notifier.heartbeatInterval, now - lastBeat.sent >= interval {
            let count = monitor.heartbeat
            if count != lastBeat.count || isStopping {
                notifier.heartbeat()
                lastBeat = (count, now)
            }
        }
    }

    private func tellSelftest() {
        guard let outcome = selftest.last else { return }
        monitor.note(outcome)
        outcomes.withLock { $0.selftest = outcome }
        let verdict = outcome.isPassed ? "passed" : outcome.isPostponed ? "postponed" : "FAILED"
        if !outcome.isPassed { say("self-test \(verdict): \(outcome.words)") }
        for caller in waiting { status?.answer(caller, "\(verdict): \(outcome.words)\n") }
        waiting = []
    }

    // MARK: Signals

    private func takeSignals() {
        while true {
            switch lepton_take_signal(signals) {
            case 0: return
            case SIGINT, SIGTERM:
                if isStopping {
                    say("stopped at once: what was not written is lost")
                    exit(3)
                }
                stop()
            case SIGHUP: reloadSettings()
            case SIGUSR1: outputs.rotate()
            default: break
            }
        }
    }

    private func stop() {
        guard !isStopping else { return }
        isStopping = true
        stopMoment.store(WaitLock.now, ordering: .relaxed)
        notifier.stopping()
        // What was applied goes first: soon nobody watches over it any more.
        analysis.desk?.stop()
        interfaces.stop()
    }

    private func reloadSettings() {
        guard let reload else {
            say("there is no configuration file to read again (--config)")
            return
        }
        notifier.reloading()
        let outcome: String
        do {
            outcome = try take(reload())
        } catch {
            outcome = "refused, the old configuration stays: \(error)"
        }
        outcomes.withLock { $0.reload = outcome }
        say("reload: \(outcome)")
        notifier.ready("capturing on \(settings.capture.interfaces.joined(separator: ", "))")
    }

    /// Takes over what may change while running. Returns what came of it.
    private func take(_ next: LiveSettings) throws(UserError) -> String {
        if next.capture.filter != active.capture.filter {
            do {
                try interfaces.replaceFilter(next.capture.filter)
            } catch {
                throw UserError("\(error)")
            }
            active.capture.filter = next.capture.filter
        }
        var later: [String] = []
        if !outputs.reload(next.outputs) { later.append("outputs") }
        var capture = next.capture
        capture.filter = active.capture.filter
        if capture != active.capture { later.append("capture") }
        if next.analysisFingerprint != active.analysisFingerprint { later.append("analysis and detection") }
        if next.statusSocket != active.statusSocket || next.metrics != active.metrics || next.user != active.user
            || next.isConfined != active.isConfined || next.selftest != active.selftest
            || next.stateFolder != active.stateFolder || next.checkpointInterval != active.checkpointInterval
            || next.advice?.mode != active.advice?.mode || next.advice?.site.site != active.advice?.site.site
        {
            later.append("service, advice and self-test")
        }
        return later.isEmpty
            ? "done"
            : "done; after a restart only: changes to \(later.joined(separator: ", "))"
    }

    // MARK: Questions

    private func serve(_ caller: StatusSocket.Caller) {
        switch StatusQuestion(rawValue: caller.question) {
        case .text: status?.answer(caller, report.text)
        case .json: status?.answer(caller, report.json)
        case .selftest:
            waiting.append(caller)
            if !selftest.start(now: Self.now) { tellSelftest() }
        case nil: status?.answer(caller, "unknown question '\(caller.question)'\n")
        }
    }

    /// How the run stands. Any thread may ask.
    var report: StatusReport {
        let (selftest, reload) = outcomes.withLock { $0 }
        return StatusReport(
            interfaces: settings.capture.interfaces, uptime: Int((Self.now - start) / 1_000_000_000),
            figures: monitor.current, outputs: outputs.counters,
            selftest: selftest, reload: reload, confinement: confinement,
            checkpoint: analysis.keeper?.figures,
            advice: analysis.desk.map { ($0.modeName, $0.figures) })
    }
}
