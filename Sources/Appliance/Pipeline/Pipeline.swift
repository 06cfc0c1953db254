// The one place that knows the order of the stages.

import Decode
import FlowTable
import NetTypes
import Outputs
import Synchronization

/// Runs packets through capture, decode, flow table, observers, rendering and writing.
///
/// Time passes in cycles. In each, every stage works on a batch of its own, one behind the stage before: while a batch
/// is read, the one before is decoded, and so on, as in a systolic array (Kung, Why Systolic Architectures?, Computer
/// 1982). Stages that can be divided are divided into tasks: runs of packets to decode, shards of the table, parts of the
/// lines to render. Workers take tasks by atomic counters until the cycle is done; there is no lock, and since a batch's
/// fate never depends on who worked on it, logs are the same for any number of workers.
final class Pipeline: @unchecked Sendable {
    /// Stages, in the packet's order; the raw value is how many cycles after reading a batch reaches it.
    private enum Stage: Int, CaseIterable {
        case read, decode, table, observe, render, write
    }

    private let configuration: PipelineConfiguration
    private let source: any PacketSource
    private let table: FlowTable
    private let decoder: PacketDecoder
    private let followers: [(any ShardFollower)?]
    private var observers: [any EventObserver]
    private var interests: [FlowEventKinds]
    /// Those of the observers that want events announced, and how many ahead.
    private var farsighted: [any EventObserver]
    private var farsightedInterests: [FlowEventKinds]
    private let foresight: Int
    private var isHurried = false
    private let outputs: PipelineOutputs
    private let gang: WorkerGang
    private let batches: [PipelineBatch]
    private var fragments: FragmentCache
    private var clock: PacketClock
    private var watch = CaptureWatch()
    private let progress: ProgressReport

    /// Cycles begun; batch `n` is read in cycle `n`.
    private var cycle = -1
    private var isSourceFinished = false
    /// What stages found out, and what all workers go by: the one becomes the other between two cycles.
    private var foundDrained = false
    private var isDrained = false
    private var foundEnd = Int.max
    private var endCycle = Int.max
    private var nextOrdinal: UInt64 = 0
    /// Sum over all batches that were observed.
    private(set) var decodeCounters = DecodeCounters()
    private(set) var tableCounters = TableCounters()
    /// Flows that a stop cut short and that not every observer has seen.
    private(set) var unobserved: UInt64 = 0
    /// Alerts of all batches that were observed: raised, and withheld.
    private(set) var alerts: (raised: UInt64, suppressed: UInt64) = (0, 0)
    /// The incidents that the alerts were of.
    private(set) var incidents = IncidentTally()

    // What workers take: see `work`.
    private let nextSerial = Atomic<Int>(0)
    private let nextRun = Atomic<Int>(0)
    private let runsLeft = Atomic<Int>(0)
    private let nextPart = Atomic<Int>(0)
    private let shardCycles: [ShardTurn]

    /// - Parameters:
    ///   - source: where packets come from.
    ///   - observers: called in this order for every event they are interested in.
    ///   - outputs: where lines go.
    ///   - progress: told now and then how far reading is.
    init(
        configuration: PipelineConfiguration, source: any PacketSource, observers: [any EventObserver],
        outputs: PipelineOutputs, progress: ProgressReport
    ) {
        self.configuration = configuration
        self.source = source
        self.observers = observers
        self.outputs = outputs
        self.progress = progress
        interests = observers.map(\.interests)
        farsighted = observers.filter { $0.foresight > 0 }
        farsightedInterests = farsighted.map(\.interests)
        foresight = farsighted.map(\.foresight).max() ?? 0
        let wanted = interests.reduce(outputs.sources) { $0.union($1) }
        table = FlowTable(configuration: configuration.table, hasher: configuration.hasher)
        decoder = PacketDecoder(hasher: configuration.hasher)
        fragments = FragmentCache(hasher: configuration.hasher)
        clock = PacketClock(
            statisticsInterval: outputs.wantsStatistics ? configuration.statisticsInterval : nil,
            isMonitored: configuration.monitor != nil)
        gang = WorkerGang(count: configuration.workers)
        let batches = Self.makeBatches(configuration, wanted, outputs)
        self.batches = batches
        shardCycles = (0..<FlowTable.shardCount).map { _ in ShardTurn() }
        followers = (0..<FlowTable.shardCount).map { configuration.follower($0, batches[0].shardEvents[$0]) }
    }

