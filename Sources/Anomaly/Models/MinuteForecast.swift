// What a host will do in its next minute.

import Learning

/// A gated recurrent unit over the series of a host's minutes that forecasts the next one (compare Malhotra et al., Long short
/// term memory networks for anomaly detection in time series, ESANN 2015). Trained on minutes of all hosts that were learned,
/// from time to time and for a bounded number of steps. The score is the distance of a minute from its forecast, in the usual
/// errors of each coordinate.
final class MinuteForecast {
    /// Numbers that describe a minute.
    static let width = 8
    /// Minutes that a forecast looks back.
    static let length = 8
    private static let units = 16
    private static let capacity = 2048
    private static let stepsATime = 128
    private static let batch = 16

    private let model: Model
    private let execution: Execution
    private let outputGradient: FloatBuffer
    private let gradient: FloatBuffer
    private let optimizer: Adam
    /// Times it was trained: each draws its batches from a source of its own.
    private var trainings: UInt64 = 0
    /// Series of `length` minutes and the minute after, flat.
    private var examples: [Float] = []
    private var next = 0
    private var deviations = [Float](repeating: 1, count: MinuteForecast.width)
    private(set) var isTrained = false

    init() {
        let network = Sequential([
            GRU(positions: Self.length, inputs: Self.width, units: Self.units),
            Dense(inputs: Self.units, outputs: Self.width),
        ])
        model = Model(network, seed: 76)
        execution = Execution(network, batchCapacity: Self.batch)
        outputGradient = FloatBuffer(count: Self.batch * Self.width)
        gradient = FloatBuffer(count: model.layout.count)
        optimizer = Adam(count: model.layout.count, learningRate: 0.01)
    }

    private static var stride: Int { (length + 1) * width }

    /// Distance of a minute from its forecast: root mean square of errors in units of the usual ones.
    func score(series: [Float], minute: [Float]) -> Float {
        guard isTrained else { return 0 }
        execution.input.copy(series)
        execution.forward(model)
        var sum: Float = 0
        for index in 0..<Self.width {
            let error = (minute[index] - execution.output[index]) / deviations[index]
            sum += error * error
        }
        return (sum / Float(Self.width)).squareRoot()
    }

    /// Keeps an example for the next training; the oldest goes when there is no room.
    func add(series: [Float], minute: [Float]) {
        precondition(series.count == Self.length * Self.width && minute.count == Self.width, "not a minute's shape")
        if examples.count < Self.capacity * Self.stride {
            examples += series + minute
        } else {
            let start = next * Self.stride
            examples.replaceSubrange(start..<start + Self.stride, with: series + minute)
            next = (next + 1) % Self.capacity
        }
    }

    /// Trains for a bounded number of steps on what was kept.
    func train() {
        let count = examples.count / Self.stride
        guard count >= 4 * Self.batch else { return }
        trainings += 1
        var random = RandomSource(seed: 77 &+ trainings)
        for _ in 0..<Self.stepsATime { step(count, &random) }
        measure(count)
        isTrained = true
    }

    /// Saves what was learned, or takes it up into a forecast that has learned nothing.
    func exchange(_ archive: ModelArchive) {
        archive.exchange(model.parameters)
        optimizer.state.forEach(archive.exchange)
        archive.exchange(&optimizer.powers.first)
        archive.exchange(&optimizer.powers.second)
        archive.exchange(&trainings)
        archive.exchange(&examples, atMost: Self.capacity * Self.stride)
        archive.exchange(count: &next, atMost: Self.capacity - 1)
        archive.exchange(&deviations, atMost: Self.width)
        archive.exchange(&isTrained)
        if deviations.count != Self.width || examples.count % Self.stride != 0 { archive.refuse() }
    }

    private func step(_ count: Int, _ random: inout RandomSource) {
        var targets: [Float] = []
        for place in 0..<Self.batch {
            let start = random.below(count) * Self.stride
            let end = start + Self.length * Self.width
            execution.input.copy(Array(examples[start..<end]), at: place * Self.length * Self.width)
            targets += examples[end..<end + Self.width]
        }
        execution.forward(model, batch: Self.batch)
        for index in targets.indices {
            // Huber, so that a few wild minutes do not lead.
            let error = execution.output[index] - targets[index]
            outputGradient[index] = max(-1, min(1, error)) / Float(Self.batch)
        }
        gradient.fill(0)
        execution.backward(model, batch: Self.batch, outputGradient: outputGradient, parameterGradient: gradient)
        optimizer.step(model.parameters, gradient: gradient)
    }

    /// The usual error of each coordinate.
    private func measure(_ count: Int) {
        var squares = [Float](repeating: 0, count: Self.width)
        let looked = min(count, 256)
        for example in 0..<looked {
            let start = (example * count / looked) * Self.stride
            let end = start + Self.length * Self.width
            execution.input.copy(Array(examples[start..<end]))
            execution.forward(model)
            for index in 0..<Self.width {
                let error = execution.output[index] - examples[end + index]
                squares[index] += error * error
            }
        }
        for index in 0..<Self.width { deviations[index] = max(0.15, (squares[index] / Float(looked)).squareRoot()) }
    }
}
