// Gradient steps from remembered transitions.

import Learning

/// Owns the target network, the optimiser and the memory of a batch.
struct DeepQLearner {
    private static let clipping = GradientClipping.norm(10)

    private let settings: DeepQTrainer
    private let online: Model
    private let target: Model
    private let optimizer: Adam
    private let current: Execution
    private let following: Execution
    private let bootstrap: Execution
    private let outputGradient: FloatBuffer
    private let gradient: FloatBuffer

    init(_ settings: DeepQTrainer, online: Model) {
        self.settings = settings
        self.online = online
        target = Model(copying: online)
        optimizer = Adam(count: online.layout.count, learningRate: settings.learningRate)
        current = Execution(online.network, batchCapacity: settings.batch)
        following = Execution(online.network, batchCapacity: settings.batch)
        bootstrap = Execution(online.network, batchCapacity: settings.batch)
        outputGradient = FloatBuffer(count: settings.batch * online.network.outputCount)
        gradient = FloatBuffer(count: online.layout.count)
    }

    /// One step on one batch; returns the mean absolute error before it.
    mutating func update(_ replay: inout ReplayMemory, correction: Double, random: inout PCG64) -> Double {
        let batch = settings.batch
        let actions = online.network.outputCount
        let drawn =
            settings.usesPriorities
            ? replay.draw(batch, correction: correction, random: &random)
            : (
                slots: (0..<batch).map { _ in random.index(below: replay.count) },
                weights: [Float](repeating: 1, count: batch)
            )
        for (row, slot) in drawn.slots.enumerated() {
            replay.copyFeatures(slot, to: current.input, row: row)
            replay.copyNext(slot, to: following.input, row: row)
        }
        bootstrap.input.copy(from: following.input)
        bootstrap.forward(target, batch: batch)
        if settings.usesDoubleEstimate { following.forward(online, batch: batch) }
        current.forward(online, batch: batch)
        let discount = Float(returnDiscount)
        outputGradient.fill(0)
        var errors = 0.0
        for (row, slot) in drawn.slots.enumerated() {
            let judge = settings.usesDoubleEstimate ? following.output : bootstrap.output
            let best = bestAllowed(judge, row: row * actions, allowed: replay.nextAllowed(slot), actions: actions)
            let goal = replay.reward(slot) + discount * bootstrap.output[row * actions + best]
            let position = row * actions + replay.choice(slot)
            let error = current.output[position] - goal
            // The derivative of Huber's loss with threshold one.
            outputGradient[position] = min(max(error, -1), 1) * drawn.weights[row] / Float(batch)
            if settings.usesPriorities { replay.setError(error, of: slot) }
            errors += Double(abs(error))
        }
        gradient.fill(0)
        current.backward(online, batch: batch, outputGradient: outputGradient, parameterGradient: gradient)
        if DeepQLearner.clipping.apply(to: gradient).isFinite {
            optimizer.step(online.parameters, gradient: gradient)
            target.parameters.interpolate(towards: online.parameters, rate: settings.targetRate)
        }
        return errors / Double(batch)
    }

    private var returnDiscount: Double {
        (0..<settings.returnLength).reduce(1) { product, _ in product * settings.discount }
    }

    private func bestAllowed(_ values: FloatBuffer, row: Int, allowed: UInt64, actions: Int) -> Int {
        var best = -1
        for action in 0..<actions where allowed >> UInt64(action) & 1 == 1 {
            if best < 0 || values[row + action] > values[row + best] { best = action }
        }
        precondition(best >= 0, "Holding is always allowed")
        return best
    }
}
