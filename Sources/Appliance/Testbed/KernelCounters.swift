// Qdisc counters and per-flow counters of the testbed's router, as telemetry.

import Foundation
import Shaper

/// Reads what the kernel counted since the last time.
struct KernelCounters {
    private struct Queue: Decodable {
        var kind: String
        var dev: String
        var parent: String?
        var bytes: Double?
        var packets: Double?
        var drops: Double?
        var backlog: Double?
    }

    private struct Counts {
        var bits = 0.0
        var packets = 0.0
        var drops = 0.0
        var backlog = 0.0
    }

    private let paths: Int
    private var last: [Counts]
    private var flows = KernelFlows()

    init(paths: Int) {
        self.paths = paths
        last = Array(repeating: Counts(), count: paths * TrafficClass.count)
    }

    /// The counters of the interval that has just ended.
    mutating func read(interval: Int) throws(UserError) -> Telemetry {
        let text = try KernelCommand.run(["tc", "-s", "-j", "qdisc", "show"])
        guard let queues = try? JSONDecoder().decode([Queue].self, from: Data(text.utf8)) else {
            throw UserError("tc -s -j qdisc show: the answer is no list of queues")
        }
        let zero = [ClassVector](repeating: ClassVector(), count: paths)
        var (arrived, served, dropped, backlog) = (zero, zero, zero, zero)
        for queue in queues where queue.kind == "bfifo" {
            guard let (path, lane) = place(of: queue) else { continue }
            let now = Counts(
                bits: 8 * (queue.bytes ?? 0), packets: queue.packets ?? 0, drops: queue.drops ?? 0,
                backlog: 8 * (queue.backlog ?? 0))
            let before = last[path * TrafficClass.count + lane]
            last[path * TrafficClass.count + lane] = now
            let size = now.packets > 0 ? now.bits / now.packets : 12_000
            served[path][lane] = now.bits - before.bits
            dropped[path][lane] = (now.drops - before.drops) * size
            backlog[path][lane] = (now.backlog + before.backlog) / 2
            arrived[path][lane] = max(
                0, served[path][lane] + dropped[path][lane] + now.backlog - before.backlog)
        }
        try flows.read()
        return Telemetry(
            interval: interval, arrived: arrived, served: served, dropped: dropped, backlog: backlog,
            flaggedSources: flows.flagged, elephants: flows.elephants)
    }

    /// What steering calls the flow with this number; nil for one that is over.
    func key(of flow: Int) -> KernelFlows.Key? { flows.key(of: flow) }

    /// Takes note of where a flow was placed.
    mutating func place(_ flow: Int, on path: Int) { flows.place(flow, on: path) }

    private func place(of queue: Queue) -> (path: Int, lane: Int)? {
        guard let parent = queue.parent?.split(separator: ":").last,
            let path = (0..<paths).first(where: { TestbedNetwork.device($0) == queue.dev }),
            let lane = (0..<TrafficClass.count).first(where: { TestbedNetwork.classMinor($0) == parent })
        else { return nil }
        return (path, lane)
    }
}
