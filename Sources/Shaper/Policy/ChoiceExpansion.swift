// From the parts of a choice to the choice.

import Learning

/// Adds up what each part of a choice is worth: `output[choice] = weights[...] + limiter[...] + steering[...]`.
///
/// Parts are learned from every choice that contains them, so a network with this layer needs far fewer samples than one
/// with a free output for each combination (after Tavakoli et al.: Action Branching Architectures for Deep Reinforcement
/// Learning, AAAI 2018). No parameters.
struct ChoiceExpansion: Layer {
    private let parts: [(weights: Int, limiter: Int, steering: Int)]

    init() {
        let first = ControlAction.Weights.allCases.count
        let second = first + ControlAction.Limiter.allCases.count
        parts = ControlAction.learnable.map { choice in
            (choice.weights.rawValue, first + choice.limiter.rawValue, second + choice.steering.rawValue)
        }
    }

    var inputCount: Int {
        ControlAction.Weights.allCases.count + ControlAction.Limiter.allCases.count
            + ControlAction.Steering.allCases.count
    }

    var outputCount: Int { parts.count }

    func forward(_ pass: LayerPass) {
        for sample in 0..<pass.batch {
            let input = pass.input.slice(sample * inputCount, inputCount)
            let output = pass.output.slice(sample * outputCount, outputCount)
            for (choice, part) in parts.enumerated() {
                output[choice] = input[part.weights] + input[part.limiter] + input[part.steering]
            }
        }
    }

    func backward(
        _ pass: LayerPass, outputGradient: FloatView, inputGradient: FloatView?, parameterGradient: FloatView
    ) {
        guard let inputGradient else { return }
        for sample in 0..<pass.batch {
            let gradient = outputGradient.slice(sample * outputCount, outputCount)
            let result = inputGradient.slice(sample * inputCount, inputCount)
            result.fill(0)
            for (choice, part) in parts.enumerated() {
                result[part.weights] += gradient[choice]
                result[part.limiter] += gradient[choice]
                result[part.steering] += gradient[choice]
            }
        }
    }
}
