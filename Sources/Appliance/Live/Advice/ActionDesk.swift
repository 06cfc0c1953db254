// Where recommendations of a live run are told, kept, or applied.

import Advice
import CLinux
import Enforcement
import Glibc
import Synchronization

/// Takes the advisor's answers and does what the mode says: `observe` tells them, `suggest` also keeps them as files, and
/// `auto` has the helper apply them and watches until they end. Answers come from the pipeline's thread, which never
/// waits; programs are waited for by a thread of the desk's own.
final class ActionDesk: @unchecked Sendable {
    /// How the desk stands.
    struct Figures: Sendable {
        var recommended = 0
        /// Answers that no rule or no permissible rule was found for.
        var unanswered = 0
        var applied = 0
        /// Recommendations that could not be applied, and why the last one could not.
        var failed = 0
        var failure: String?
        var ended = 0
        /// Names of the rules in force.
        var inForce: [String] = []
        /// Milliseconds that the last one took to be applied and verified.
        var lastMilliseconds = 0
    }

    private struct State {
        var queue: [Recommendation] = []
        var figures = Figures()
        var isEnding = false
        /// Whether everything was undone; nil until the thread has ended.
        var isUndone: Bool?
    }

    let mode: AdviceMode
    private let site: SiteFile
    private let folder: String?
    private let say: @Sendable (String) -> Void
    /// Nil unless rules are applied. Used by the desk's thread once it runs.
    private let helper: HelperClient?
    private let wake = lepton_wake_descriptor()
    private let state = Mutex<State>(State())
    private var ledger: RuleLedger
    /// Decisions in force by the names of their rules.
    private var decisions: [String: String] = [:]

    /// Most recommendations that wait: a network in flames has more incidents than rules.
    private static let mostWaiting = 256
    /// Milliseconds between two looks at what is still in force.
    private static let patience: Int32 = 1000
    /// Milliseconds that undoing may take before the helper is left to it.
    private static let undoing = 3500

    /// Starts the helper when the mode asks for it, so call this while the process may still change the network.
    ///
    /// - Parameter folder: of the state; nil keeps nothing but the helper's own journal.
    init(_ settings: AdviceSettings, folder: String?, say: @escaping @Sendable (String) -> Void) throws(UserError) {
        mode = settings.mode
        site = settings.site
        self.folder = folder
        self.say = say
        ledger = RuleLedger(folder: mode.isAutomatic ? folder : nil)
        guard mode.isAutomatic else {
            helper = nil
            return
        }
        let journal = folder.map { $0 + "/enforcement" } ?? AutomaticMode.defaultFolder
        helper = try AutomaticMode(site: settings.site, folder: journal).startHelper()
        if let greeting = helper?.greeting, !greeting.isEmpty { say(greeting) }
    }

    deinit {
        close(wake)
    }

    var modeName: String { mode.rawValue }

    var figures: Figures { state.withLock { $0.figures } }

    /// What an earlier run that crashed had in force. Call before `start`.
    func earlier(at second: Int64) -> [Recommendation] {
        guard mode.isAutomatic else { return [] }
        do throws(UserError) {
            return try RuleLedger.earlier(folder: folder, gate: Gate(site: site.site), at: second)
        } catch {
            say("\(error)")
            return []
        }
    }

    /// Takes an answer of the advisor's.
    func hand(_ outcome: Advisor.Outcome) {
        guard case .recommended(let recommendation) = outcome else {
            state.withLock { $0.figures.unanswered += 1 }
            return
        }
        hand(recommendation)
    }

    /// Takes a recommendation.
    func hand(_ recommendation: Recommendation) {
        state.withLock { state in
            state.figures.recommended += 1
            if state.queue.count < Self.mostWaiting { state.queue.append(recommendation) }
        }
        signal()
    }

    /// Starts the desk's thread.
    func start() {
        _ = Thread(name: "action-desk", isDetached: true) {
            self.run()
            let isUndone = self.undo()
            self.state.withLock { $0.isUndone = isUndone }
        }
    }

