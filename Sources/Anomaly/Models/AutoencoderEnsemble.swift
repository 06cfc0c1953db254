// Small autoencoders that each know some coordinates.

import Learning

/// An ensemble of autoencoders in the manner of KitNET (Mirsky, Doitshman, Elovici and Shabtai, Kitsune: an ensemble of
/// autoencoders for online network intrusion detection, NDSS 2018).
///
/// The first points tell which coordinates go together: clusters of at most eight by correlation. Then each cluster has an
/// autoencoder that learns to reproduce its coordinates, and one more learns to reproduce the errors of the others. The score is
/// how badly that one does, in natural logarithms of multiples of the usual error.
final class AutoencoderEnsemble: OutlierModel {
    private static let mapping = 400
    private static let mostInputs = 8

    private var first: [SIMD32<Float>] = []
    private var scale = UnitScale()
    private var groups: [[Int]] = []
    private var members: [Autoencoder] = []
    private var head: Autoencoder?
    private let seed: UInt64
    private var learned = 0
    private var usual: Float = 0

    init(seed: UInt64) {
        self.seed = seed
    }

    func score(_ point: SIMD32<Float>) -> Float {
        // As many again as the map took, so that the errors have come down.
        guard learned >= Self.mapping, usual > 0 else { return 0 }
        return Float(PortableMath.logOnePlus(Double(error(of: point) / usual)))
    }

    /// The head's error for a point.
    private func error(of point: SIMD32<Float>) -> Float {
        let scaled = scale.scale(point)
        let errors = zip(members, groups).map { $0.error(of: $1.map { scaled[$0] }) }
        return head?.error(of: errors) ?? 0
    }

    func learn(_ point: SIMD32<Float>, _ now: UInt32) {
        guard let head else {
            scale.widen(point)
            first.append(point)
            if first.count == Self.mapping { build() }
            return
        }
        learned += 1
        let scaled = scale.scale(point)
        let errors = zip(members, groups).map { $0.learn($1.map { scaled[$0] }) }
        let error = head.learn(errors)
        usual += (error - usual) / Float(min(learned, 500))
    }

    func exchange(_ archive: ModelArchive) {
        archive.exchange(&scale)
        archive.exchange(&first, atMost: ModelArchive.mostPoints)
        archive.exchange(&learned)
        archive.exchange(&usual)
        var count = groups.count
        archive.exchange(count: &count, atMost: 32)
        if archive.isReading { groups = Array(repeating: [], count: count) }
        for index in groups.indices {
            archive.exchange(&groups[index], atMost: Self.mostInputs)
            let isGroup = !groups[index].isEmpty && groups[index].allSatisfy { (0..<32).contains($0) }
            guard archive.isSound, isGroup else { return archive.refuse() }
        }
        guard !groups.isEmpty else { return }
        if archive.isReading { makeMembers() }
        for member in members { member.exchange(archive) }
        head?.exchange(archive)
    }

    private func build() {
        groups = CoordinateMap(first.map(scale.scale), mostInputs: Self.mostInputs).groups
        makeMembers()
        let points = first
        first = []
        for point in points { learn(point, 0) }
        learned = 0
    }

    private func makeMembers() {
        members = groups.enumerated().map { Autoencoder(inputs: $1.count, seed: seed &+ UInt64($0)) }
        head = Autoencoder(inputs: groups.count, seed: seed &+ 1000)
    }
}

/// One autoencoder: inputs, three quarters as many hidden units, inputs; sigmoids; trained by one step a sample.
final class Autoencoder {
    private static let learningRate: Float = 0.1

    private let model: Model
    private let execution: Execution
    private let outputGradient: FloatBuffer
    private let gradient: FloatBuffer
    private let optimizer: StochasticGradientDescent
    private let inputs: Int

    init(inputs: Int, seed: UInt64) {
        self.inputs = inputs
        let hidden = max(1, (inputs * 3 + 3) / 4)
        let network = Sequential([
            Dense(inputs: inputs, outputs: hidden), Activation(.sigmoid, count: hidden),
            Dense(inputs: hidden, outputs: inputs), Activation(.sigmoid, count: inputs),
        ])
        model = Model(network, seed: seed)
        execution = Execution(network)
        outputGradient = FloatBuffer(count: inputs)
        gradient = FloatBuffer(count: model.layout.count)
        optimizer = StochasticGradientDescent(
            count: model.layout.count, learningRate: Self.learningRate, momentum: 0)
    }

    /// The root mean square error of reproducing a sample.
    func error(of sample: [Float]) -> Float {
        execution.input.copy(sample)
        execution.forward(model)
        var sum: Float = 0
        for index in 0..<inputs {
            let difference = execution.output[index] - sample[index]
            sum += difference * difference
        }
        return (sum / Float(inputs)).squareRoot()
    }

    /// The error before one step towards the sample.
    func learn(_ sample: [Float]) -> Float {
        let error = error(of: sample)
        for index in 0..<inputs { outputGradient[index] = execution.output[index] - sample[index] }
        gradient.fill(0)
        execution.backward(model, outputGradient: outputGradient, parameterGradient: gradient)
        optimizer.step(model.parameters, gradient: gradient)
        return error
    }

    /// Saves the weights, or takes them up: without momentum, they are all that was learned.
    func exchange(_ archive: ModelArchive) { archive.exchange(model.parameters) }
}
