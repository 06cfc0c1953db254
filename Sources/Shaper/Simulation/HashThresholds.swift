// Which path a flow's hash falls on.

/// Path weights as upper bounds in [0, 1], as the multipath route of Linux keeps them: after a change of weights only
/// the flows between an old and a new bound move.
struct HashThresholds: Sendable {
    private var upper = PathVector(repeating: 1)
    private let last: Int

    init(weights: PathVector, paths: Int) {
        last = paths - 1
        var total = 0.0
        for path in 0..<paths { total += max(0, weights[path]) }
        guard total > 0 else { return }
        var sum = 0.0
        for path in 0..<paths {
            sum += max(0, weights[path]) / total
            upper[path] = sum
        }
    }

    @inline(__always)
    func path(for hash: Double) -> Int {
        var path = 0
        while path < last, hash > upper[path] { path += 1 }
        return path
    }
}
