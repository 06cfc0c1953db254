// Threads that work through cycles of independent tasks together.

import CLinux
import Glibc
import Synchronization

/// A fixed number of threads that meet at a barrier after every cycle.
///
/// Nobody holds a lock: tasks are taken by atomic counters, the barrier is a counter and a generation number. A thread
/// that waits spins for a moment, then sleeps in the kernel.
final class WorkerGang: @unchecked Sendable {
    let count: Int
    private let arrived = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    /// The cycle's number, and in the low bits how many threads it needs: those with the lowest numbers. One word, so
    /// that a thread sees both or neither.
    private let state: UnsafeMutablePointer<Atomic<UInt32>>
    private static let wantedBits: UInt32 = 7

    /// Rounds of spinning before a waiting thread sleeps: some microseconds.
    private static let spins = 4000

    /// - Parameter count: threads, the calling one included; at most 127.
    init(count: Int) {
        precondition(count >= 1 && count < 1 << Self.wantedBits)
        self.count = count
        state = .allocate(capacity: 1)
        state.initialize(to: Atomic(0))
    }

    deinit {
        state.deinitialize(count: 1)
        state.deallocate()
    }

    /// Runs cycles until `prepare` returns zero.
    ///
    /// - Parameters:
    ///   - prepare: called by one thread while all others wait: finishes the last cycle, sets up the next. Returns how many
    ///     threads that one needs; the others sleep through it.
    ///   - work: called by each of these threads once in a cycle, with its number from zero; returns when no task is left.
    func run(prepare: @escaping @Sendable () -> Int, work: @escaping @Sendable (Int) -> Void) {
        begin(prepare())
        let threads = (1..<count).map { worker in
            Thread(name: "leptonnet-\(worker)") { self.loop(worker, prepare, work) }
        }
        loop(0, prepare, work)
        for thread in threads { thread.join() }
    }

    private func loop(_ worker: Int, _ prepare: () -> Int, _ work: (Int) -> Void) {
        var seen: UInt32 = 0
        while true {
            let isNeeded = worker < seen & (1 << Self.wantedBits - 1)
            seen = wait(while: seen, spins: isNeeded ? Self.spins : 0)
            let wanted = Int(seen & (1 << Self.wantedBits - 1))
            guard wanted > 0 else { return }
            guard worker < wanted else { continue }
            work(worker)
            guard arrived.add(1, ordering: .acquiringAndReleasing).newValue == wanted else { continue }
            arrived.store(0, ordering: .relaxed)
            let next = prepare()
            begin(next)
            // A cycle for the first thread alone, begun by itself, wakes nobody.
            if next == 1, worker == 0 { continue }
            if sleepers.load(ordering: .sequentiallyConsistent) > 0 { lepton_futex_wake_all(state) }
        }
    }

    /// Announces a cycle for so many threads; zero ends them all.
    private func begin(_ wanted: Int) {
        let number = state.pointee.load(ordering: .relaxed) >> Self.wantedBits &+ 1
        state.pointee.store(number << Self.wantedBits | UInt32(wanted), ordering: .sequentiallyConsistent)
    }

    /// Waits for the next cycle and returns its word.
    private func wait(while seen: UInt32, spins: Int) -> UInt32 {
        for _ in 0..<spins {
            let current = state.pointee.load(ordering: .acquiring)
            if current != seen { return current }
            lepton_spin_pause()
        }
        sleepers.add(1, ordering: .sequentiallyConsistent)
        defer { sleepers.subtract(1, ordering: .relaxed) }
        while true {
            let current = state.pointee.load(ordering: .sequentiallyConsistent)
            if current != seen { return current }
            lepton_futex_wait(state, seen)
        }
    }
}
