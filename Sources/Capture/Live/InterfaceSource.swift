// Packets from interfaces, as they arrive.

import CLinux
import Glibc
import NetTypes
import Synchronization

/// A source over the rings of one or more interfaces.
///
/// Frames are lent from the rings' memory, without a copy. Several interfaces are merged by time: a frame is handed on
/// when no other interface can still have an earlier one. A read waits only when everything made of earlier packets has
/// left the pipeline, so that nothing is held back at low load; while it waits, time passes by the clock, less the time
/// that a packet may lie in a ring. One thread at a time may call it, except for `stop`, `hurry` and `replaceFilter`,
/// which any thread may.
public final class InterfaceSource: CaptureSource, FrameLender, @unchecked Sendable {
    /// Nanoseconds that a packet may be on its way from its time stamp to a readable block.
    private static let delay = (Int64(PacketRing.retirement) + 40) * 1_000_000
    private let options: LiveCaptureOptions
    private let say: @Sendable (String) -> Void
    private var ports: [InterfacePort] = []
    private let wake: Int32
    /// When to stop: by the clock of packet times, and by the one that nobody sets.
    private let stopTime = Atomic<Int64>(.max)
    private let steadyStopTime = Atomic<Int64>(.max)
    private let hurried = Atomic<Bool>(false)
    private let pendingFilter = Mutex<[KernelFilter]?>(nil)

    private var clock = CaptureClock()
    private var counters = CaptureCounters()
    /// Reads left that do not wait.
    private var quickReads = 0
    private var nextCheck: Int64 = 0
    private var nextSecond: Int64 = 0
    private var isFinished = false
    /// Leases given and taken back; each notes how far the rings had been read.
    private var leases: UInt64 = 0
    private var returned: UInt64 = 0
    private var marks: [UInt64]
    private static let leaseLimit = 16

    /// Opens the interfaces and begins to capture.
    ///
    /// - Parameters:
    ///   - say: told, in one line each, what the operator should know: offloads, interfaces that go and come, jumps of the
    ///     clock. Called by whoever calls the source.
    /// - Throws: a `CaptureError` for the first interface that cannot be captured on, or the filter.
    public init(
        _ options: LiveCaptureOptions, say: @escaping @Sendable (String) -> Void
    ) throws(CaptureError) {
        guard !options.interfaces.isEmpty else {
            throw CaptureError(
                code: .badArguments, path: "", message: "no interface named; name one with -i, `ip link` lists them")
        }
        if let twice = options.interfaces.first(where: { name in options.interfaces.count { $0 == name } > 1 }) {
            throw CaptureError(.badArguments, path: twice, "is named twice; it can be captured on once")
        }
        self.options = options
        self.say = say
        marks = Array(repeating: 0, count: options.interfaces.count * Self.leaseLimit)
        wake = lepton_wake_descriptor()
        for (number, name) in options.interfaces.enumerated() {
            ports.append(try InterfacePort(name, number: UInt16(number), options))
            for line in ports[number].advice { say(line) }
        }
        nextSecond = (CaptureClock.realTime / 1_000_000_000 + 1) * 1_000_000_000
    }

    deinit {
        close(wake)
    }

    public var lendsBytes: Bool { true }
    public var damage: [CaptureDamage] { [] }
    public var progress: (done: Int, total: Int)? { nil }

    public var capture: CaptureState? {
        CaptureState(
            counters: counters, backlog: ports.reduce(0) { max($0, $1.ring?.backlog ?? 0) },
            interfacesAway: ports.count { !$0.isUp })
    }

    /// The present moment of packet time.
    public var now: Timestamp { Timestamp(nanoseconds: CaptureClock.realTime + clock.shift) }

    // MARK: From other threads

    /// Ends the capture: packets that arrived before are still read, then the source is finished.
    public func stop() {
        let now = CaptureClock.steadyTime
        guard steadyStopTime.compareExchange(expected: .max, desired: now, ordering: .relaxed).exchanged else { return }
        stopTime.store(CaptureClock.realTime, ordering: .relaxed)
        interrupt()
    }

    /// Something else was put into the pipeline: the next reads do not wait.
    public func hurry() {
        hurried.store(true, ordering: .relaxed)
        interrupt()
    }

    /// Compiles another filter for every interface and puts it in place of the old ones.
    ///
    /// - Throws: `badFilter`; then everything stays as it was.
    public func replaceFilter(_ expression: String?) throws(CaptureError) {
        var filters: [KernelFilter] = []
        for name in options.interfaces {
            filters.append(try KernelFilter(expression, interface: name, snapLength: options.snapLength))
        }
        pendingFilter.withLock { $0 = filters }
        interrupt()
    }

    private func interrupt() {
        var one: UInt64 = 1
        _ = write(wake, &one, 8)
    }

    // MARK: Reading

