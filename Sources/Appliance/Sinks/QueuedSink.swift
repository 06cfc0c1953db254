// A sink with a queue and a thread of its own.

import Glibc
import Outputs
import Synchronization

/// Takes lines without waiting and lets a thread of its own write them.
///
/// What finds no room in the queue is shed, whole lines only, and counted: a sink that is slow or dead never holds up
/// the capture. One thread at a time may write; any thread may read the counters.
final class QueuedSink: LineSink, @unchecked Sendable {
    /// What is said of the sink in status reports.
    struct State: Sendable {
        var queuedBytes = 0
        /// Lines that found no room in the queue, and lines that the sink itself lost.
        var shedLines: UInt64 = 0
        var lostLines: UInt64 = 0
        var writtenLines: UInt64 = 0
        var failure: OutputError?
    }

    let name: String
    private let sink: any LineSink
    private let limit: Int
    /// Whether lines wait for room instead of being shed: a replay has time.
    private let isPatient: Bool
    private let lock = WaitLock()
    private var thread: Thread?

    // Under the lock.
    private var waiting = LineBuffer()
    private var state = State()
    /// Lines that the thread has taken and not written yet.
    private var inFlight: UInt64 = 0
    private var isClosing = false
    private var isEnded = false
    /// Moment of `WaitLock.now` after which the thread is not waited for.
    private var deadline = Int.max
    private var watch: (@Sendable (UnsafeRawBufferPointer) -> Bool)?

    /// - Parameters:
    ///   - sink: used by the thread alone from now on, except for what it allows any thread.
    ///   - limit: bytes that may wait.
    ///   - isPatient: whether lines wait for room instead of being shed.
    init(_ sink: any LineSink, name: String, limit: Int, isPatient: Bool = false) {
        self.isPatient = isPatient
        self.sink = sink
        self.name = name
        self.limit = limit
    }

    /// Starts the thread. Call once, after the process has given up what it does not need.
    func start() {
        thread = Thread(name: "sink-\(name)") { self.run() }
    }

    /// How the sink stands. Any thread.
    var report: State {
        lock.locked {
            var copy = state
            copy.queuedBytes = waiting.count
            return copy
        }
    }

    var lostLines: UInt64 { lock.locked { state.shedLines + state.lostLines } }

    var failure: OutputError? { lock.locked { state.failure } }

    /// Shows what has been written to `body` until it returns true. Any thread.
    func watch(_ body: @escaping @Sendable (UnsafeRawBufferPointer) -> Bool) {
        lock.locked { watch = body }
    }

    func write(_ lines: borrowing LineBuffer) {
        guard lines.count > 0 else { return }
        lock.locked {
            while isPatient, waiting.count > 0, waiting.count + lines.count > limit { lock.wait(milliseconds: 100) }
            guard isPatient || waiting.count + lines.count <= limit else {
                state.shedLines += UInt64(lines.lines)
                return
            }
            let (wasEmpty, wasMuch) = (waiting.count == 0, hasMuch)
            waiting.append(lines)
            // Not for each part of each batch: what comes behind the first one gathers.
            if wasEmpty || hasMuch && !wasMuch { lock.wake() }
        }
    }

    /// Says that nothing more comes, and sets the moment after which a disk that hangs is not waited for.
    func stop(by moment: Int) {
        lock.locked {
            isClosing = true
            deadline = moment
            lock.wake()
        }
    }

    /// Lets the thread write what waits, and ends it. When time is up what is not written counts as lost, and the thread ends
    /// with the process.
    func close() throws(OutputError) {
        lock.locked {
            isClosing = true
            lock.wake()
        }
        guard thread == nil || hasEnded() else {
            let lost = lock.locked {
                let lost = inFlight + UInt64(waiting.lines)
                state.lostLines += lost
                return lost
            }
            throw .undelivered(name, count: lost, reason: "the disk hangs")
        }
        thread?.join()
        thread = nil
        do {
            try sink.close()
        } catch {
            lock.locked { state.failure = error }
        }
        if state.shedLines > 0 { throw .shed(name, count: state.shedLines) }
        if let failure = state.failure { throw failure }
    }

    private func hasEnded() -> Bool {
        lock.locked {
            while !isEnded {
                let left = deadline - WaitLock.now
                guard left > 0 else { return false }
                lock.wait(milliseconds: min(left, 100))
            }
            return true
        }
    }

    // MARK: The thread

    private func run() {
        var taken = LineBuffer()
        while true {
            let (isLast, watch) = lock.locked {
                if waiting.count == 0, !isClosing { lock.wait(milliseconds: 1000) }
                lock.gather { isPatient || isClosing || hasMuch || waiting.count == 0 }
                swap(&waiting, &taken)
                inFlight = UInt64(taken.lines)
                isEnded = isClosing && taken.count == 0
                lock.wake()
                return (isEnded, self.watch)
            }
            if isLast { return }
            if taken.count > 0 { sink.write(taken) } else { sink.attend() }
            let isSeen = watch.map { body in taken.withBytes { body($0) } } ?? false
            lock.locked {
                state.writtenLines += UInt64(taken.lines)
                inFlight = 0
                state.lostLines = sink.lostLines
                state.failure = sink.failure
                if isSeen { self.watch = nil }
            }
            taken.clear()
        }
    }

    /// Whether so much waits that it should not wait for more.
    private var hasMuch: Bool { waiting.count > min(limit / 4, WaitLock.portion) }
}
