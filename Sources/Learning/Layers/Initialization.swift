// First values of parameters.

/// How a parameter tensor is filled before training.
///
/// The inputs of one output (fan-in) are all sizes of a tensor's shape but the first, multiplied; its outputs (fan-out)
/// are the first size times the sizes between the first and the last, which for a convolution is outputs × kernel.
public enum Initialization: Sendable, Equatable {
    /// Every float the same.
    case constant(Float)
    /// Uniform over −bound ..< bound.
    case uniform(bound: Float)
    /// Normal with variance 2 / fan-in, for layers before a ReLU (He et al., Delving deep into rectifiers, ICCV 2015).
    case heNormal
    /// Uniform with variance 2 / fan-in, for layers before a ReLU (He et al.).
    case heUniform
    /// Normal with variance 2 / (fan-in + fan-out), for sigmoid, tanh and linear layers (Glorot and Bengio,
    /// Understanding the difficulty of training deep feedforward neural networks, AISTATS 2010).
    case glorotNormal
    /// Uniform with variance 2 / (fan-in + fan-out) (Glorot and Bengio).
    case glorotUniform

    /// Fills `values`, a tensor of the given shape.
    func fill(_ values: FloatView, shape: [Int], random: inout RandomSource) {
        let inputs = Double(shape.dropFirst().reduce(1, *))
        let outputs = Double(shape.dropLast().reduce(1, *))
        let he = (2 / inputs).squareRoot()
        let glorot = (2 / (inputs + outputs)).squareRoot()
        switch self {
        case .constant(let value): values.fill(value)
        case .uniform(let bound): fillUniform(values, bound: Double(bound), random: &random)
        case .heNormal: fillNormal(values, deviation: he, random: &random)
        case .heUniform: fillUniform(values, bound: he * 3.0.squareRoot(), random: &random)
        case .glorotNormal: fillNormal(values, deviation: glorot, random: &random)
        case .glorotUniform: fillUniform(values, bound: glorot * 3.0.squareRoot(), random: &random)
        }
    }

    private func fillUniform(_ values: FloatView, bound: Double, random: inout RandomSource) {
        for index in 0..<values.count { values[index] = Float(random.uniform(-bound, bound)) }
    }

    private func fillNormal(_ values: FloatView, deviation: Double, random: inout RandomSource) {
        for index in 0..<values.count { values[index] = Float(random.normal() * deviation) }
    }
}
