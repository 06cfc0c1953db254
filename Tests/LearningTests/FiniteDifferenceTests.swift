// Gradients against what happens when an input or a parameter is really changed.

import Learning
import Testing

@Suite("Gradients against finite differences")
struct FiniteDifferenceTests {
    static let networks: [(String, Sequential)] = [
        ("dense", Sequential([Dense(inputs: 11, outputs: 5)])),
        ("dense over positions", Sequential([Dense(inputs: 3, outputs: 5, positions: 4)])),
        (
            "padded convolution with a stride",
            Sequential([
                Convolution1D(
                    positions: 7, inputs: 2, outputs: 3, kernel: 3, stride: 2, paddingBefore: 1, paddingAfter: 1)
            ])
        ),
        ("recurrent, all states", Sequential([GRU(positions: 4, inputs: 3, units: 5, returnsSequence: true)])),
        ("recurrent, last state", Sequential([GRU(positions: 4, inputs: 3, units: 9)])),
        ("rectifier", Sequential([Activation(.rectifier, count: 9)])),
        ("sigmoid", Sequential([Activation(.sigmoid, count: 9)])),
        ("tanh", Sequential([Activation(.tanh, count: 9)])),
        ("softmax", Sequential([Softmax(count: 9)])),
        ("mean pooling", Sequential([Pooling(.mean, positions: 6, channels: 3, window: 3, stride: 2)])),
        ("maximum pooling", Sequential([Pooling(.maximum, positions: 6, channels: 3, window: 2)])),
        (
            "dueling head of single layers after a dense layer",
            Sequential([Dense(inputs: 6, outputs: 8), Activation(.tanh, count: 8), DuelingHead(inputs: 8, actions: 4)])
        ),
        (
            "convolution, recurrence and pooling in one chain",
            Sequential([
                Convolution1D(positions: 6, inputs: 2, outputs: 4, kernel: 3), Activation(.tanh, count: 16),
                GRU(positions: 4, inputs: 4, units: 3, returnsSequence: true),
                Pooling(.mean, positions: 4, channels: 3),
                Dense(inputs: 3, outputs: 2),
            ])
        ),
    ]

    /// Σ weight · output in double precision.
    private func value(_ execution: Execution, _ model: Model, _ weights: [Float], batch: Int) -> Double {
        execution.forward(model, batch: batch)
        return zip(execution.output.values, weights).reduce(0) { $0 + Double($1.0) * Double($1.1) }
    }

    /// The derivative by the five-point rule, whose error is of the fourth order of the step.
    private func derivative(_ buffer: FloatBuffer, _ index: Int, _ value: () -> Double) -> Double {
        let step: Float = 0.0625
        let start = buffer[index]
        func at(_ offset: Float) -> Double {
            buffer[index] = start + offset
            return value()
        }
        let result = (8 * (at(step) - at(-step)) - (at(2 * step) - at(-2 * step))) / (12 * Double(step))
        buffer[index] = start
        return result
    }

    private func relativeError(_ measured: [Double], _ computed: [Float]) -> Double {
        let distance = zip(measured, computed).reduce(0) { $0 + ($1.0 - Double($1.1)) * ($1.0 - Double($1.1)) }
        let size = measured.reduce(0) { $0 + $1 * $1 }
        return (distance / max(size, 1e-12)).squareRoot()
    }

    @Test("The gradient is within 1e-3 of finite differences", arguments: networks)
    func gradient(name: String, network: Sequential) {
        let batch = 2
        var random = RandomSource(seed: 77)
        let model = Model(network, seed: 5)
        for entry in model.layout.entries {
            for index in entry.range { model.parameters[index] = Float(random.normal()) * 0.5 }
        }
        let execution = Execution(network, batchCapacity: batch)
        // A grid of distances of 0.3, shuffled and moved off zero: no step reaches the kink of a rectifier or makes
        // another input the largest of its window.
        var grid = (0..<execution.input.count).map { (Float($0) - Float(execution.input.count / 2)) * 0.3 + 0.15 }
        random.shuffle(&grid)
        let isKinked = name == "rectifier" || name == "maximum pooling"
        execution.input.copy(isKinked ? grid : grid.map { _ in Float(random.normal()) })
        let weights = (0..<execution.output.count).map { _ in Float(random.normal()) }

        execution.forward(model, batch: batch)
        let gradient = FloatBuffer(count: model.layout.count)
        let inputGradient = FloatBuffer(count: execution.input.count)
        execution.backward(
            model, batch: batch, outputGradient: FloatBuffer(weights), parameterGradient: gradient,
            inputGradient: inputGradient)

        let measured = (0..<execution.input.count).map { index in
            derivative(execution.input, index) { value(execution, model, weights, batch: batch) }
        }
        #expect(relativeError(measured, inputGradient.values) < 1e-3)
        for entry in model.layout.entries {
            let measured = entry.range.map { index in
                derivative(model.parameters, index) { value(execution, model, weights, batch: batch) }
            }
            #expect(relativeError(measured, gradient.values(in: entry.range)) < 1e-3, "\(entry.specification.name)")
        }
    }

    @Test("Gradients of two batches add up in one buffer")
    func accumulation() {
        let network = Sequential([Dense(inputs: 9, outputs: 3)])
        let model = Model(network, seed: 1)
        let execution = Execution(network)
        execution.input.copy((0..<9).map { Float($0) })
        let once = FloatBuffer(count: model.layout.count)
        let twice = FloatBuffer(count: model.layout.count)
        for (buffer, repetitions) in [(once, 1), (twice, 2)] {
            for _ in 0..<repetitions {
                execution.forward(model)
                execution.backward(model, outputGradient: FloatBuffer([1, -2, 3]), parameterGradient: buffer)
            }
        }
        #expect(twice.values == once.values.map { 2 * $0 })
        #expect(once.norm > 0)
    }
}
