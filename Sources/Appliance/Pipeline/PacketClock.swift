// Packet time: where its whole seconds begin.

import FlowTable
import NetTypes

/// Follows packet time through the batches and marks where it crosses a whole second.
///
/// Time is that of the latest packet so far: packets out of order do not turn it back. Where no packet comes for a while
/// every second passes all the same, in front of the packet that ends the silence: so a replay sees idle flows end in the
/// seconds and in the order in which a live capture does, whose clock goes on by itself.
struct PacketClock {
    /// The latest time seen.
    private(set) var now = Timestamp.never
    /// The first packet's time.
    private(set) var start: Timestamp?
    /// First nanosecond of the next second; a packet at or after it makes a tick.
    private var next = Timestamp.never
    private let statisticsInterval: Int64?
    private let isMonitored: Bool
    private var nextStatistics = Timestamp.never

    /// Seconds of a silence that pass one by one, its first ones: behind them every flow has ended (`FlowTimeouts`), and a
    /// capture may be silent for years.
    private static let longestSilence: Int64 = 300
    /// Ticks of a batch from which on a silence is one: where every packet ends one, time is not for counting seconds.
    private static let mostTicks = 1 << 15

    /// - Parameters:
    ///   - statisticsInterval: seconds between `stats` records; nil for none.
    ///   - isMonitored: whether counters are wanted each second.
    init(statisticsInterval: Int64?, isMonitored: Bool = false) {
        self.isMonitored = isMonitored
        self.statisticsInterval = statisticsInterval
    }

    /// Marks the ticks of a batch's frames.
    mutating func mark(_ batch: PipelineBatch) {
        for index in 0..<batch.frameCount {
            let time = batch.packets.frames[index].time
            if time > now {
                now = time
                if time >= next { pass(batch, before: index) }
            }
        }
        batch.time = now
    }

    /// Lets time pass without a packet: a tick at the end of the batch when a second begins.
    mutating func advance(_ batch: PipelineBatch, to time: Timestamp) {
        mark(batch)
        guard time > now, start != nil else { return }
        now = time
        if time >= next { pass(batch, before: batch.frameCount) }
        batch.time = now
    }

    /// Lets the seconds pass that have begun until now.
    private mutating func pass(_ batch: PipelineBatch, before frame: Int) {
        if start != nil, batch.ticks.count < Self.mostTicks {
            for second in next.seconds..<min(now.seconds, next.seconds + Self.longestSilence) {
                tick(batch, Timestamp(seconds: second), before: frame)
            }
        }
        tick(batch, Timestamp(seconds: now.seconds), before: frame)
        next = Timestamp(seconds: now.seconds + 1)
    }

    private mutating func tick(_ batch: PipelineBatch, _ second: Timestamp, before frame: Int) {
        var isDue = false
        if let statisticsInterval {
            isDue = start != nil && second >= nextStatistics
            if isDue || start == nil { nextStatistics = Timestamp(seconds: second.seconds + statisticsInterval) }
        }
        if start == nil { start = now }
        batch.sourceEvents.position = UInt32(frame + batch.ticks.count)
        if batch.sourceEvents.wants(.tick) { batch.sourceEvents.appendTick(at: second) }
        if isDue || isMonitored {
            batch.statisticsTicks.append(
                StatisticsTick(tick: batch.ticks.count, uptime: uptime(at: second), isLogged: isDue))
        }
        batch.ticks.append(TableTick(position: UInt32(frame), time: second))
    }

    /// Whole seconds from the first packet to a moment.
    func uptime(at time: Timestamp) -> Int64 {
        guard let start, time > start else { return 0 }
        return (time.nanoseconds - start.nanoseconds) / 1_000_000_000
    }
}
