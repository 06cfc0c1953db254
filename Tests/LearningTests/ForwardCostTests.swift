// What a forward pass and a training step cost.

import Glibc
import Learning
import Testing

@Suite("Cost of a pass", .serialized)
struct ForwardCostTests {
    /// 130 inputs, two layers of 128 units and 24 actions.
    private static let policy = Sequential([
        Dense(inputs: 130, outputs: 128), Activation(.rectifier, count: 128), Dense(inputs: 128, outputs: 128),
        Activation(.rectifier, count: 128), DuelingHead(inputs: 128, actions: 24),
    ])

    private static let everyLayer = Sequential([
        Convolution1D(positions: 10, inputs: 3, outputs: 8, kernel: 3, paddingBefore: 2),
        Activation(.rectifier, count: 80),
        Pooling(.maximum, positions: 10, channels: 8, window: 2), GRU(positions: 5, inputs: 8, units: 9),
        Activation(.tanh, count: 9), Dense(inputs: 9, outputs: 12), Activation(.sigmoid, count: 12),
        DuelingHead(inputs: 12, hidden: 6, actions: 4), Softmax(count: 4),
    ])

    /// The count of allocations kept by a preloaded library, see Reference/check-allocations.sh; nil without it.
    private static let allocationCount: (@convention(c) () -> Int)? =
        dlsym(nil, "learning_allocation_count").map {
            unsafeBitCast($0, to: (@convention(c) () -> Int).self)
        }

    @Test("10,000 forward passes allocate nothing", .enabled(if: allocationCount != nil))
    func allocations() throws {
        let count = try #require(Self.allocationCount)
        for network in [Self.policy, Self.everyLayer] {
            let model = Model(network, seed: 1)
            let execution = Execution(network, batchCapacity: 2)
            execution.forward(model, batch: 2)
            let before = count()
            for _ in 0..<10_000 { execution.forward(model, batch: 2) }
            #expect(count() - before == 0)
        }
    }

    /// A step of learning to value actions, as deep Q-learning does it with every batch.
    private struct Step {
        let model: Model
        let execution: Execution
        let target: FloatBuffer
        let outputGradient: FloatBuffer
        let gradient: FloatBuffer
        let adam: Adam
        let follower: Model
        let objective = Objective(.huber(threshold: 1))

        init(_ network: Sequential, batch: Int) {
            model = Model(network, seed: 1)
            execution = Execution(network, batchCapacity: batch)
            target = FloatBuffer(count: batch * network.outputCount)
            outputGradient = FloatBuffer(count: batch * network.outputCount)
            gradient = FloatBuffer(count: model.layout.count)
            adam = Adam(count: model.layout.count)
            follower = Model(copying: model)
            var random = RandomSource(seed: 1)
            execution.input.copy((0..<execution.input.count).map { _ in Float(random.normal()) })
        }

        func run() {
            let batch = execution.batchCapacity
            execution.forward(model, batch: batch)
            _ = objective.evaluate(
                prediction: execution.output, target: target, batch: batch, width: model.network.outputCount,
                gradient: outputGradient)
            gradient.fill(0)
            execution.backward(model, batch: batch, outputGradient: outputGradient, parameterGradient: gradient)
            GradientClipping.norm(5).apply(to: gradient)
            adam.step(model.parameters, gradient: gradient)
            follower.parameters.interpolate(towards: model.parameters, rate: 0.005)
        }
    }

    @Test("100 training steps allocate nothing", .enabled(if: allocationCount != nil))
    func trainingAllocations() throws {
        let count = try #require(Self.allocationCount)
        for network in [Self.policy, Self.everyLayer] {
            let step = Step(network, batch: 8)
            step.run()
            let before = count()
            for _ in 0..<100 { step.run() }
            #expect(count() - before == 0)
        }
    }

    #if !DEBUG
        @Test("A network of 130-128-128 units and 24 actions takes less than 50 µs")
        func time() {
            let model = Model(Self.policy, seed: 1)
            let execution = Execution(Self.policy)
            var random = RandomSource(seed: 1)
            execution.input.copy((0..<130).map { _ in Float(random.normal()) })
            let median = medianTime(of: 200) { execution.forward(model) }
            #expect(median < .microseconds(50))
            if MeasurementReport.isWanted { report(median) }
        }

        /// Prints the forward pass's time beside those of a recurrent layer and of a training step.
        private func report(_ forward: Duration) {
            print("forward pass of 130-128-128 units and 24 actions: \(forward)")
            let recurrent = Sequential([GRU(positions: 32, inputs: 16, units: 32), Dense(inputs: 32, outputs: 2)])
            let model = Model(recurrent, seed: 1)
            let execution = Execution(recurrent)
            print(
                "forward pass of 32 recurrent units, 32 positions: \(medianTime(of: 50) { execution.forward(model) })")
            let step = Step(Self.policy, batch: 64)
            print("training step of 64 samples of the first network: \(medianTime(of: 5) { step.run() })")
        }

        private func medianTime(of repetitions: Int, _ body: () -> Void) -> Duration {
            let clock = ContinuousClock()
            let times = (0..<41).map { _ in clock.measure { for _ in 0..<repetitions { body() } } / repetitions }
            return times.sorted()[20]
        }
    #endif
}
