// From the parts of a choice to the choice.

import Learning

/// Adds up what each part of a choice is worth: `output[choice] = weights[...] + limiter[...] + steering[...] +
/// pages[...]`.
///
/// Parts are learned from every choice that contains them, so a network with this layer needs far fewer samples than one
/// with a free output for each combination (after Tavakoli et al.: Action Branching Architectures for Deep Reinforcement
/// Learning, AAAI 2018). No parameters.
struct ChoiceExpansion: Layer {
    private let parts: [SIMD4<Int>]

    init() {
        let first = ControlAction.Weights.allCases.count
        let second = first + ControlAction.Limiter.allCases.count
        let third = second + ControlAction.Steering.allCases.count
        parts = ControlAction.learnable.map { choice in
            SIMD4(
                choice.weights.rawValue, first + choice.limiter.rawValue, second + choice.steering.rawValue,
                third + choice.pages.rawValue)
        }
    }

    var inputCount: Int {
        ControlAction.Weights.allCases.count + ControlAction.Limiter.allCases.count
            + ControlAction.Steering.allCases.count + ControlAction.Pages.allCases.count
    }

    var outputCount: Int { parts.count }

    func forward(_ pass: LayerPass) {
        for sample in 0..<pass.batch {
            let input = pass.input.slice(sample * inputCount, inputCount)
            let output = pass.output.slice(sample * outputCount, outputCount)
            for (choice, part) in parts.enumerated() {
                output[choice] = input[part[0]] + input[part[1]] + input[part[2]] + input[part[3]]
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
                for index in part.indices { result[part[index]] += gradient[choice] }
            }
        }
    }
}
