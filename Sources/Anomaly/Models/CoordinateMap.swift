// Which coordinates go together.

/// Groups of coordinates by correlation: agglomerative clustering with average distance 1 − |r|, no group larger than a bound
/// (the feature mapper of KitNET, with the absolute correlation).
struct CoordinateMap {
    let groups: [[Int]]

    init(_ points: [SIMD32<Float>], mostInputs: Int) {
        let count = Float(max(1, points.count))
        let mean = points.reduce(SIMD32<Float>(), +) / count
        var deviations = SIMD32<Float>()
        for point in points { deviations += (point - mean) * (point - mean) }
        deviations = deviations.squareRoot()
        var distances = [[Float]](repeating: Array(repeating: 1, count: 32), count: 32)
        for first in 0..<32 {
            for second in 0..<first {
                var sum: Float = 0
                for point in points { sum += (point[first] - mean[first]) * (point[second] - mean[second]) }
                let scale = deviations[first] * deviations[second]
                let distance = scale > 1e-6 ? 1 - abs(sum / scale) : 1
                distances[first][second] = distance
                distances[second][first] = distance
            }
        }
        var groups = (0..<32).map { [$0] }
        while true {
            var best: (first: Int, second: Int, distance: Float)?
            for first in groups.indices {
                for second in 0..<first where groups[first].count + groups[second].count <= mostInputs {
                    var sum: Float = 0
                    for one in groups[first] { for other in groups[second] { sum += distances[one][other] } }
                    let distance = sum / Float(groups[first].count * groups[second].count)
                    if distance < best?.distance ?? .infinity { best = (first, second, distance) }
                }
            }
            guard let best else { break }
            groups[best.second] += groups[best.first]
            groups.remove(at: best.first)
        }
        self.groups = groups
    }
}
