// A streaming isolation forest.

import Learning

/// Half-space trees (Tan, Ting and Liu, Fast anomaly detection for streaming data, IJCAI 2011).
///
/// Each tree halves the space at random coordinates, before any data; a node's mass is how many points of the last window fell
/// into it. A point that ends among little mass, soon, is far from everything. Masses of the window at hand replace those of
/// the last one when it is full, so that the model follows the stream.
final class HalfSpaceTrees: OutlierModel {
    private static let trees = 25
    private static let depth = 8
    private static let window = 256
    /// Nodes with less mass than this are not looked into further.
    private static let sizeLimit: Float = 25
    private static let nodes = (1 << (depth + 1)) - 1

    private var coordinates: [UInt8]
    private var cuts: [Float]
    private var reference = [Float](repeating: 0, count: HalfSpaceTrees.trees * HalfSpaceTrees.nodes)
    private var latest = [Float](repeating: 0, count: HalfSpaceTrees.trees * HalfSpaceTrees.nodes)
    private var learned = 0
    private var scale = UnitScale()
    private var first: [SIMD32<Float>] = []
    private var hasReference = false

    init(seed: UInt64) {
        var random = RandomSource(seed: seed)
        coordinates = Array(repeating: 0, count: Self.trees * Self.nodes)
        cuts = Array(repeating: 0, count: Self.trees * Self.nodes)
        for tree in 0..<Self.trees {
            // A work range around a random point, twice as wide as the data on the longer side.
            var low = SIMD32<Float>()
            var high = SIMD32<Float>()
            for coordinate in 0..<32 {
                let centre = Float(random.uniform())
                let reach = 2 * max(centre, 1 - centre)
                low[coordinate] = centre - reach
                high[coordinate] = centre + reach
            }
            split(tree * Self.nodes, 0, low, high, &random)
        }
    }

    private func split(
        _ base: Int, _ node: Int, _ low: SIMD32<Float>, _ high: SIMD32<Float>, _ random: inout RandomSource
    ) {
        guard 2 * node + 2 < Self.nodes else { return }
        let coordinate = random.below(32)
        let cut = (low[coordinate] + high[coordinate]) * 0.5
        coordinates[base + node] = UInt8(coordinate)
        cuts[base + node] = cut
        var (below, above) = (high, low)
        below[coordinate] = cut
        above[coordinate] = cut
        split(base, 2 * node + 1, low, below, &random)
        split(base, 2 * node + 2, above, high, &random)
    }

    func score(_ point: SIMD32<Float>) -> Float {
        guard hasReference else { return 0 }
        let scaled = scale.scale(point)
        var sum: Float = 0
        for tree in 0..<Self.trees {
            let base = tree * Self.nodes
            var node = 0
            var weight: Float = 1
            while 2 * node + 2 < Self.nodes, reference[base + node] > Self.sizeLimit {
                node = scaled[Int(coordinates[base + node])] < cuts[base + node] ? 2 * node + 1 : 2 * node + 2
                weight *= 2
            }
            sum += reference[base + node] * weight
        }
        // All of a window in one leaf of every tree scores zero; every halving of the mass around a point adds the same.
        let most = Float(Self.trees * Self.window) * Float(1 << Self.depth)
        return max(0, Float(PortableMath.log(Double(most / (sum + 1)))))
    }

    func learn(_ point: SIMD32<Float>, _ now: UInt32) {
        if first.count < Self.window, !hasReference {
            scale.widen(point)
            first.append(point)
            guard first.count == Self.window else { return }
            for point in first { add(point) }
            first = []
            return
        }
        add(point)
    }

    func exchange(_ archive: ModelArchive) {
        // Where space is halved follows from the seed.
        archive.exchange(&scale)
        archive.exchange(&first, atMost: ModelArchive.mostPoints)
        archive.exchange(&learned)
        archive.exchange(&hasReference)
        archive.exchange(&reference, atMost: Self.trees * Self.nodes)
        archive.exchange(&latest, atMost: Self.trees * Self.nodes)
        if reference.count != Self.trees * Self.nodes || latest.count != reference.count { archive.refuse() }
    }

    private func add(_ point: SIMD32<Float>) {
        let scaled = scale.scale(point)
        for tree in 0..<Self.trees {
            let base = tree * Self.nodes
            var node = 0
            latest[base] += 1
            while 2 * node + 2 < Self.nodes {
                node = scaled[Int(coordinates[base + node])] < cuts[base + node] ? 2 * node + 1 : 2 * node + 2
                latest[base + node] += 1
            }
        }
        learned += 1
        guard learned % Self.window == 0 else { return }
        swap(&reference, &latest)
        for index in latest.indices { latest[index] = 0 }
        hasReference = true
    }
}
