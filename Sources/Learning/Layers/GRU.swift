// The gated recurrent unit: its sizes, parameters and memory.

/// A gated recurrent unit (Cho et al., Learning phrase representations using RNN encoder-decoder, EMNLP 2014) over a
/// sequence, in the form in which the reset gate acts after the recurrent product:
///
///     r = σ(W_ir x + b_ir + W_hr h + b_hr)        reset gate
///     z = σ(W_iz x + b_iz + W_hz h + b_hz)        update gate
///     n = tanh(W_in x + b_in + r ∘ (W_hn h + b_hn))
///     h ← (1 − z) ∘ n + z ∘ h
///
/// The state h is zero before the first position. Input positions × inputs; output positions × units, or the last state
/// alone. Parameters, gates in the order r, z, n: `weight_ih_l0` 3·units × inputs, `weight_hh_l0` 3·units × units,
/// `bias_ih_l0` and `bias_hh_l0` 3·units. Names, shapes and order are PyTorch's.
public struct GRU: Layer {
    public let positions: Int
    public let inputs: Int
    public let units: Int

    /// Whether the output is the state at every position instead of the last one.
    public let returnsSequence: Bool

    let recurrentWeightOffset: Int
    let inputBiasOffset: Int
    let recurrentBiasOffset: Int

    public init(positions: Int, inputs: Int, units: Int, returnsSequence: Bool = false) {
        precondition(positions > 0 && inputs > 0 && units > 0, "a size is not positive")
        self.positions = positions
        self.inputs = inputs
        self.units = units
        self.returnsSequence = returnsSequence
        let gates = 3 * units
        recurrentWeightOffset = (gates * inputs + 15) & ~15
        inputBiasOffset = recurrentWeightOffset + (gates * units + 15) & ~15
        recurrentBiasOffset = inputBiasOffset + (gates + 15) & ~15
    }

    public var inputCount: Int { positions * inputs }
    public var outputCount: Int { returnsSequence ? positions * units : units }

    /// Weights start uniform with a bound of units^−½, so that the recurrence neither grows nor dies at once.
    public var parameters: [ParameterSpecification] {
        let first = Initialization.uniform(bound: 1 / Float(units).squareRoot())
        return [
            ParameterSpecification(name: "weight_ih_l0", shape: [3 * units, inputs], initialization: first),
            ParameterSpecification(name: "weight_hh_l0", shape: [3 * units, units], initialization: first),
            ParameterSpecification(name: "bias_ih_l0", shape: [3 * units], initialization: first),
            ParameterSpecification(name: "bias_hh_l0", shape: [3 * units], initialization: first),
        ]
    }

    /// Per sample: gates and recurrent part of n at every position, the states unless they are the output, and the
    /// recurrent product, state gradient and zero state of one position.
    public var workspaceCount: Int {
        positions * units * (returnsSequence ? 4 : 5) + 5 * units
    }

    func inputWeights(_ parameters: FloatView) -> FloatMatrix {
        parameters.slice(0, 3 * units * inputs).matrix(rows: 3 * units, columns: inputs)
    }

    func recurrentWeights(_ parameters: FloatView) -> FloatMatrix {
        parameters.slice(recurrentWeightOffset, 3 * units * units).matrix(rows: 3 * units, columns: units)
    }

    func inputBias(_ parameters: FloatView) -> FloatView {
        parameters.slice(inputBiasOffset, 3 * units)
    }

    func recurrentBias(_ parameters: FloatView) -> FloatView {
        parameters.slice(recurrentBiasOffset, 3 * units)
    }
}