    /// Batches for every stage, over pools that hold as many parts as stages need them at a time.
    private static func makeBatches(
        _ configuration: PipelineConfiguration, _ wanted: FlowEventKinds, _ outputs: PipelineOutputs
    ) -> [PipelineBatch] {
        let packets = (Stage.read.rawValue...Stage.table.rawValue).map { _ in
            BatchPackets(capacity: configuration.batchCapacity, storageCapacity: configuration.batchStorage)
        }
        let events = (Stage.table.rawValue...Stage.render.rawValue).map { _ in
            (0..<FlowTable.shardCount).map { _ in EventBuffer(wanted: wanted) }
        }
        let lines = (Stage.render.rawValue...Stage.write.rawValue).map { _ in
            (0..<configuration.renderParts).map { _ in outputs.makeLines() }
        }
        return Stage.allCases.indices.map { index in
            PipelineBatch(
                capacity: configuration.batchCapacity, wanted: wanted, packets: packets[index % packets.count],
                shardEvents: events[index % events.count], lines: lines[index % lines.count])
        }
    }

    /// Time of the first and the latest packet.
    var span: (first: Timestamp, last: Timestamp)? {
        clock.start.map { ($0, clock.now) }
    }

    /// What the run came to, after it.
    ///
    /// - Parameter detection: the detector, if there is one.
    func totals(_ detection: DetectionObserver?) -> RunTotals {
        var totals = RunTotals(decode: decodeCounters, table: tableCounters, first: span?.first, last: span?.last)
        if let detection {
            totals.incidents = incidents
            totals.isLearning = detection.isLearning
        }
        return totals
    }

    /// Runs until the source is finished and every flow was written. Call once.
    func run() {
        gang.run(prepare: { self.prepare() }, work: { self.work($0) })
    }

    // MARK: Cycles

    /// The batch that a stage works on in this cycle; nil when there is nothing for it to do.
    private func batch(_ stage: Stage) -> PipelineBatch? {
        let number = cycle - stage.rawValue
        guard number >= 0, number <= endCycle else { return nil }
        let batch = batches[number % batches.count]
        return stage != .read && batch.isBlank ? nil : batch
    }

    /// Sets up the next cycle while all workers wait. Returns how many of them it needs: none when the last batch was
    /// written, one when there is so little to do that waking the others costs more.
    private func prepare() -> Int {
        cycle += 1
        isDrained = foundDrained
        endCycle = foundEnd
        guard cycle - Stage.allCases.count < endCycle else { return 0 }
        nextSerial.store(0, ordering: .relaxed)
        nextRun.store(0, ordering: .relaxed)
        nextPart.store(0, ordering: .relaxed)
        runsLeft.store(batch(.decode)?.runs.count ?? 0, ordering: .relaxed)
        let isSmall = [.decode, .table, .observe, .render].allSatisfy { (stage: Stage) in
            batch(stage).map { $0.purpose == .packets && $0.frameCount < configuration.gatherBelow } ?? true
        }
        return isSmall && configuration.gatherBelow > 0 ? 1 : gang.count
    }

    /// Takes tasks until none is left in this cycle.
    private func work(_ worker: Int) {
        // Long serial tasks first, so that they overlap with everything else.
        let serial: [Stage] = [.read, .observe, .write]
        while true {
            let taken = nextSerial.add(1, ordering: .relaxed).oldValue
            guard taken < serial.count else { break }
            runSerial(serial[taken])
        }
        // Its own shards next: their flows are in this processor's cache.
        if let current = batch(.table) {
            for shard in stride(from: worker, to: FlowTable.shardCount, by: gang.count) {
                let next = shard + gang.count
                if next < FlowTable.shardCount, current.purpose == .packets {
                    table.shards[next].prepare(order: current.packets.order.packets(of: next))
                }
                takeShard(shard, worker, current)
            }
        }
        if let current = batch(.decode) {
            while true {
                let taken = nextRun.add(1, ordering: .relaxed).oldValue
                guard taken < current.runs.count else { break }
                decode(taken, of: current)
            }
        }
        if let current = batch(.render) {
            while true {
                let taken = nextPart.add(1, ordering: .relaxed).oldValue
                guard taken < current.lines.count else { break }
                outputs.render(part: taken, of: current)
            }
        }
        if let current = batch(.table) {
            for shard in 0..<FlowTable.shardCount { takeShard(shard, worker, current) }
        }
    }

