// Layers of equal area under a falling density, for drawing from it with one multiplication most of the time.

import Glibc

/// The tables of Marsaglia and Tsang: The Ziggurat Method for Generating Random Variables, 2000.
struct Ziggurat: Sendable {
    /// Where the last layer of the exponential ends and its tail begins.
    static let exponentialTail = 7.69711747013104972
    /// Where the last layer of the normal ends and its tail begins.
    static let normalTail = 3.6541528853610087963519472518

    /// Random integers below this lie inside the layer without a further look.
    let inside: [UInt64]
    /// Width of the layer per unit of the random integer.
    let width: [Double]
    /// Density at the layer's edge.
    let height: [Double]

    static let exponential = Ziggurat(
        tail: exponentialTail, area: 0.0039496598225815571993, range: 0x1p53, density: { exp(-$0) },
        inverse: { -log($0) })

    static let normal = Ziggurat(
        tail: normalTail, area: 0.00492867323399, range: 0x1p52, density: { exp(-0.5 * $0 * $0) },
        inverse: { (-2 * log($0)).squareRoot() })

    private init(
        tail: Double, area: Double, range: Double, density: (Double) -> Double, inverse: (Double) -> Double
    ) {
        var inside = [UInt64](repeating: 0, count: 256)
        var width = [Double](repeating: 0, count: 256)
        var height = [Double](repeating: 1, count: 256)
        let base = area / density(tail)
        inside[0] = UInt64(tail / base * range)
        width[0] = base / range
        width[255] = tail / range
        height[255] = density(tail)
        var edge = tail
        for layer in stride(from: 254, through: 1, by: -1) {
            let inner = inverse(area / edge + density(edge))
            inside[layer + 1] = UInt64(inner / edge * range)
            width[layer] = inner / range
            height[layer] = density(inner)
            edge = inner
        }
        self.inside = inside
        self.width = width
        self.height = height
    }
}
