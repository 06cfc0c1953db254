// The thread of an output that speaks to the receiver.

import Glibc
import Outputs

/// Sends what is in a backlog, in order, and tries again when that fails.
///
/// A message counts as arrived when its connection has gone on for the transport's settle time, or ended in good order. A
/// new connection begins at the first message that does not count as arrived: at least once. Every method but `run` may be
/// called by any thread.
final class MessageSender: @unchecked Sendable {
    let name: String
    private let backlog: any Backlog
    private let transport: any MessageTransport
    /// Whether messages that are not sent stay for the next run.
    private let isSpooled: Bool
    /// Whether a receiver that has been away for long is not waited for at the end.
    private let givesUp: Bool
    private let say: @Sendable (String) -> Void
    private let lock = WaitLock()

    // The thread's own.
    private var backoff: Backoff
    private var isConnected = false
    private var sent: UInt64 = 0
    /// Up to where messages were sent at least once.
    private var highWater: UInt64 = 0
    private var settling: [(position: UInt64, since: Int, latest: Int)] = []
    private var nextTry = 0
    private var connections = 0

    // Under the lock.
    private var figures = SinkCounters(name: "", format: "", transport: "")
    private var deadline = Int.max
    private var isFinishing = false
    private var isEnded = false
    /// Whether somebody else has counted what this thread did not send.
    private var isAbandoned = false
    /// Copies of `sent` and `highWater` for other threads.
    private var reached: (sent: UInt64, highWater: UInt64) = (0, 0)
    private var isSignalled = false
    private var failingSince: Int? = WaitLock.now
    private var waiting: [(position: UInt64, body: @Sendable () -> Void)] = []

    /// Bytes that are handed over at once.
    private static let chunk = 64 << 10
    /// Milliseconds that a replay waits for a receiver that is away.
    private static let patience = 10_000

    init(
        _ name: String, _ backlog: any Backlog, _ transport: any MessageTransport, isSpooled: Bool, givesUp: Bool,
        backoff: Backoff, say: @escaping @Sendable (String) -> Void
    ) {
        self.name = name
        self.backlog = backlog
        self.transport = transport
        self.isSpooled = isSpooled
        self.givesUp = givesUp
        self.backoff = backoff
        self.say = say
        figures.isConnected = false
    }

    func counters(format: String) -> SinkCounters {
        var copy = lock.locked { figures }
        copy.name = name
        copy.format = format
        copy.transport = transport.kind
        copy.tornRecords = backlog.tornRecords
        if isSpooled { copy.spooledBytes = backlog.byteCount } else { copy.queuedBytes = backlog.byteCount }
        return copy
    }

    func rotate() { transport.rotate() }

    func wake() {
        lock.locked {
            isSignalled = true
            lock.wake()
        }
    }

    /// Calls `body` once everything before a position was sent.
    func tell(at position: UInt64, _ body: @escaping @Sendable () -> Void) {
        lock.locked {
            waiting.append((position, body))
            isSignalled = true
            lock.wake()
        }
    }

    /// Whether the receiver takes messages, or has not been away for long.
    var isWorthWaiting: Bool {
        lock.locked { failingSince.map { WaitLock.now - $0 < Self.patience } ?? true }
    }

    /// Sets the moment after which nothing is tried any more.
    func stop(by moment: Int) {
        lock.locked { deadline = moment }
        wake()
    }

    /// Says that nothing more comes: ends once everything is sent, or time is up.
    func finish() {
        lock.locked { isFinishing = true }
        wake()
    }

    /// Waits for the end until a moment; false when it does not come.
    func hasEnded(by moment: Int) -> Bool {
        lock.locked {
            while !isEnded, WaitLock.now < moment { lock.wait(milliseconds: 50) }
            return isEnded
        }
    }

    /// Counts what is not sent as lost, in place of a thread that hangs in its receiver.
    func abandon() {
        let place: (sent: UInt64, highWater: UInt64)? = lock.locked {
            guard !isEnded, !isAbandoned else { return nil }
            isAbandoned = true
            return reached
        }
        if let place { countRest(from: place.sent, highWater: place.highWater) }
    }

    // MARK: The thread

