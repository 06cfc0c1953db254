// Known flow shapes, as micro-clusters.

/// Distances of a flow to the shapes known of its kind.
///
/// Each kind of traffic keeps a bounded number of micro-clusters; a shape near one adds to its weight, another one opens
/// a new one in the place of the one that was confirmed longest ago (after DenStream: Cao, Ester, Qian and Zhou, SDM
/// 2006, with a hard bound instead of pruning by weight). The distance is the mean of those to the second and the fourth
/// nearest, so that one odd flow in the past does not make the next one ordinary.
struct ShapeMemory {
    /// Most clusters of a kind, and most kinds.
    static let clusters = 160
    static let kinds = 512
    /// A shape nearer than this to a cluster belongs to it.
    static let radius: Float = 0.35
    /// Shapes of one talker that a kind takes in ten minutes.
    private static let share = 40

    private struct Kind {
        var count: UInt32 = 0
        var slot: UInt32 = 0
    }

    private let index = KeyTable<Kind>(capacity: kinds, initial: Kind(), lifetime: 1 << 30)
    private let talkers = KeyTable<UInt32>(capacity: 1 << 15, initial: 0, lifetime: 1 << 14)
    private var centres: [SIMD32<Float>]
    private var weights: [UInt16]
    private var confirmed: [UInt32]
    /// The last answer, for floods of equal flows.
    private var last: (shape: FlowShape, kind: UInt64, distances: (kind: Float, direction: Float))?

    init() {
        let places = Self.kinds * Self.clusters
        centres = Array(repeating: SIMD32(), count: places)
        weights = Array(repeating: 0, count: places)
        confirmed = Array(repeating: 0, count: places)
    }

    /// Distances to the shapes of the flow's port and of its protocol and direction; zero while too few are known.
    mutating func distances(
        of shape: FlowShape, kinds: (kind: UInt64, direction: UInt64)
    ) -> (kind: Float, direction: Float) {
        if let last, last.kind == kinds.kind, last.shape == shape { return last.distances }
        let direction = distance(of: shape, to: kinds.direction)
        let own = distance(of: shape, to: kinds.kind)
        let distances = (own ?? (direction.map { $0 + 1 } ?? 0), direction ?? 0)
        last = (shape, kinds.kind, distances)
        return distances
    }

    private func distance(of shape: FlowShape, to kind: UInt64) -> Float? {
        guard let place = index.find(kind), index[place].count >= 4 else { return nil }
        let first = place * Self.clusters
        // Squared distances of the four nearest, nearest first.
        var nearest = SIMD4<Float>(repeating: .infinity)
        for cluster in first..<(first + Int(index[place].count)) {
            guard let distance = shape.squaredDistance(centres[cluster], below: nearest[3]) else { continue }
            // A cluster of several flows counts as several neighbours.
            var copies = min(4, weights[cluster])
            while copies > 0, distance < nearest[3] {
                var rank = 3
                while rank > 0, nearest[rank - 1] > distance {
                    nearest[rank] = nearest[rank - 1]
                    rank -= 1
                }
                nearest[rank] = distance
                copies -= 1
            }
        }
        return nearest[3] < .infinity ? (nearest[1].squareRoot() + nearest[3].squareRoot()) * 0.5 : nil
    }

    /// Takes in a flow's shape, within the share of its talker.
    mutating func learn(
        _ shape: FlowShape, kinds: (kind: UInt64, direction: UInt64), talker: UInt64, _ now: UInt32
    ) {
        let slot = UInt64(now / (600 * DetectorClock.ticksPerSecond))
        let taken = talkers.insert(KeyMixer.combine(talker, slot), now).place
        guard talkers[taken] < Self.share else { return }
        talkers[taken] += 1
        last = nil
        absorb(shape, kinds.kind, now)
        absorb(shape, kinds.direction, now)
    }

    private mutating func absorb(_ shape: FlowShape, _ kind: UInt64, _ now: UInt32) {
        let entry = index.insert(kind, now)
        let first = entry.place * Self.clusters
        let count = Int(index[entry.place].count)
        var nearest = (cluster: -1, distance: Self.radius * Self.radius)
        var oldest = first
        for cluster in first..<(first + count) {
            if let distance = shape.squaredDistance(centres[cluster], below: nearest.distance) {
                nearest = (cluster, distance)
            }
            if confirmed[cluster] < confirmed[oldest] { oldest = cluster }
        }
        if nearest.cluster >= 0 {
            weights[nearest.cluster] = min(.max - 1, weights[nearest.cluster]) + 1
            confirmed[nearest.cluster] = now
            return
        }
        let place = count < Self.clusters ? first + count : oldest
        if count < Self.clusters { index[entry.place].count += 1 }
        centres[place] = shape.values
        weights[place] = 1
        confirmed[place] = now
    }
}
