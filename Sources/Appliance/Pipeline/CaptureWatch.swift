// What a live capture says about itself, put into the stream of events.

import NetTypes

/// Turns kernel drops into `loss` events and backlog into the overload level. Used by the read stage.
struct CaptureWatch {
    private var drops: UInt64 = 0
    private var overload = OverloadController()

    /// Takes note of a source's state behind the frames of a batch.
    mutating func note(_ state: CaptureState?, in batch: PipelineBatch) {
        guard let state else { return }
        batch.capture = state.counters
        let events = batch.sourceEvents
        events.position = UInt32(batch.positions)
        if state.counters.drops > drops {
            let lost = UInt32(clamping: state.counters.drops - drops)
            drops = state.counters.drops
            if events.wants(.loss) { events.append(loss: lost, at: batch.time) }
        }
        if overload.update(backlog: state.backlog, at: batch.time), events.wants(.overload) {
            events.append(overload: overload.level, at: batch.time)
        }
        batch.overload = overload.level
    }
}
