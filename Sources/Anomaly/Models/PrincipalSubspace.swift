// Dimension reduction of a stream.

import Learning

/// The principal components of a stream of points, without a covariance matrix (CCIPCA: Weng, Zhang and Hwang, Candid
/// covariance-free incremental principal component analysis, IEEE PAMI 25, 2003).
///
/// `project` gives a point's coordinates in the subspace; the score is how far from it the point lies, in natural logarithms
/// of multiples of the usual distance.
final class PrincipalSubspace: OutlierModel {
    /// Dimensions that are kept.
    static let dimensions = 6
    /// Points before the subspace means anything.
    private static let fewest = 64
    /// How much a new point weighs beyond its share, so that old ones are forgotten.
    private static let amnesia: Float = 2
    private static let longest: Float = 5000

    private(set) var components = [SIMD32<Float>](repeating: SIMD32(), count: PrincipalSubspace.dimensions)
    private var mean = SIMD32<Float>()
    private var count: Float = 0
    private var usual: Float = 0

    init() {}

    /// Coordinates of a point along the components.
    func project(_ point: SIMD32<Float>) -> [Float] {
        var rest = point - mean
        return components.map { component in
            let unit = Self.unit(component)
            let along = (rest * unit).sum()
            rest -= unit * along
            return along
        }
    }

    func score(_ point: SIMD32<Float>) -> Float {
        guard count >= Float(Self.fewest), usual > 0 else { return 0 }
        return Float(PortableMath.logOnePlus(Double(residual(point) / usual)))
    }

    /// The distance of a point from the subspace.
    func residual(_ point: SIMD32<Float>) -> Float {
        var rest = point - mean
        for component in components {
            let unit = Self.unit(component)
            rest -= unit * (rest * unit).sum()
        }
        return (rest * rest).sum().squareRoot()
    }

    func learn(_ point: SIMD32<Float>, _ now: UInt32) {
        count = min(Self.longest, count + 1)
        let old = residual(point)
        usual += (old - usual) / min(count, 500)
        mean += (point - mean) / count
        var rest = point - mean
        let forgotten = count > 2 * Self.amnesia ? Self.amnesia : 0
        for index in components.indices {
            let length = Self.length(components[index])
            if length < 1e-6 {
                components[index] = rest
                return
            }
            let along = (rest * components[index]).sum() / length
            components[index] =
                components[index] * ((count - 1 - forgotten) / count) + rest * (along * (1 + forgotten) / count)
            let unit = Self.unit(components[index])
            rest -= unit * (rest * unit).sum()
        }
    }

    func exchange(_ archive: ModelArchive) {
        archive.exchange(&components, atMost: Self.dimensions)
        archive.exchange(&mean)
        archive.exchange(&count)
        archive.exchange(&usual)
        if components.count != Self.dimensions { archive.refuse() }
    }

    private static func length(_ vector: SIMD32<Float>) -> Float { (vector * vector).sum().squareRoot() }

    private static func unit(_ vector: SIMD32<Float>) -> SIMD32<Float> {
        let length = length(vector)
        return length > 1e-6 ? vector / length : SIMD32()
    }
}
