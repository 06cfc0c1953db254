// Whether an attack would come out as an alert, tested from end to end.

import Glibc
import NetTypes
import Outputs
import Synchronization

/// Runs self-tests: sends an attack through the appliance and waits until its alert was written by every output.
///
/// Used by the control thread alone; sinks report to it from theirs.
final class Selftest {
    /// How a test ended.
    struct Outcome: Sendable {
        var isPassed: Bool
        /// Whether nothing was sent because the detector still learns: it would learn the attack.
        var isPostponed = false
        /// What failed, or how long it took.
        var words: String
        /// Seconds since the epoch.
        var time: Int
    }

    private let rule: SelftestRule
    private let source: LiveSource
    private let outputs: [any OpenOutput]
    private let monitor: LiveMonitor
    /// Whether there is a detector.
    private let detects: Bool
    private var count = 0
    private var started: Int64 = 0
    private var nextStart: Int64
    private var missing: [(name: String, isSeen: Flag)] = []
    private(set) var isRunning = false
    /// The last test; nil before the first.
    private(set) var last: Outcome?

    /// Set by a sink's thread.
    private final class Flag: Sendable {
        let isSet = Atomic<Bool>(false)
    }

    /// - Parameter detects: whether there is a detector.
    init(
        _ rule: SelftestRule, _ source: LiveSource, _ outputs: OpenOutputs, _ monitor: LiveMonitor, detects: Bool,
        now: Int64
    ) {
        self.rule = rule
        self.detects = detects
        self.source = source
        self.monitor = monitor
        self.outputs = outputs.all.filter(\.carriesAlerts)
        nextStart = rule.interval.map { now + $0 } ?? .max
    }

    /// Starts a test unless one runs. False when there is no point in one: `last` says why.
    func start(now: Int64) -> Bool {
        guard !isRunning else { return true }
        guard detects, !outputs.isEmpty else {
            last = Outcome(
                isPassed: false,
                words: outputs.isEmpty ? "there is no output that an alert could come out of" : "detection is off",
                time: time(nil))
            return false
        }
        guard monitor.current.detector?.isLearning == false else {
            last = Outcome(
                isPassed: false, isPostponed: true,
                words: "nothing was sent: the detector only learns yet and would learn the attack",
                time: time(nil))
            return false
        }
        isRunning = true
        started = now
        let attack = SelftestAttack(number: count)
        count += 1
        missing = outputs.map { output in
            let flag = Flag()
            output.watch(for: attack.source) { flag.isSet.store(true, ordering: .relaxed) }
            return (output.counters.name, flag)
        }
        source.inject(attack)
        return true
    }

    /// Called about once a second: starts tests that are due and ends those that are over. True when one has ended.
    func attend(now: Int64) -> Bool {
        if !isRunning, now >= nextStart {
            nextStart = rule.interval.map { now + $0 } ?? .max
            guard start(now: now) else { return true }
        }
        guard isRunning else { return false }
        missing.removeAll { $0.isSeen.isSet.load(ordering: .relaxed) }
        let seconds = Double(now - started) / 1e9
        if missing.isEmpty {
            finish(monitor.current.capture.interfacesAway == 0, "alert in every output within \(Int(seconds) + 1) s")
            return true
        }
        guard seconds >= Double(rule.within) else { return false }
        finish(false, "no alert within \(rule.within) s in: \(missing.map(\.name).joined(separator: ", "))")
        return true
    }

    private func finish(_ isPassed: Bool, _ words: String) {
        isRunning = false
        let away = monitor.current.capture.interfacesAway
        let capture = away == 0 ? "" : "; \(away) of the interfaces are down or gone"
        last = Outcome(isPassed: isPassed, words: words + capture, time: time(nil))
    }
}
