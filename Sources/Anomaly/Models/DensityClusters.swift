// Density clusters that fade.

import Learning

/// Micro-clusters of one kind of points, with weights that halve over time (DenStream: Cao, Ester, Qian and Zhou,
/// Density-based clustering over an evolving data stream with noise, SDM 2006).
///
/// A cluster is potential when its weight reaches `potential`, else an outlier cluster, which must grow or go. A point joins the
/// nearest potential cluster, then the nearest outlier cluster, if the cluster's radius stays below `radius`; otherwise it
/// begins one. The score is the distance to the nearest potential cluster.
final class DensityClusters: OutlierModel {
    private static let radius: Float = 0.9
    private static let potential: Float = 3
    /// Ticks in which a weight halves: half an hour.
    private static let halfLife = Float(1800 * DetectorClock.ticksPerSecond)
    private static let most = 192

    struct Cluster {
        var sum: SIMD32<Float>
        var squares: Float
        var weight: Float
        var updated: UInt32

        var centre: SIMD32<Float> { sum / weight }

        /// Root mean square distance of the points from the centre.
        var spread: Float {
            let centre = centre
            return max(0, squares / weight - (centre * centre).sum()).squareRoot()
        }

        mutating func fade(to now: UInt32, halfLife: Float) {
            let age = Float(now &- updated)
            guard age > 16 else { return }
            let factor = Float(PortableMath.exp(Double(-age / halfLife) * 0.693147180559945))
            sum *= factor
            squares *= factor
            weight *= factor
            updated = now
        }

        mutating func add(_ point: SIMD32<Float>) {
            sum += point
            squares += (point * point).sum()
            weight += 1
        }
    }

    private(set) var clusters: [Cluster] = []
    private var learned = 0

    init() {}

    func score(_ point: SIMD32<Float>) -> Float {
        guard learned >= 30 else { return 0 }
        var nearest = Float.infinity
        for cluster in clusters where cluster.weight >= Self.potential {
            let difference = point - cluster.centre
            nearest = min(nearest, (difference * difference).sum())
        }
        return nearest < .infinity ? nearest.squareRoot() : 0
    }

    func learn(_ point: SIMD32<Float>, _ now: UInt32) {
        learned += 1
        for wantsPotential in [true, false] {
            var nearest = (index: -1, distance: Float.infinity)
            for (index, cluster) in clusters.enumerated()
            where (cluster.weight >= Self.potential) == wantsPotential {
                let difference = point - cluster.centre
                let distance = (difference * difference).sum()
                if distance < nearest.distance { nearest = (index, distance) }
            }
            guard nearest.index >= 0 else { continue }
            var grown = clusters[nearest.index]
            grown.fade(to: now, halfLife: Self.halfLife)
            grown.add(point)
            if grown.spread <= Self.radius {
                clusters[nearest.index] = grown
                return
            }
        }
        if clusters.count >= Self.most { prune(now) }
        clusters.append(
            Cluster(sum: point, squares: (point * point).sum(), weight: 1, updated: now))
    }

    func exchange(_ archive: ModelArchive) {
        archive.exchange(&clusters, atMost: Self.most + 1)
        archive.exchange(&learned)
    }

    /// Removes what has faded, and the lightest if that is not enough.
    private func prune(_ now: UInt32) {
        for index in clusters.indices { clusters[index].fade(to: now, halfLife: Self.halfLife) }
        clusters.removeAll { $0.weight < 0.5 }
        if clusters.count >= Self.most,
            let lightest = clusters.indices.min(by: { clusters[$0].weight < clusters[$1].weight })
        {
            clusters.remove(at: lightest)
        }
    }
}
