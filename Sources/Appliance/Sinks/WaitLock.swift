// A lock whose holders can wait for each other.

import Glibc

/// A mutex with a condition (pthread_cond_timedwait(3)) that counts on the monotonic clock.
final class WaitLock: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        var attributes = pthread_condattr_t()
        pthread_condattr_init(&attributes)
        pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        pthread_cond_init(condition, &attributes)
        pthread_condattr_destroy(&attributes)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func locked<Result>(_ body: () -> Result) -> Result {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        return body()
    }

    /// Lets the lock go until somebody wakes the waiting or time is up. Only within `locked`.
    func wait(milliseconds: Int) {
        var deadline = timespec()
        clock_gettime(CLOCK_MONOTONIC, &deadline)
        let nanoseconds = deadline.tv_nsec + milliseconds % 1000 * 1_000_000
        deadline.tv_sec += milliseconds / 1000 + nanoseconds / 1_000_000_000
        deadline.tv_nsec = nanoseconds % 1_000_000_000
        pthread_cond_timedwait(condition, mutex, &deadline)
    }

    /// Milliseconds for which work gathers behind the first of it. A thread that wakes for every batch of a busy interface takes
    /// more time to wake than to work.
    private static let gathering = 10

    /// Bytes that do not wait for more: buffers keep the size that they once had.
    static let portion = 1 << 20

    /// Waits, once something is there, for what comes just behind it, unless there is enough. Only within `locked`.
    func gather(until isEnough: () -> Bool) {
        let end = Self.now + Self.gathering
        while !isEnough(), Self.now < end { wait(milliseconds: max(1, end - Self.now)) }
    }

    /// Wakes all that wait.
    func wake() {
        pthread_cond_broadcast(condition)
    }

    /// Milliseconds of the monotonic clock.
    static var now: Int {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return now.tv_sec * 1000 + now.tv_nsec / 1_000_000
    }
}
