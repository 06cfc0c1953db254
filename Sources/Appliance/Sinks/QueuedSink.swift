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
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let signal: UnsafeMutablePointer<pthread_cond_t>
    private var thread: Thread?

    // Under the mutex.
    private var waiting = LineBuffer()
    private var state = State()
    /// Lines that the thread has taken and not written yet.
    private var inFlight: UInt64 = 0
    private var isClosing = false
    private var isEnded = false
    /// Moment of `WaitLock.now` after which the thread is not waited for.
    private var deadline = Int.max
    private var isIdle = true
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
        mutex = .allocate(capacity: 1)
        signal = .allocate(capacity: 1)
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(signal, nil)
    }

    deinit {
        pthread_cond_destroy(signal)
        pthread_mutex_destroy(mutex)
        signal.deallocate()
        mutex.deallocate()
    }

    /// Starts the thread. Call once, after the process has given up what it does not need.
    func start() {
        thread = Thread(name: "sink-\(name)") { self.run() }
    }

    /// How the sink stands. Any thread.
    var report: State {
        locked {
            var copy = state
            copy.queuedBytes = waiting.count
            return copy
        }
    }

    var lostLines: UInt64 { locked { state.shedLines + state.lostLines } }

    var failure: OutputError? { locked { state.failure } }

    /// Shows what has been written to `body` until it returns true. Any thread.
    func watch(_ body: @escaping @Sendable (UnsafeRawBufferPointer) -> Bool) {
        locked { watch = body }
    }

    func write(_ lines: borrowing LineBuffer) {
        guard lines.count > 0 else { return }
        pthread_mutex_lock(mutex)
        while isPatient, waiting.count > 0, waiting.count + lines.count > limit {
            pthread_mutex_unlock(mutex)
            usleep(1000)
            pthread_mutex_lock(mutex)
        }
        if waiting.count + lines.count > limit, !isPatient {
            state.shedLines += UInt64(lines.lines)
        } else {
            waiting.append(lines)
            if isIdle {
                // Once for each sleep: the parts of a batch come one behind the other.
                isIdle = false
                pthread_cond_signal(signal)
            }
        }
        pthread_mutex_unlock(mutex)
    }

    /// Says that nothing more comes, and sets the moment after which a disk that hangs is not waited for.
    func stop(by moment: Int) {
        locked {
            isClosing = true
            deadline = moment
        }
        pthread_cond_signal(signal)
    }

    /// Lets the thread write what waits, and ends it. When time is up what is not written counts as lost, and the thread ends
    /// with the process.
    func close() throws(OutputError) {
        locked { isClosing = true }
        pthread_cond_signal(signal)
        guard thread == nil || hasEnded() else {
            let lost = locked {
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
            locked { state.failure = error }
        }
        if state.shedLines > 0 { throw .shed(name, count: state.shedLines) }
        if let failure = state.failure { throw failure }
    }

    private func hasEnded() -> Bool {
        while !locked({ isEnded }) {
            guard WaitLock.now < locked({ deadline }) else { return false }
            usleep(1000)
        }
        return true
    }

    // MARK: The thread

    private func run() {
        var taken = LineBuffer()
        while true {
            pthread_mutex_lock(mutex)
            isIdle = true
            if waiting.count == 0, !isClosing { waitForSecond() }
            isIdle = false
            swap(&waiting, &taken)
            let isLast = isClosing && taken.count == 0
            let watch = self.watch
            inFlight = UInt64(taken.lines)
            if isLast { isEnded = true }
            pthread_mutex_unlock(mutex)
            if isLast { return }
            if taken.count > 0 { sink.write(taken) } else { sink.attend() }
            let isSeen = watch.map { body in taken.withBytes { body($0) } } ?? false
            locked {
                state.writtenLines += UInt64(taken.lines)
                inFlight = 0
                state.lostLines = sink.lostLines
                state.failure = sink.failure
                if isSeen { self.watch = nil }
            }
            taken.clear()
        }
    }

    private func waitForSecond() {
        var deadline = timespec()
        clock_gettime(CLOCK_REALTIME, &deadline)
        deadline.tv_sec += 1
        pthread_cond_timedwait(signal, mutex, &deadline)
    }

    private func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }
}
