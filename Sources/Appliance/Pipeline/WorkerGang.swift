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
    private let generation: UnsafeMutablePointer<Atomic<UInt32>>
    private let stopping = Atomic<Bool>(false)

    /// Rounds of spinning before a waiting thread sleeps: some microseconds.
    private static let spins = 4000

    /// - Parameter count: threads, the calling one included.
    init(count: Int) {
        precondition(count >= 1)
        self.count = count
        generation = .allocate(capacity: 1)
        generation.initialize(to: Atomic(0))
    }

    deinit {
        generation.deinitialize(count: 1)
        generation.deallocate()
    }

    /// Runs cycles until `prepare` returns false.
    ///
    /// - Parameters:
    ///   - prepare: called by one thread while all others wait: finishes the last cycle, sets up the next.
    ///   - work: called by every thread once in each cycle, with its number from zero; returns when no task is left.
    func run(prepare: @escaping @Sendable () -> Bool, work: @escaping @Sendable (Int) -> Void) {
        guard prepare() else { return }
        let threads = (1..<count).map { worker in
            Thread(name: "leptonnet-\(worker)") { self.loop(worker, prepare, work) }
        }
        loop(0, prepare, work)
        for thread in threads { thread.join() }
    }

    private func loop(_ worker: Int, _ prepare: () -> Bool, _ work: (Int) -> Void) {
        while !stopping.load(ordering: .relaxed) {
            let current = generation.pointee.load(ordering: .acquiring)
            work(worker)
            if arrived.add(1, ordering: .acquiringAndReleasing).newValue == count {
                arrived.store(0, ordering: .relaxed)
                if !prepare() { stopping.store(true, ordering: .relaxed) }
                generation.pointee.store(current &+ 1, ordering: .sequentiallyConsistent)
                if sleepers.load(ordering: .sequentiallyConsistent) > 0 { lepton_futex_wake_all(generation) }
            } else {
                wait(while: current)
            }
        }
    }

    private func wait(while current: UInt32) {
        for _ in 0..<Self.spins {
            if generation.pointee.load(ordering: .acquiring) != current { return }
            lepton_spin_pause()
        }
        sleepers.add(1, ordering: .sequentiallyConsistent)
        while generation.pointee.load(ordering: .sequentiallyConsistent) == current {
            lepton_futex_wait(generation, current)
        }
        sleepers.subtract(1, ordering: .relaxed)
    }
}
