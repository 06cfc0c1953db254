// Mean and deviation of every feature over a training.

/// Running moments (Welford: Note on a Method for Calculating Corrected Sums of Squares and Products, 1962).
struct FeatureMoments {
    private var count = 0.0
    private var mean: [Double]
    private var squares: [Double]

    init(count width: Int) {
        mean = Array(repeating: 0, count: width)
        squares = mean
    }

    mutating func add(_ features: [Float]) {
        count += 1
        for index in features.indices {
            let difference = Double(features[index]) - mean[index]
            mean[index] += difference / count
            squares[index] += difference * (Double(features[index]) - mean[index])
        }
    }

    var range: FeatureRange {
        FeatureRange(
            mean: mean.map { Float($0) },
            deviation: squares.map { Float(($0 / max(count - 1, 1)).squareRoot()) })
    }
}
