// Draws the demand and the capacities of one run from a seed.

import Glibc

/// Arrivals are Poisson for calls, videos and files, a two-state Markov-modulated Poisson process for web requests;
/// sizes are Pareto. The parameters describe a site of some fifty people behind 40 Mbit/s.
struct DemandGenerator {
    private let scenario: Scenario
    private var random: PCG64
    private var flows: [FlowDemand] = []

    /// Seconds on of every `videoPeriod` seconds.
    static let videoOn = 1.8
    static let videoPeriod = 4.0
    private static let voiceRate = 90e3
    private static let videoRate = 2.5e6

    init(scenario: Scenario, seed: UInt64) {
        self.scenario = scenario
        random = PCG64(seed: seed)
    }

    mutating func drawFlows() -> [FlowDemand] {
        let mix = scenario.mix
        drawCalls(kind: .voice, perSecond: 0.30 * mix.voice, holding: 60, warmUp: 60, rate: Self.voiceRate)
        drawCalls(kind: .video, perSecond: 0.045 * mix.video, holding: 90, warmUp: 90, rate: Self.videoRate)
        drawWeb(perSecond: 13 * mix.web)
        drawFiles(perSecond: 0.26 * mix.bulk)
        drawBackups(bits: 8 * 6e6 * mix.backup * scenario.load)
        if scenario.floods { drawFloods() }
        flows.sort(by: DemandGenerator.precedes)
        for index in flows.indices { flows[index].hash = random.uniform() }
        for index in flows.indices { flows[index].flaggedAt = drawFlag(of: flows[index]) }
        return flows
    }

    private static func precedes(_ first: FlowDemand, _ second: FlowDemand) -> Bool {
        (first.start, first.kind.rawValue, first.amount, first.end, first.phase)
            < (second.start, second.kind.rawValue, second.amount, second.end, second.phase)
    }

    private mutating func append(
        _ kind: TrafficKind, start: Double, amount: Double, end: Double = .infinity, phase: Double = 0
    ) {
        flows.append(
            FlowDemand(
                start: start, kind: kind, amount: amount, end: end, phase: phase, hash: 0, flaggedAt: .infinity))
    }

    /// Flows of constant rate with exponential holding times; those that began before the run are cut to it.
    private mutating func drawCalls(
        kind: TrafficKind, perSecond: Double, holding: Double, warmUp: Double, rate: Double
    ) {
        var time = -warmUp
        while time < scenario.duration {
            time += random.exponential(mean: 1 / (perSecond * scenario.load))
            let end = time + random.exponential(mean: holding)
            guard end > 0, time < scenario.duration else { continue }
            let phase = kind == .video ? Self.videoPeriod * random.uniform() : 0
            append(kind, start: max(time, 0), amount: rate, end: end, phase: phase)
        }
    }

    /// Requests at 1.9 or 0.45 times the mean rate, switching after exponential times of about six seconds.
    private mutating func drawWeb(perSecond: Double) {
        var time = 0.0
        var intensity = 1.0
        var switchTime = random.exponential(mean: 8)
        while time < scenario.duration {
            time += random.exponential(mean: 1 / (perSecond * intensity * scenario.load))
            if time > switchTime {
                intensity = intensity < 1 ? 1.9 : 0.45
                switchTime = time + random.exponential(mean: 6)
            }
            append(.web, start: time, amount: 8 * min(3e6, 12e3 * (1 + random.pareto(index: 1.3))))
        }
    }

    private mutating func drawFiles(perSecond: Double) {
        var time = 0.0
        while time < scenario.duration {
            time += random.exponential(mean: 1 / (perSecond * scenario.load))
            append(.bulk, start: time, amount: 8 * min(60e6, 1.7e6 * (1 + random.pareto(index: 1.4))))
        }
    }

    /// Three connections every forty seconds.
    private mutating func drawBackups(bits: Double) {
        let period = 40.0
        var start = random.uniform() * period
        while start < scenario.duration {
            for connection in 0..<3 { append(.backup, start: start + 0.05 * Double(connection), amount: bits) }
            start += period
        }
    }

    private mutating func drawFloods() {
        var time = random.uniform(5, 40)
        while time < scenario.duration {
            let lasting = random.uniform(8, 25)
            let total = random.uniform(8e6, 40e6)
            let sources = 8 + random.index(below: 16)
            for _ in 0..<sources {
                append(
                    .attack, start: time + random.uniform() * 0.5, amount: total / Double(sources),
                    end: time + lasting)
            }
            time += lasting + random.exponential(mean: 50)
        }
    }

    /// Attacks are flagged with the detector's recall; large legitimate flows with its rate of false positives.
    private mutating func drawFlag(of flow: FlowDemand) -> Double {
        let detector = scenario.detector
        let eligible = flow.kind != .voice && (flow.kind != .web || flow.amount > 8e6)
        guard eligible else { return .infinity }
        let probability = flow.kind == .attack ? detector.recall : detector.falsePositiveRate
        guard random.uniform() < probability else { return .infinity }
        return flow.start + random.uniform(detector.minimumDelay, detector.maximumDelay)
    }

    mutating func drawCapacity() -> [PathVector] {
        let count = Int((scenario.duration / Scenario.substep).rounded())
        var capacity = [PathVector](repeating: scenario.nominal, count: count)
        guard scenario.varyingCapacity else { return capacity }
        for (path, specification) in scenario.paths.enumerated() {
            switch specification.capacity {
            case .fixed:
                break
            case .stepping(let levels, let meanSeconds):
                drawSteps(levels: levels, meanSeconds: meanSeconds, path: path, into: &capacity)
            case .fading:
                drawFading(specification.capacity, path: path, into: &capacity)
            }
        }
        return capacity
    }

    private mutating func drawSteps(
        levels: [Double], meanSeconds: Double, path: Int, into capacity: inout [PathVector]
    ) {
        var position = 0
        while position < capacity.count {
            let length = Int(random.exponential(mean: meanSeconds) / Scenario.substep) + 100
            let level = levels[random.index(below: levels.count)]
            let end = min(position + length, capacity.count)
            for substep in position..<end { capacity[substep][path] = level }
            position = end
        }
    }

    private mutating func drawFading(_ model: CapacityModel, path: Int, into capacity: inout [PathVector]) {
        guard case .fading(let mean, let deviation, let relaxation, let minimum, let maximum) = model else { return }
        let memory = exp(-Scenario.substep / relaxation)
        let noise = (1 - memory * memory).squareRoot()
        var state = 0.0
        for substep in capacity.indices {
            state = memory * state + noise * random.normal()
            capacity[substep][path] = min(maximum, max(minimum, mean + deviation * state))
        }
    }
}
