// How flows start, choose a path, send, and react to loss.

extension Simulator {
    /// Moves the flows that a plan names.
    mutating func apply(_ placements: [FlowPlacement]) {
        for placement in placements where (0..<paths).contains(placement.path) {
            guard let index = flows.firstIndex(where: { $0.demand == placement.flow }) else { continue }
            flows[index].placed = true
            if flows[index].path != placement.path {
                flows[index].move(to: placement.path)
                last.movedFlows += 1
            }
        }
    }

    /// Sends live flows over the path that their hash now falls on, unless theirs was chosen for them.
    mutating func rehash() {
        let now = Double(substep) * Scenario.substep
        for index in flows.indices {
            if flows[index].flaggedAt <= now { flows[index].trafficClass = .quarantine }
            guard !flows[index].placed else { continue }
            let path = thresholds[flows[index].trafficClass.rawValue].path(for: flows[index].hash)
            if path != flows[index].path {
                flows[index].move(to: path)
                last.movedFlows += 1
            }
        }
    }

    /// Lets the flows in whose time has come.
    mutating func admit(at now: Double) {
        while nextFlow < trace.flows.count, trace.flows[nextFlow].start <= now {
            var flow = LiveFlow(trace.flows[nextFlow], index: nextFlow, at: now)
            flow.path = thresholds[flow.trafficClass.rawValue].path(for: flow.hash)
            flows.append(flow)
            nextFlow += 1
        }
    }

    /// Sums what the senders put in, by path and queue, after the limiter; flows whose time is over leave.
    mutating func offer(_ plan: ShapingPlan, at now: Double) {
        for index in incoming.indices { incoming[index] = ClassVector() }
        let allowance = plan.sourceLimit > 0 ? plan.sourceLimit * Scenario.substep : .infinity
        let fair = plan.discipline == .fairQueueCoDel
        var index = 0
        while index < flows.count {
            if now >= flows[index].end {
                flows.swapAt(index, flows.count - 1)
                flows.removeLast()
                continue
            }
            if flows[index].flaggedAt <= now { flows[index].trafficClass = .quarantine }
            var bits = flows[index].want(at: now)
            if fair, flows[index].kind.isElastic { bits *= selfClocking(flows[index]) }
            let lane = flows[index].kind.accountLane
            if bits > allowance, flows[index].flaggedAt <= now {
                let cut = bits - allowance
                last.offered[lane] += cut
                last.dropped[lane] += cut
                last.limited[lane] += cut
                flows[index].lost += cut
                bits = allowance
            }
            flows[index].offered = bits
            if bits > 0 {
                let path = flows[index].path
                incoming[path * TrafficClass.count + flows[index].trafficClass.rawValue][lane] += bits
                if fair { fairQueues[path].offer(bits, lane: lane, flow: flows[index].demand) }
            }
            index += 1
        }
    }

    /// How far a window-limited sender slows down because its acknowledgements come late.
    ///
    /// Short drop-tail buffers bound that delay by themselves; in a queue of its own a flow's window bounds it.
    private func selfClocking(_ flow: LiveFlow) -> Double {
        let base = 2 * propagation[flow.path]
        return base / (base + fairQueues[flow.path].wait(flow: flow.demand))
    }

    /// Elastic senders learn what was accepted and adapt: slow start, additive increase, one decrease to 0.7 (CUBIC's
    /// factor, RFC 9438) for each round trip with loss. An object whose last bit is accepted is done.
    mutating func react(_ discipline: QueueDiscipline, at now: Double) {
        let fair = discipline == .fairQueueCoDel
        var index = 0
        while index < flows.count {
            guard flows[index].kind.isElastic else {
                index += 1
                continue
            }
            let slot = flows[index].path * TrafficClass.count + flows[index].trafficClass.rawValue
            let offered = flows[index].offered
            var accepted = offered * acceptance[slot]
            if fair {
                accepted -= fairQueues[flows[index].path].lost(of: offered, flow: flows[index].demand)
            }
            flows[index].lost += offered - accepted
            flows[index].remaining -= accepted
            flows[index].accepted += accepted
            let trip =
                fair
                ? fairQueues[flows[index].path].wait(flow: flows[index].demand) + 2 * propagation[flows[index].path]
                : roundTrip[slot]
            Simulator.adapt(&flows[index], roundTrip: min(trip, 1), at: now)
            if flows[index].remaining <= 1 {
                if flows[index].kind == .web {
                    let seconds = now - flows[index].start + 2 * min(trip, 1)
                    webCompletion.add(seconds, weight: 1)
                    webCompletionSum += seconds
                }
                flows.swapAt(index, flows.count - 1)
                flows.removeLast()
                continue
            }
            index += 1
        }
    }

    private static func adapt(_ flow: inout LiveFlow, roundTrip: Double, at now: Double) {
        let segment = 12_000.0
        if flow.lost > segment / 2, now - flow.lastDecrease > roundTrip {
            flow.rate *= 0.7
            flow.lastDecrease = now
            flow.lost = 0
            flow.slowStart = false
        } else if flow.slowStart {
            // Doubling each round trip, continuously: ln 2 per round trip.
            flow.rate *= 1 + 0.69 * Scenario.substep / roundTrip
        } else {
            flow.rate += segment / (roundTrip * roundTrip) * Scenario.substep
        }
        flow.rate = min(max(flow.rate, 2 * segment), 20e6)
    }
}
