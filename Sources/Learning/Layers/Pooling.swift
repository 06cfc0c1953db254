// A sequence made shorter.

/// The mean or the largest value of each channel over windows of a sequence.
///
/// Input positions × channels, output `outputPositions` × channels. A window as long as the sequence leaves one value per
/// channel (global pooling). Positions past the last whole window are left out.
public struct Pooling: Layer {
    /// What is kept of a window.
    public enum Kind: Sendable {
        case mean
        /// The gradient goes to the first of equal values.
        case maximum
    }

    public let kind: Kind
    public let positions: Int
    public let channels: Int
    public let window: Int
    public let stride: Int
    public let outputPositions: Int

    /// - Parameters:
    ///   - window: positions per window; all of them where not given.
    ///   - stride: positions from one window to the next; the window's length where not given.
    public init(_ kind: Kind, positions: Int, channels: Int, window: Int? = nil, stride: Int? = nil) {
        let window = window ?? positions
        let stride = stride ?? window
        precondition(positions > 0 && channels > 0 && stride > 0, "a size is not positive")
        precondition(window > 0 && window <= positions, "the window does not fit into the sequence")
        self.kind = kind
        self.positions = positions
        self.channels = channels
        self.window = window
        self.stride = stride
        outputPositions = (positions - window) / stride + 1
    }

    public var inputCount: Int { positions * channels }
    public var outputCount: Int { outputPositions * channels }

    public func forward(_ pass: LayerPass) {
        forEachWindow(pass.batch) { outputOffset, inputOffset in
            let output = pass.output.slice(outputOffset, channels)
            output.copy(from: pass.input.slice(inputOffset, channels))
            for step in 1..<window {
                let row = pass.input.slice(inputOffset + step * channels, channels)
                switch kind {
                case .mean: output.updateVectors(with: row) { $0 + $1 }
                case .maximum:
                    // What is not a number replaces everything, as in a sum.
                    output.updateVectors(with: row) { $0.replacing(with: $1, where: .!($1 .<= $0) .& ($0 .== $0)) }
                }
            }
            if kind == .mean {
                let share = 1 / Float(window)
                output.updateVectors { $0 * share }
            }
        }
    }

    public func backward(
        _ pass: LayerPass, outputGradient: FloatView, inputGradient: FloatView?, parameterGradient: FloatView
    ) {
        guard let inputGradient else { return }
        inputGradient.fill(0)
        forEachWindow(pass.batch) { outputOffset, inputOffset in
            let gradient = outputGradient.slice(outputOffset, channels)
            switch kind {
            case .mean:
                let share = 1 / Float(window)
                for step in 0..<window {
                    inputGradient.slice(inputOffset + step * channels, channels)
                        .updateVectors(with: gradient) { $0 + $1 * share }
                }
            case .maximum:
                for channel in 0..<channels {
                    let largest = pass.output[outputOffset + channel]
                    for step in 0..<window where pass.input[inputOffset + step * channels + channel] == largest {
                        inputGradient[inputOffset + step * channels + channel] += gradient[channel]
                        break
                    }
                }
            }
        }
    }

    @inline(__always)
    private func forEachWindow(_ batch: Int, _ body: (_ outputOffset: Int, _ inputOffset: Int) -> Void) {
        for sample in 0..<batch {
            for position in 0..<outputPositions {
                body(
                    sample * outputCount + position * channels,
                    sample * inputCount + position * stride * channels)
            }
        }
    }
}
