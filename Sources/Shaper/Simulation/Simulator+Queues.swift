// Drop-tail queues: one for all, or one for each class.

extension Simulator {
    /// One queue for everything. A burst that does not fit loses the same share of each flow.
    mutating func serveFirstInFirstOut(path: Int, rate: Double, buffer: Double) {
        let base = path * TrafficClass.count
        let service = rate * Scenario.substep
        var arriving = ClassVector()
        for trafficClass in 0..<TrafficClass.count {
            let bits = incoming[base + trafficClass]
            telemetry.arrived[path][trafficClass] += bits.sum()
            arriving += bits
        }
        let wanted = arriving.sum()
        let room = max(0, buffer * rate + service - queues[base].backlog)
        let share = wanted <= room ? 1 : room / wanted
        for trafficClass in 0..<TrafficClass.count {
            telemetry.dropped[path][trafficClass] += incoming[base + trafficClass].sum() * (1 - share)
            acceptance[base + trafficClass] = share
        }
        enqueue(arriving, accepting: share, queue: base)
        // Class queues left over from another discipline drain first.
        var left = service
        for queue in (base + 1)..<(base + TrafficClass.count) where queues[queue].backlog > 0 {
            let part = min(left, queues[queue].backlog)
            dequeue(part, queue: queue, path: path)
            left -= part
        }
        dequeue(left, queue: base, path: path)
        let trip = 2 * propagation[path] + queues[base].backlog / max(rate, 1)
        for trafficClass in 0..<TrafficClass.count { roundTrip[base + trafficClass] = trip }
    }

    /// Guaranteed shares first, then by priority up to the ceilings, then into each class's own buffer.
    mutating func serveClasses(path: Int, rate: Double, plan: ShapingPlan) {
        let base = path * TrafficClass.count
        let budget = rate * Scenario.substep
        var pending = ClassVector()
        for trafficClass in 0..<TrafficClass.count {
            pending[trafficClass] = queues[base + trafficClass].backlog + incoming[base + trafficClass].sum()
        }
        let service = ClassService.divide(
            budget, pending: pending, guarantees: plan.guarantees[path], ceilings: plan.ceilings[path],
            priorities: plan.priorities)
        let floors = ShapingPlan.floors * budget
        let due = pending.replacing(with: floors, where: pending .> floors)
        if any(service .< due - 1e-6) { starvedSubsteps += 1 }
        for trafficClass in 0..<TrafficClass.count {
            let queue = base + trafficClass
            let arriving = incoming[queue]
            let wanted = arriving.sum()
            let room = max(0, plan.buffers[trafficClass] * rate + service[trafficClass] - queues[queue].backlog)
            let share = wanted <= room ? 1 : room / wanted
            telemetry.arrived[path][trafficClass] += wanted
            telemetry.dropped[path][trafficClass] += wanted * (1 - share)
            acceptance[queue] = share
            enqueue(arriving, accepting: share, queue: queue)
            dequeue(service[trafficClass], queue: queue, path: path)
            let drain = max(service[trafficClass] / Scenario.substep, 0.05 * rate)
            roundTrip[queue] = 2 * propagation[path] + queues[queue].backlog / drain
        }
    }

    private mutating func enqueue(_ arriving: ClassVector, accepting share: Double, queue: Int) {
        last.offered += arriving
        last.dropped += arriving * (1 - share)
        pool.append(arriving * share, at: Int32(truncatingIfNeeded: substep), to: &queues[queue])
    }

    /// Serves a queue and books delay. Within its first substep a bit waits half of it if the queue stays busy, and
    /// some 15 % of it if the queue runs empty.
    private mutating func dequeue(_ service: Double, queue: Int, path: Int) {
        let busy = queues[queue].backlog > service
        let base = 0.5 * Scenario.substep * (busy ? 1 : 0.3) + propagation[path]
        let now = substep
        var delivered = ClassVector()
        var delay = ClassVector()
        var histograms = latency
        latency = []
        pool.take(service, from: &queues[queue]) { bits, entered in
            let seconds = Double(now - Int(entered)) * Scenario.substep + base
            delivered += bits
            delay += bits * seconds
            for lane in 0..<TrafficClass.count where bits[lane] > 0 {
                histograms[lane].add(seconds, weight: bits[lane])
            }
        }
        latency = histograms
        last.delivered += delivered
        last.delay += delay
        telemetry.served[path][queue % TrafficClass.count] += delivered.sum()
        telemetry.backlog[path][queue % TrafficClass.count] +=
            queues[queue].backlog / Double(Scenario.substepsPerInterval)
    }
}