    func run() {
        var messages = MessageBuffer()
        highWater = backlog.confirmed
        go(to: highWater)
        while true {
            let (isFinishing, deadline) = lock.locked { (self.isFinishing, self.deadline) }
            let hasMore = sent < backlog.end
            if isFinishing, !hasMore || WaitLock.now >= deadline || givesUp && !isWorthWaiting { break }
            if !isConnected {
                connect()
            } else if hasMore {
                send(&messages)
            } else {
                rest(1000)
                do throws(OutputError) { try transport.attend() } catch { fail(error) }
            }
            settle()
            backlog.attend()
        }
        if isConnected, transport.finish() { backlog.confirm(sent) }
        backlog.close()
        if !lock.locked({ isAbandoned }) { countRest(from: sent, highWater: highWater) }
        lock.locked {
            isEnded = true
            lock.wake()
        }
    }

    private func go(to position: UInt64) {
        sent = position
        lock.locked { reached = (sent, highWater) }
    }

    private func rest(_ milliseconds: Int) {
        lock.locked {
            let left = max(1, min(milliseconds, deadline - WaitLock.now))
            if !isSignalled { lock.wait(milliseconds: left) }
            isSignalled = false
        }
    }

    private func connect() {
        let left = nextTry - WaitLock.now
        guard left <= 0 else { return rest(min(left, 1000)) }
        do throws(OutputError) {
            try transport.connect()
        } catch {
            return fail(error)
        }
        isConnected = true
        connections += 1
        go(to: backlog.confirmed)
        let wasFailing = lock.locked {
            defer { figures.failure = nil }
            figures.isConnected = true
            figures.reconnects = UInt64(connections - 1)
            failingSince = nil
            return figures.failure != nil
        }
        if wasFailing { say("\(name): takes messages again") }
    }

    private func send(_ messages: inout MessageBuffer) {
        messages.clear()
        // What is sent again is read up to where it ends, so that the two are counted apart.
        let limit = sent < highWater ? min(Self.chunk, Int(highWater - sent)) : Self.chunk
        let next = backlog.read(from: sent, atMost: limit, into: &messages)
        guard messages.count > 0 else { return go(to: next) }
        do throws(OutputError) {
            try transport.send(messages)
        } catch {
            return fail(error)
        }
        backoff.succeed()
        backlog.note(sent: next)
        let isRepeated = next <= highWater
        sent = next
        highWater = max(highWater, next)
        let now = WaitLock.now
        if let last = settling.last, now - last.since < 100 {
            settling[settling.count - 1] = (next, last.since, now)
        } else {
            settling.append((next, now, now))
        }
        let count = UInt64(messages.count)
        let told = lock.locked {
            reached = (sent, highWater)
            if isRepeated { figures.repeated += count } else { figures.written += count }
            defer { waiting.removeAll { $0.position <= sent } }
            return waiting.filter { $0.position <= sent }
        }
        for watcher in told { watcher.body() }
    }

    private func settle() {
        guard isConnected else { return }
        let limit = WaitLock.now - transport.settleTime * 1000
        let settled = settling.prefix { $0.latest <= limit }
        guard let last = settled.last else { return }
        backlog.confirm(last.position)
        settling.removeFirst(settled.count)
    }

    private func fail(_ error: OutputError) {
        transport.disconnect()
        isConnected = false
        // Of what has not settled nobody knows whether it arrived.
        settling = []
        go(to: backlog.confirmed)
        nextTry = WaitLock.now + backoff.next()
        let isNews = lock.locked {
            defer { figures.failure = error.description }
            figures.isConnected = false
            failingSince = failingSince ?? WaitLock.now
            return figures.failure == nil
        }
        if isNews { say("\(error)") }
    }

    /// Counts messages that nobody will send. Those that were sent on a connection that broke before they settled are no
    /// longer counted as written.
    private func countRest(from start: UInt64, highWater: UInt64) {
        guard !isSpooled else { return }
        var messages = MessageBuffer()
        var (again, rest): (UInt64, UInt64) = (0, 0)
        var position = start
        while position < backlog.end {
            messages.clear()
            let limit = position < highWater ? min(Self.chunk, Int(highWater - position)) : Self.chunk
            let isRepeated = position < highWater
            position = backlog.read(from: position, atMost: limit, into: &messages)
            if isRepeated { again += UInt64(messages.count) } else { rest += UInt64(messages.count) }
        }
        lock.locked {
            figures.written -= min(figures.written, again)
            figures.lost += again + rest
        }
    }
}