    public func read(into batch: FrameBatch) -> SourceState {
        guard !isFinished else { return .finished }
        precondition(leases - returned < Self.leaseLimit, "too many batches hold frames of a live capture")
        let before = batch.count
        var now = fill(batch)
        if batch.count == before, quickReads == 0, steadyStopTime.load(ordering: .relaxed) == .max {
            wait(until: nextSecond + Self.delay)
            now = fill(batch)
        }
        check()
        if hurried.exchange(false, ordering: .relaxed) { quickReads = options.flushReads }
        if batch.count > before {
            quickReads = options.flushReads
            lend(batch)
            return .open
        }
        quickReads = max(0, quickReads - 1)
        return idle(at: now)
    }

    /// Nothing is there at the moment `now`.
    private func idle(at now: Int64) -> SourceState {
        let stop = steadyStopTime.load(ordering: .relaxed)
        if stop != .max {
            guard CaptureClock.steadyTime - stop < Self.delay else {
                isFinished = true
                takeCounters()
                return .finished
            }
            usleep(2000)
        }
        let past = now - Self.delay
        if past >= nextSecond {
            // A second begins without a packet: what it brings is to be written now.
            nextSecond = (past / 1_000_000_000 + 1) * 1_000_000_000
            quickReads = max(quickReads, options.flushReads)
        }
        return .idle(Timestamp(nanoseconds: past + clock.shift))
    }

    /// Fills the batch with what is there. Returns the time at which it looked.
    private func fill(_ batch: FrameBatch) -> Int64 {
        let now = CaptureClock.realTime
        let stop = stopTime.load(ordering: .relaxed)
        if ports.count == 1 {
            ports[0].ring?.fill(batch, through: stop, shift: clock.shift)
            return now
        }
        while batch.hasRoom {
            // The earliest frame, and up to where its interface may go on: until another one has a frame, or might.
            var first: (port: Int, time: Int64)?
            var horizon = stop
            for (number, port) in ports.enumerated() {
                guard let ring = port.ring else { continue }
                guard let time = ring.nextTime else {
                    horizon = min(horizon, now - Self.delay)
                    continue
                }
                if let earliest = first, earliest.time <= time {
                    horizon = min(horizon, time)
                } else {
                    if let earliest = first { horizon = min(horizon, earliest.time) }
                    first = (number, time)
                }
            }
            guard let first, first.time <= horizon, let ring = ports[first.port].ring else { break }
            let before = batch.count
            ring.fill(batch, through: horizon, shift: clock.shift)
            if batch.count == before { break }
        }
        return now
    }

    private func wait(until time: Int64) {
        var requests = ports.compactMap { port in
            port.ring.map { pollfd(fd: $0.socket, events: Int16(POLLIN), revents: 0) }
        }
        requests.append(pollfd(fd: wake, events: Int16(POLLIN), revents: 0))
        let left = max(1, (time - CaptureClock.realTime + 999_999) / 1_000_000)
        // The clock may jump: never longer than a second and the delay.
        let limit = Int32(min(left, 1100))
        guard poll(&requests, nfds_t(requests.count), limit) > 0 else { return }
        var value: UInt64 = 0
        if requests[requests.count - 1].revents != 0 { _ = Glibc.read(wake, &value, 8) }
        for port in ports where port.takeError() {
            // Told in the next check, which is now.
            nextCheck = 0
        }
    }

    // MARK: Leases

    private func lend(_ batch: FrameBatch) {
        let slot = Int(leases % UInt64(Self.leaseLimit)) * ports.count
        for (number, port) in ports.enumerated() { marks[slot + number] = port.ring?.blocksRead ?? 0 }
        batch.note(lease: leases, of: self)
        leases += 1
    }

    public func takeBack(_ lease: UInt64) {
        precondition(lease == returned, "leases end in the order in which they were given")
        let slot = Int(lease % UInt64(Self.leaseLimit)) * ports.count
        for (number, port) in ports.enumerated() where port.openedAt <= lease {
            port.ring?.giveBack(before: marks[slot + number])
        }
        returned += 1
        for port in ports { port.forgetOldRings(leasesReturned: returned) }
    }

    // MARK: Once a second

    private func check() {
        let now = CaptureClock.steadyTime
        guard now >= nextCheck else { return }
        nextCheck = now + 1_000_000_000
        if let words = clock.check() {
            say(words)
            nextSecond = (CaptureClock.realTime / 1_000_000_000 + 1) * 1_000_000_000
        }
        let filters = pendingFilter.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        // Before a ring goes away with an interface that has.
        takeCounters()
        for (number, port) in ports.enumerated() {
            if let filters { port.replaceFilter(filters[number]) }
            guard let change = port.check(lease: leases) else { continue }
            say(change.words)
            if change.isLoss { counters.interfaceDowns += 1 }
            port.forgetOldRings(leasesReturned: returned)
        }
    }

    private func takeCounters() {
        for port in ports {
            let (packets, drops) = port.takeCounters()
            counters.packets += packets
            counters.drops += drops
        }
    }
}
