// The same bits for any batch, machine and order of work.

import Learning
import Testing

@Suite("Determinism")
struct DeterminismTests {
    private static let network = Sequential([
        Convolution1D(positions: 10, inputs: 3, outputs: 7, kernel: 3, paddingBefore: 2),
        Activation(.rectifier, count: 70),
        GRU(positions: 10, inputs: 7, units: 9), Activation(.tanh, count: 9),
        DuelingHead(inputs: 9, hidden: 11, actions: 5), Softmax(count: 5),
    ])

    @Test("A batch gives the bits of its samples one by one")
    func batches() {
        let model = Model(Self.network, seed: 1)
        let batch = Execution(Self.network, batchCapacity: 6)
        var random = RandomSource(seed: 2)
        batch.input.copy((0..<batch.input.count).map { _ in Float(random.normal()) })
        batch.forward(model, batch: 6)
        let single = Execution(Self.network)
        for sample in 0..<6 {
            single.input.copy(from: batch.input, at: sample * 30, to: 0, count: 30)
            single.forward(model)
            #expect(single.output.values == batch.output.values(in: sample * 5..<(sample + 1) * 5))
        }
    }

    @Test("Tasks that share a model give the same bits as one alone")
    func sharing() async {
        let model = Model(Self.network, seed: 1)
        let results = await withTaskGroup(of: [Float].self) { group in
            for _ in 0..<4 {
                group.addTask {
                    let execution = Execution(Self.network, batchCapacity: 3)
                    var random = RandomSource(seed: 2)
                    execution.input.copy((0..<execution.input.count).map { _ in Float(random.normal()) })
                    execution.forward(model, batch: 3)
                    return execution.output.values
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results.count == 4)
        #expect(results.allSatisfy { $0 == results[0] })
    }

    @Test("Products are rounded before they are added, as without fused instructions")
    func contraction() {
        // x² = 1 + 2^−11 + 2^−24 is rounded to 1 + 2^−11; a fused multiplication would keep the last bit.
        let x: Float = 1 + 0x1p-12
        let rounded: Float = 1 + 0x1p-11
        // The product at input 0 brings the sum to −(1 + 2^−11), the other, in the same lane or past the last whole
        // vector, back to zero, or to 2^−24 if it was fused.
        for (inputs, other) in [(16, 8), (9, 8), (2, 1), (17, 16)] {
            let network = Sequential([Dense(inputs: inputs, outputs: 5)])
            let model = Model(network, seed: 1)
            model.parameters.fill(0)
            let execution = Execution(network)
            execution.input[0] = 1
            execution.input[other] = x
            for output in 0..<5 {
                model.parameters[output * inputs] = -rounded
                model.parameters[output * inputs + other] = x
            }
            execution.forward(model)
            #expect(execution.output.values == [0, 0, 0, 0, 0])
        }
        let buffer = FloatBuffer([Float](repeating: x, count: 11))
        buffer.interpolate(towards: FloatBuffer([Float](repeating: 0, count: 11)), rate: x)
        #expect(buffer.values == [Float](repeating: x - rounded, count: 11))
    }

    @Test("Weights, outputs and gradients have the bits they had when this test was written")
    func golden() {
        let model = Model(Self.network, seed: 1)
        let execution = Execution(Self.network, batchCapacity: 4)
        var random = RandomSource(seed: 3)
        execution.input.copy((0..<execution.input.count).map { _ in Float(random.normal()) })
        let gradient = FloatBuffer(count: model.layout.count)
        let target = FloatBuffer([Float](repeating: 0.25, count: 20))
        let outputGradient = FloatBuffer(count: 20)
        let adam = Adam(count: model.layout.count)
        for _ in 0..<5 {
            execution.forward(model, batch: 4)
            _ = Objective(.meanSquaredError).evaluate(
                prediction: execution.output, target: target, batch: 4, width: 5, gradient: outputGradient)
            gradient.fill(0)
            execution.backward(model, batch: 4, outputGradient: outputGradient, parameterGradient: gradient)
            adam.step(model.parameters, gradient: gradient)
        }
        #expect(checksum(model.parameters.values) == 2_498_431_543_627_024_724)
        #expect(checksum(execution.output.values) == 10_487_151_857_089_363_520)
    }

    /// FNV-1a over the bit patterns.
    private func checksum(_ values: [Float]) -> UInt64 {
        values.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1.bitPattern)) &* 0x100_0000_01b3 }
    }

    @Test("Floats between tensors stay zero through training steps")
    func padding() {
        let network = Sequential([Dense(inputs: 3, outputs: 5)])
        let model = Model(network, seed: 1)
        let gradient = FloatBuffer(count: model.layout.count)
        for entry in model.layout.entries { for index in entry.range { gradient[index] = 1 } }
        let adam = Adam(count: model.layout.count, weightDecay: 0.1)
        for _ in 0..<3 { adam.step(model.parameters, gradient: gradient) }
        #expect(model.layout.count == 32 && model.layout.trainableCount == 20)
        #expect(model.parameters.values(in: 15..<16) == [0])
        #expect(model.parameters.values(in: 21..<32) == [Float](repeating: 0, count: 11))
    }

    @Test("A target network follows its model by the given share")
    func interpolation() {
        let network = Sequential([Dense(inputs: 3, outputs: 5)])
        let model = Model(network, seed: 1)
        let target = Model(copying: model)
        #expect(target.parameters.values == model.parameters.values)
        model.parameters.fill(1)
        target.parameters.fill(0)
        target.parameters.interpolate(towards: model.parameters, rate: 0.25)
        #expect(target.parameters.values == [Float](repeating: 0.25, count: 32))
        target.parameters.copy(from: model.parameters)
        #expect(target.parameters.values == model.parameters.values)
    }
}
