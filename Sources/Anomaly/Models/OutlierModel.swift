// What every model of flow shapes can do.

import Learning

/// A model of points: how far a point is from what was learned. Deterministic; one thread at a time.
protocol OutlierModel: AnyObject {
    /// Zero for what is ordinary or while too little is known, larger for stranger points. The scale is the model's own:
    /// calibration turns it into a probability.
    func score(_ point: SIMD32<Float>) -> Float

    /// Takes in an ordinary point seen at a tick.
    func learn(_ point: SIMD32<Float>, _ now: UInt32)

    /// Saves what was learned, or takes it up into a model that has learned nothing.
    func exchange(_ archive: ModelArchive)
}

extension ModelArchive {
    /// Most points that a model keeps before it begins.
    static let mostPoints = 1024

    /// The numbers of a buffer whose size is known.
    func exchange(_ buffer: FloatBuffer) {
        var values = buffer.values
        exchange(&values, atMost: buffer.count)
        guard isReading else { return }
        guard values.count == buffer.count else { return refuse() }
        buffer.copy(values)
    }
}

/// Scales each coordinate to 0...1 by the range of the first points.
struct UnitScale {
    private var low = SIMD32<Float>(repeating: .infinity)
    private var high = SIMD32<Float>(repeating: -.infinity)

    mutating func widen(_ point: SIMD32<Float>) {
        low = low.replacing(with: point, where: point .< low)
        high = high.replacing(with: point, where: point .> high)
    }

    /// The point within the range; beyond it as far as −1 and 2.
    func scale(_ point: SIMD32<Float>) -> SIMD32<Float> {
        var width = high - low
        width.replace(with: 1, where: width .< 1e-3)
        return ((point - low) / width).clamped(
            lowerBound: SIMD32(repeating: -1), upperBound: SIMD32(repeating: 2))
    }
}
