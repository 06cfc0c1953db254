// An output that renders, keeps and sends messages on threads of its own.

import Glibc
import NetTypes
import Outputs

/// Takes events without waiting. One thread renders them into the backlog, another one sends from there, so that neither a
/// slow format nor a dead receiver holds up the capture.
///
/// The queue before rendering is bounded like the backlog behind it. What finds no room is counted, message by message; of
/// a batch that finds none the alerts are tried alone. Alerts for a spool wait for room: the spool behind the queue takes
/// them as fast as they are rendered, whatever the receiver does, and what they delay meanwhile is left out by the overload
/// controller, in its order. Only a disk that hangs makes them give up. `offer` is called by one thread at a time.
final class MessageOutput: OpenOutput, @unchecked Sendable {
    private let format: OutputFormat
    private let renderer: MessageRenderer
    let backlog: any Backlog
    private let limit: Int
    /// Whether events wait for room instead of being shed while the receiver lives: a replay has time.
    private let isPatient: Bool
    /// Whether no alert may be left out on the way to the backlog.
    private let isSpooled: Bool
    private let types: EVEEventTypes
    private let lock = WaitLock()
    private let sender: MessageSender
    private var threads: [Thread] = []

    // Under the lock.
    private var queue: [KeptEvents] = []
    private var queuedBytes = 0
    private var shed = ShedMessages()
    private var oversized: UInt64 = 0
    /// Whether alerts have waited for room in vain since there was some.
    private var isStuck = false
    private var isClosing = false
    private var deadline = 0
    private var isRendered = false
    private var watched: (attacker: IPAddress, body: @Sendable () -> Void)?

    /// - Parameters:
    ///   - types: types of events that it wants.
    ///   - limit: bytes of events that may wait to be rendered.
    init(
        format: OutputFormat, types: EVEEventTypes, renderer: MessageRenderer, backlog: any Backlog, limit: Int,
        isPatient: Bool, isSpooled: Bool, sender: MessageSender
    ) {
        self.format = format
        self.types = types
        self.renderer = renderer
        self.backlog = backlog
        self.limit = limit
        self.isPatient = isPatient
        self.isSpooled = isSpooled
        self.sender = sender
    }

    var name: String { sender.name }

    /// Events that lines are made from.
    var sources: FlowEventKinds { renderer.sources }
    var wantsStatistics: Bool {
        renderer.wantsStatistics && (format == .eve || format == .ecs || format == .supplement)
    }
    var carriesAlerts: Bool { format.hasAlerts && types.contains(.alert) }

    var counters: SinkCounters {
        var counters = sender.counters(format: format.rawValue)
        lock.locked {
            counters.queuedBytes += queuedBytes
            counters.shed = UInt64(shed.messages) + oversized
            counters.shedAlerts = UInt64(shed.alerts)
        }
        return counters
    }

    func start() {
        threads = [
            Thread(name: "render-\(name)") { self.render() },
            Thread(name: "send-\(name)") { self.sender.run() },
        ]
    }

    func rotate() { sender.rotate() }

    func watch(for attacker: IPAddress, then body: @escaping @Sendable () -> Void) {
        lock.locked { watched = (attacker, body) }
    }

    /// Takes events to be sent.
    func offer(_ kept: KeptEvents) {
        guard renderer.wants(kept) else { return }
        if isPatient { waitForRoom() }
        if lock.locked({ take(kept, within: limit - limit / 8) }) { return }
        var left = renderer.count(kept)
        if left.alerts > 0, let alerts = kept.alertsAlone {
            let isTaken = lock.locked {
                if isSpooled { waitForRoom(alerts.byteCount) }
                return take(alerts, within: limit)
            }
            if isTaken { left = left - renderer.count(alerts) }
        }
        lock.locked { shed = shed + left }
    }

    /// Milliseconds that alerts wait for a disk.
    private static let patience = 2000

    /// Waits under the lock until so many bytes find room, or nothing finds any for long.
    private func waitForRoom(_ count: Int) {
        let end = WaitLock.now + Self.patience
        while queuedBytes > 0, queuedBytes + count > limit, !isStuck {
            lock.wait(milliseconds: 100)
            isStuck = WaitLock.now >= end
        }
    }

    private func take(_ kept: KeptEvents, within limit: Int) -> Bool {
        // A part of a batch is bounded itself: one that is larger than a small queue goes through it alone.
        guard queuedBytes == 0 || queuedBytes + kept.byteCount <= limit else { return false }
        let (wasEmpty, wasMuch) = (queue.isEmpty, hasMuch)
        queue.append(kept)
        queuedBytes += kept.byteCount
        if wasEmpty || hasMuch && !wasMuch { lock.wake() }
        return true
    }

    /// Whether so much waits to be rendered that it should not wait for more.
    private var hasMuch: Bool { queuedBytes > min(limit / 4, WaitLock.portion) }

    private func waitForRoom() {
        lock.locked {
            while queuedBytes > limit / 2 { lock.wait(milliseconds: 100) }
        }
    }

    // MARK: Rendering

    private func render() {
        var messages = MessageBuffer()
        while true {
            let (taken, isLast) = lock.locked {
                while queue.isEmpty, !isClosing { lock.wait(milliseconds: 1000) }
                lock.gather { isPatient || isClosing || hasMuch }
                defer { queue = [] }
                return (queue, isClosing && queue.isEmpty)
            }
            if isLast { break }
            for kept in taken {
                let attacker = lock.locked { watched?.attacker }
                var isSeen = false
                renderer.render(kept, into: &messages) {
                    isSeen = isSeen || $0 == attacker
                } handOn: {
                    keep($0)
                }
                lock.locked {
                    queuedBytes -= kept.byteCount
                    oversized = renderer.oversized
                    isStuck = false
                    lock.wake()
                }
                if isSeen { announce() }
            }
            // Once for all of them: the sender would take each as it comes, and wait for the next.
            sender.wake()
        }
        lock.locked {
            isRendered = true
            lock.wake()
        }
        sender.finish()
    }

    private func keep(_ messages: borrowing MessageBuffer) {
        while isPatient, backlog.byteCount > limit / 2, sender.isWorthWaiting { usleep(10_000) }
        let more = backlog.append(messages)
        lock.locked { shed = shed + more }
        if isPatient { sender.wake() }
    }

    /// The watched alert stands at the end of the backlog by now; its watcher is told when it has been sent.
    private func announce() {
        let body = lock.locked {
            defer { watched = nil }
            return watched?.body
        }
        if let body { sender.tell(at: backlog.end, body) }
    }

    // MARK: Closing

    /// Milliseconds that a farewell to the receiver may take after the deadline.
    private static let grace = 500

    func stop(by deadline: Int) {
        sender.stop(by: deadline)
        lock.locked {
            isClosing = true
            self.deadline = deadline
            lock.wake()
        }
    }

    func close() -> [String] {
        let end = lock.locked {
            while !isRendered, WaitLock.now < deadline { lock.wait(milliseconds: 100) }
            return deadline
        }
        if sender.hasEnded(by: end + Self.grace) {
            for thread in threads { thread.join() }
        } else {
            // A receiver that hangs is not waited for: its thread ends with the process.
            sender.abandon()
        }
        let counters = self.counters
        var words: [String] = []
        if counters.shed > 0 { words.append("\(OutputError.shed(name, count: counters.shed))") }
        if counters.lost > 0 {
            words.append(
                "\(OutputError.undelivered(name, count: counters.lost, reason: counters.failure ?? "time was up"))")
        }
        return words
    }
}