    /// Has everything undone that is in force. Returns at once; recommendations that wait are dropped.
    func stop() {
        state.withLock { $0.isEnding = true }
        signal()
    }

    /// Waits for the end until a moment of `WaitLock.now`.
    ///
    /// - Returns: whether everything was undone. What was not yet, the helper goes on undoing when this process ends.
    func hasUndone(by moment: Int) -> Bool {
        while true {
            if let isUndone = state.withLock({ $0.isUndone }) { return isUndone }
            guard WaitLock.now < moment else { return false }
            usleep(2000)
        }
    }

    private func undo() -> Bool {
        guard let helper else { return true }
        guard helper.stop(within: Self.undoing) else {
            say("not everything could be undone; the journal of the enforcement folder names what is left")
            return false
        }
        do throws(UserError) { try ledger.clear() } catch { say("\(error)") }
        if figures.applied > 0 { say("every rule was undone: the network is as before") }
        return true
    }

    private func signal() {
        var one: UInt64 = 1
        _ = write(wake, &one, 8)
    }

    // MARK: The desk's thread

    private func run() {
        while true {
            var request = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
            if poll(&request, 1, decisions.isEmpty ? -1 : Self.patience) > 0 {
                var count: UInt64 = 0
                _ = read(wake, &count, 8)
            }
            let (waiting, isEnding) = state.withLock { state in
                defer { state.queue = [] }
                return (state.queue, state.isEnding)
            }
            if isEnding { return }
            for recommendation in waiting where !state.withLock({ $0.isEnding }) { act(on: recommendation) }
            watch()
        }
    }

    private func act(on recommendation: Recommendation) {
        let what = "\(recommendation.name): \(recommendation.proposal.what)"
        if mode == .suggest, let folder {
            let path = "\(folder)/recommendations"
            mkdir(path, 0o750)
            do throws(UserError) {
                let file = "\(path)/\(recommendation.name).json"
                try FileBytes.writeDurably(RecommendationFile(recommendation).bytes(), to: file)
                say("recommends \(what) (leptonnet enforce \(file) --site \(site.path))")
            } catch {
                say("recommends \(what) (not kept: \(error))")
            }
            return
        }
        guard let helper else {
            say("recommends \(what)")
            return
        }
        apply(recommendation, what, helper)
    }

    private func apply(_ recommendation: Recommendation, _ what: String, _ helper: HelperClient) {
        var begin = timespec()
        clock_gettime(CLOCK_MONOTONIC, &begin)
        do throws(EnforcementError) {
            let name = try helper.apply(RecommendationFile(recommendation).bytes())
            var end = timespec()
            clock_gettime(CLOCK_MONOTONIC, &end)
            let took = (end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1_000_000
            decisions[name] = recommendation.decision
            state.withLock {
                $0.figures.applied += 1
                $0.figures.lastMilliseconds = took
            }
            say("applied \(what), for \(recommendation.proposal.lifetime) s")
        } catch {
            state.withLock {
                $0.figures.failed += 1
                $0.figures.failure = "\(error)"
            }
            say("not applied: \(what): \(error)")
            return
        }
        do throws(UserError) {
            try ledger.add(recommendation, at: Int64(time(nil)))
        } catch {
            say("the ledger cannot be written, a crash would forget this rule: \(error)")
        }
    }

    /// Notes what has ended.
    private func watch() {
        guard let helper, !decisions.isEmpty else { return }
        do throws(EnforcementError) {
            let present = Set(try helper.inForce())
            let gone = decisions.keys.filter { !present.contains($0) }.sorted()
            for name in gone {
                decisions[name] = nil
                say("ended \(name)")
            }
            state.withLock {
                $0.figures.ended += gone.count
                $0.figures.inForce = decisions.keys.sorted()
            }
            try? ledger.keep(Set(decisions.values))
        } catch {
            decisions = [:]
            state.withLock {
                $0.figures.failure = "\(error)"
                $0.figures.inForce = []
            }
            say("rules are no longer applied: \(error)")
        }
    }
}
