// Samples varied at random, so that a model learns what does not matter (Um et al., Data augmentation of wearable sensor
// data, ICMI 2017).

/// One random change to samples that are sequences of positions × channels.
public enum Augmentation: Sendable, Equatable {
    /// Adds normal noise of this standard deviation to every float.
    case jitter(deviation: Float)
    /// Multiplies each channel of a sample by one normal number with mean 1 and this standard deviation.
    case scaling(deviation: Float)
    /// Sets a run of positions to `fill`: of a length drawn evenly from 0 to `longest`, at an even place.
    case masking(longest: Int, fill: Float)
    /// Moves a sample by up to `farthest` positions either way; the first or last position fills the gap.
    case timeShift(farthest: Int)

    /// Changes `batch` samples of positions × channels in place.
    public func apply(
        to samples: FloatBuffer, batch: Int, positions: Int, channels: Int, random: inout RandomSource
    ) {
        samples.withView { view in
            for sample in 0..<batch {
                let size = positions * channels
                apply(to: view.slice(sample * size, size), positions, channels, &random)
            }
        }
    }

    private func apply(to sample: FloatView, _ positions: Int, _ channels: Int, _ random: inout RandomSource) {
        switch self {
        case .jitter(let deviation):
            for index in 0..<sample.count { sample[index] += Float(random.normal()) * deviation }
        case .scaling(let deviation):
            for channel in 0..<channels {
                let factor = 1 + Float(random.normal()) * deviation
                for position in 0..<positions { sample[position * channels + channel] *= factor }
            }
        case .masking(let longest, let fill):
            let length = random.below(min(longest, positions) + 1)
            let start = random.below(positions - length + 1)
            sample.slice(start * channels, length * channels).fill(fill)
        case .timeShift(let farthest):
            let limit = min(farthest, positions - 1)
            shift(sample, positions, channels, by: random.below(2 * limit + 1) - limit)
        }
    }

    /// Moves a sample to later positions, or to earlier ones for a negative distance. Positions are visited so that none
    /// is overwritten before it was copied.
    private func shift(_ sample: FloatView, _ positions: Int, _ channels: Int, by distance: Int) {
        guard distance != 0 else { return }
        for step in 0..<positions {
            let position = distance > 0 ? positions - 1 - step : step
            let source = min(max(position - distance, 0), positions - 1)
            if source != position {
                sample.slice(position * channels, channels).copy(from: sample.slice(source * channels, channels))
            }
        }
    }
}
