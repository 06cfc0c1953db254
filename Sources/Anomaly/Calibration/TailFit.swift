// The tail beyond a sample.

/// What the surprise of a value is made of once its empirical surprise is known.
struct TailFit {
    /// The largest surprise.
    static let limit: Float = 8
    /// How far the fitted tail may exceed the empirical surprise.
    private static let mostBeyond: Float = 4
    static let perDecade: Float = 0.4342945

    /// Size of the sample; zero for none.
    var count = 0
    /// The empirical surprise of what is larger than everything in the sample.
    var countSurprise: Float = 0
    /// Where the tail begins, its surprise there, and its mean excess.
    var start: Float = 0
    var surprise: Float = 0
    var excess: Float = 1

    /// The surprise of a value, from 0 to `limit`.
    @inline(__always)
    func surprise(_ value: Float, empirical: Float) -> Float {
        guard value > start else { return min(Self.limit, max(0, empirical)) }
        let fitted = surprise + (value - start) / excess * Self.perDecade
        return min(Self.limit, max(0, min(fitted, empirical + Self.mostBeyond)))
    }
}