    private func runSerial(_ stage: Stage) {
        guard let current = batch(stage) else { return }
        switch stage {
        case .read: read(into: current)
        case .observe: observe(current)
        case .write:
            outputs.write(current)
            if current.frameCount > 0 { configuration.written?(current.time) }
        case .decode, .table, .render: break
        }
    }

    // MARK: Stages

    /// Fills a batch from the source and marks where seconds begin.
    private func read(into batch: PipelineBatch) {
        batch.clear()
        batch.firstOrdinal = nextOrdinal
        if isSourceFinished {
            batch.purpose = isDrained ? .end : .drain
            if isDrained { foundEnd = cycle }
            batch.time = clock.now
            watch.note(source.capture, in: batch)
            batch.uptime = clock.uptime(at: clock.now)
            nextOrdinal += 1
            return
        }
        batch.purpose = .packets
        let state = source.read(into: batch.packets.frames)
        batch.frameCount = batch.packets.frames.count
        switch state {
        case .open: break
        case .idle(let time): clock.advance(batch, to: time)
        case .finished: isSourceFinished = true
        }
        clock.mark(batch)
        watch.note(source.capture, in: batch)
        nextOrdinal += UInt64(batch.positions) + 1
        progress.note(source.progress, packets: nextOrdinal)
    }

    private func decode(_ run: Int, of batch: PipelineBatch) {
        batch.runs[run].decode(batch, with: decoder, into: batch.packets.summaries)
        // Whoever decodes the last run also resolves fragments, which has to be done in packet order, and sorts.
        guard runsLeft.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 else { return }
        for run in batch.runs { run.resolve(&fragments, batch.ticks, batch.packets.summaries) }
        batch.packets.order.sort(batch.packets.summaries, count: batch.frameCount)
    }

    /// Works on a shard in this cycle, unless another worker does or did.
    private func takeShard(_ shard: Int, _ worker: Int, _ batch: PipelineBatch) {
        guard shardCycles[shard].take(cycle) else { return }
        let claimed = table.shards[shard].claim(UInt32(worker + 1))
        precondition(claimed, "a shard was taken twice in a cycle")
        batch.shardEvents[shard].clear()
        followers[shard]?.events = batch.shardEvents[shard]
        followers[shard]?.isShedding = batch.overload >= .application
        update(
            table.shards[shard], batch,
            ShardContext(events: batch.shardEvents[shard], follower: followers[shard], overload: batch.overload))
        if batch.purpose == .end { batch.outcomes[shard].finalCounters = counters(of: shard) }
        table.shards[shard].release(UInt32(worker + 1))
    }

    /// Brings a shard forward by a batch: its packets, and the ticks between them.
    private func update(_ shard: FlowShard, _ batch: PipelineBatch, _ context: borrowing ShardContext) {
        guard batch.purpose == .packets else {
            context.events.position = 0
            if batch.purpose == .drain {
                batch.outcomes[shard.index].isDrained = !shard.drain(
                    configuration.drainLimit, at: batch.time, context)
            }
            return
        }
        batch.ticks.withUnsafeBufferPointer { ticks in
            shard.process(
                batch.packets.summaries, order: batch.packets.order.packets(of: shard.index), ticks: ticks, context
            ) { tick in
                if batch.isStatisticsDue(tick) {
                    batch.outcomes[shard.index].dueCounters.append(counters(of: shard.index))
                }
            }
        }
    }

    /// A shard's counters, with those of its follower.
    private func counters(of shard: Int) -> TableCounters {
        var counters = table.shards[shard].counters
        if let follower = followers[shard] {
            counters.overloadUnparsed = follower.shed
            counters.applicationShed = follower.unfollowed
            counters.namesShed = follower.unnamed
        }
        return counters
    }

    /// Orders a batch's events and shows them to the observers.
    private func observe(_ batch: PipelineBatch) {
        batch.merged.merge(positions: batch.positions + 1)
        if batch.purpose == .drain {
            foundDrained = batch.outcomes.allSatisfy(\.isDrained)
            hurry()
            if isHurried { unobserved += UInt64(batch.merged.order.count) }
        }
        collectStatistics(batch)
        var announced = 0
        for index in batch.merged.order.indices {
            while announced < min(index + foresight, batch.merged.order.count) {
                let event = batch.merged.event(announced, firstOrdinal: batch.firstOrdinal)
                let kind = FlowEventKinds(event.kind)
                for (observer, wanted) in zip(farsighted, farsightedInterests) where wanted.contains(kind) {
                    observer.expect(event)
                }
                announced += 1
            }
            let event = batch.merged.event(index, firstOrdinal: batch.firstOrdinal)
            let kind = FlowEventKinds(event.kind)
            batch.annotations.current = index
            for (observer, wanted) in zip(observers, interests) where wanted.contains(kind) {
                observer.observe(event, annotations: &batch.annotations)
            }
        }
        for entry in batch.annotations.alerts { incidents.note(entry.alert) }
        alerts.raised += UInt64(batch.annotations.alerts.count)
        alerts.suppressed += UInt64(batch.annotations.suppressed)
    }

    /// Leaves out those observers that may miss the end, when there is no time left for them.
    private func hurry() {
        guard !isHurried, configuration.isHurried?() ?? false else { return }
        isHurried = true
        observers.removeAll(where: \.mayMissEnd)
        farsighted.removeAll(where: \.mayMissEnd)
        interests = observers.map(\.interests)
        farsightedInterests = farsighted.map(\.interests)
    }

    /// Adds up the batch's counters, and what they were at each tick at which statistics are due.
    private func collectStatistics(_ batch: PipelineBatch) {
        var taken = 0
        func snapshot(_ decoded: DecodeCounters) {
            let due = batch.statisticsTicks[taken]
            var record = StatisticsSnapshot(
                time: batch.ticks[due.tick].time, uptime: due.uptime, decode: decoded,
                table: batch.outcomes.reduce(into: TableCounters()) { $0 += $1.dueCounters[taken] },
                alerts: alerts.raised, suppressedAlerts: alerts.suppressed, capture: batch.capture)
            if due.isLogged {
                record.outputs = configuration.outputCounters?() ?? []
                batch.statistics.append(record)
            }
            configuration.monitor?(record)
            taken += 1
        }
        for run in batch.runs {
            for counters in run.dueCounters {
                var decoded = decodeCounters
                decoded += counters
                snapshot(decoded)
            }
            if run.count > 0 { decodeCounters += run.counters }
        }
        while taken < batch.statisticsTicks.count { snapshot(decodeCounters) }
        guard batch.purpose == .end else { return }
        tableCounters = batch.outcomes.reduce(into: TableCounters()) { $0 += $1.finalCounters }
        guard outputs.wantsStatistics, decodeCounters.packets > 0 else { return }
        batch.statistics.append(
            StatisticsSnapshot(
                time: batch.time, uptime: batch.uptime, decode: decodeCounters, table: tableCounters,
                alerts: alerts.raised, suppressedAlerts: alerts.suppressed, capture: batch.capture))
    }
}

/// In which cycle a shard was worked on last.
private final class ShardTurn: Sendable {
    private let last = Atomic<Int>(-1)

    /// Takes the shard for a cycle; true for one worker only.
    func take(_ cycle: Int) -> Bool {
        let previous = last.load(ordering: .relaxed)
        guard previous < cycle else { return false }
        return last.compareExchange(
            expected: previous, desired: cycle, successOrdering: .acquiringAndReleasing, failureOrdering: .relaxed
        ).exchanged
    }
}
