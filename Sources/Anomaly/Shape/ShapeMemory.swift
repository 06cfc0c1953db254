// Known flow shapes, as micro-clusters.

import NetTypes

/// Distances of a flow to the shapes known of its kind.
///
/// Each kind of traffic keeps a bounded number of micro-clusters; a shape near one adds to its weight, another one opens
/// a new one in the place of the one that was confirmed longest ago (after DenStream: Cao, Ester, Qian and Zhou, SDM
/// 2006, with a hard bound instead of pruning by weight). The distance is the mean of those to the second and the fourth
/// nearest, so that one odd flow in the past does not make the next one ordinary.
final class ShapeMemory {
    /// Most clusters of a kind, and most kinds.
    static let clusters = 160
    static let kinds = 512
    /// A shape nearer than this to a cluster belongs to it.
    static let radius: Float = 0.35
    /// Shapes of one talker that a kind takes in ten minutes.
    private static let share = 40

    private struct Kind {
        var count: UInt32 = 0
        /// The cluster that was nearest last: a good one to begin the next search with.
        var favourite: UInt32 = 0
    }

    private let index = KeyTable<Kind>(capacity: kinds, initial: Kind(), lifetime: 1 << 30)
    private let talkers = KeyIndex(capacity: 1 << 15, lifetime: 1 << 14)
    private let centres: UnsafeMutablePointer<SIMD32<Float>>
    /// The heads of all centres once more, each number of a kind's clusters side by side.
    private let heads: UnsafeMutablePointer<SIMD8<Float>>
    private let weights: UnsafeMutablePointer<UInt16>
    private let confirmed: UnsafeMutablePointer<UInt32>
    /// The last answer: for floods of equal flows, and for learning the flow afterwards.
    @exclusivity(unchecked)
    private var last: Answer?

    private struct Answer {
        let shape: FlowShape
        let kind: UInt64
        let own: Neighbourhood?
        let direction: Neighbourhood?
    }

    /// What a search found in a kind.
    private struct Neighbourhood {
        let nearest: Int
        /// Squared.
        let distance: Float
        let mean: Float?
    }

    /// Clusters looked at together.
    private static let lanes = 8
    private static let groups = clusters / lanes
    private static let headWidth = ShapeHead.width
    /// What sums of squares may differ by when they are added in another order.
    private static let slack: Float = 1.0001

    init() {
        let places = Self.kinds * Self.clusters
        centres = .allocate(capacity: places)
        heads = .allocate(capacity: places * Self.headWidth / Self.lanes)
        heads.initialize(repeating: SIMD8(), count: places * Self.headWidth / Self.lanes)
        weights = ZeroedMemory.reserve(places)
        confirmed = ZeroedMemory.reserve(places)
    }

    deinit {
        centres.deallocate()
        heads.deallocate()
        ZeroedMemory.release(weights)
        ZeroedMemory.release(confirmed)
    }

    /// Distances to the shapes of the flow's port and of its protocol and direction; zero while too few are known.
    func distances(
        of shape: FlowShape, kinds: (kind: UInt64, direction: UInt64)
    ) -> (kind: Float, direction: Float) {
        let answer: Answer
        if let last, last.kind == kinds.kind, last.shape == shape {
            answer = last
        } else {
            answer = Answer(
                shape: shape, kind: kinds.kind, own: neighbourhood(of: shape, in: kinds.kind),
                direction: neighbourhood(of: shape, in: kinds.direction))
            last = answer
        }
        let direction = answer.direction?.mean
        return (answer.own?.mean ?? (direction.map { $0 + 1 } ?? 0), direction ?? 0)
    }

    /// Searches a kind; nil when it knows fewer than four clusters.
    private func neighbourhood(of shape: FlowShape, in kind: UInt64) -> Neighbourhood? {
        guard let place = index.find(kind), index[place].count >= 4 else { return nil }
        var nearest = NearestFour()
        let head = shape.head
        let favourite = Int(index[place].favourite)
        add(favourite, of: place, shape, to: &nearest)
        var best = (cluster: favourite, distance: nearest.distances[0])
        for group in 0..<((Int(index[place].count) + Self.lanes - 1) / Self.lanes) {
            var candidates = candidates(head, place, group, below: nearest.limit)
            while candidates != 0 {
                let cluster = group &* Self.lanes &+ candidates.trailingZeroBitCount
                candidates &= candidates &- 1
                guard cluster < index[place].count, cluster != favourite else { continue }
                add(cluster, of: place, shape, to: &nearest)
                if nearest.distances[0] < best.distance { best = (cluster, nearest.distances[0]) }
            }
        }
        index[place].favourite = UInt32(best.cluster)
        return Neighbourhood(nearest: best.cluster, distance: best.distance, mean: nearest.mean)
    }

    /// Adds a cluster to the neighbours if it is near enough; one of several flows counts as several.
    @inline(__always)
    private func add(_ cluster: Int, of place: Int, _ shape: FlowShape, to nearest: inout NearestFour) {
        let position = place * Self.clusters + cluster
        guard let distance = shape.squaredDistance(centres[position], below: nearest.limit) else { return }
        nearest.add(distance, copies: weights[position])
    }

    /// Which of a group's clusters may be nearer than a limit, one bit for each.
    ///
    /// The squared distance in the telling numbers, and of the lengths of what is left of both vectors, is at most the
    /// whole squared distance (Cauchy-Schwarz).
    @inline(__always)
    private func candidates(_ head: ShapeHead, _ place: Int, _ group: Int, below limit: Float) -> UInt32 {
        let first = heads + (place &* Self.groups &+ group) &* Self.headWidth
        var sums = SIMD8<Float>()
        for number in 0..<Self.headWidth {
            let difference = first[number] - head[number]
            sums += difference * difference
        }
        let most = limit * Self.slack
        let least = sums.lowHalf.replacing(with: sums.highHalf, where: sums.highHalf .< sums.lowHalf)
        guard least.x < most || least.y < most || least.z < most || least.w < most else { return 0 }
        var bits: UInt32 = 0
        for lane in 0..<Self.lanes where sums[lane] < most { bits |= 1 << UInt32(lane) }
        return bits
    }

    /// The cluster of a kind that is nearest to a shape; nil when nothing is known of the kind.
    func nearest(to shape: FlowShape, kind: UInt64) -> Alert.Neighbour? {
        guard let place = index.find(kind), index[place].count > 0 else { return nil }
        let first = place * Self.clusters
        var nearest = (position: first, distance: Float.infinity)
        for position in first..<(first + Int(index[place].count)) {
            if let distance = shape.squaredDistance(centres[position], below: nearest.distance) {
                nearest = (position, distance)
            }
        }
        return FlowShape.describe(
            centres[nearest.position], distance: nearest.distance.squareRoot(), flows: Int(weights[nearest.position]))
    }

    /// Takes in a flow's shape, within the share of its talker.
    func learn(
        _ shape: FlowShape, kinds: (kind: UInt64, direction: UInt64), talker: UInt64, _ now: UInt32
    ) {
        let slot = UInt64(now / (600 * DetectorClock.ticksPerSecond))
        let taken = talkers.insert(KeyMixer.combine(talker, slot), now).place
        guard talkers[taken] < Self.share else { return }
        talkers[taken] += 1
        let known = last.flatMap { $0.kind == kinds.kind && $0.shape == shape ? $0 : nil }
        last = nil
        absorb(shape, kinds.kind, known?.own, now)
        absorb(shape, kinds.direction, known?.direction, now)
    }

    /// - Parameter known: what a search found, if the kind has not changed since.
    private func absorb(_ shape: FlowShape, _ kind: UInt64, _ known: Neighbourhood?, _ now: UInt32) {
        let place = index.insert(kind, now).place
        let count = Int(index[place].count)
        let first = place * Self.clusters
        let isKnown = known.map { $0.nearest < count } ?? false
        let nearest =
            isKnown
            ? known.flatMap { $0.distance < Self.radius * Self.radius ? $0.nearest : nil }
            : nearestWithinRadius(shape, place, count)
        if let nearest {
            weights[first + nearest] = min(.max - 1, weights[first + nearest]) + 1
            confirmed[first + nearest] = now
            return
        }
        let cluster = count < Self.clusters ? count : longestUnconfirmed(first, count)
        if count < Self.clusters { index[place].count += 1 }
        centres[first + cluster] = shape.values
        weights[first + cluster] = 1
        confirmed[first + cluster] = now
        setHead(shape.head, of: cluster, place)
    }

    private func setHead(_ numbers: ShapeHead, of cluster: Int, _ place: Int) {
        let head = heads + (place * Self.groups + cluster / Self.lanes) * Self.headWidth
        for number in 0..<Self.headWidth { head[number][cluster % Self.lanes] = numbers[number] }
    }

    /// Saves the clusters, or takes them up into an empty memory.
    func exchange(_ archive: ModelArchive) {
        index.exchange(archive)
        talkers.exchange(archive)
        for place in 0..<index.count where index[place].count > 0 {
            let count = Int(index[place].count)
            guard count <= Self.clusters, Int(index[place].favourite) < count else { return archive.refuse() }
            let first = place * Self.clusters
            archive.exchange(centres + first, count: count)
            archive.exchange(weights + first, count: count)
            archive.exchange(confirmed + first, count: count)
            guard archive.isReading else { continue }
            for cluster in 0..<count { setHead(ShapeHead(of: centres[first + cluster]), of: cluster, place) }
        }
    }

    private func nearestWithinRadius(_ shape: FlowShape, _ place: Int, _ count: Int) -> Int? {
        var nearest: (cluster: Int?, distance: Float) = (nil, Self.radius * Self.radius)
        for cluster in 0..<count {
            if let distance = shape.squaredDistance(centres[place * Self.clusters + cluster], below: nearest.distance) {
                nearest = (cluster, distance)
            }
        }
        return nearest.cluster
    }

    private func longestUnconfirmed(_ first: Int, _ count: Int) -> Int {
        var oldest = 0
        for cluster in 0..<count where confirmed[first + cluster] < confirmed[first + oldest] { oldest = cluster }
        return oldest
    }
}

/// The four smallest of squared distances.
struct NearestFour {
    private(set) var distances = SIMD4<Float>(repeating: .infinity)

    /// What a distance must be below to be among them.
    @inline(__always)
    var limit: Float { distances[3] }

    /// Adds a distance as often as `copies` says, four times at most.
    @inline(__always)
    mutating func add(_ distance: Float, copies: UInt16) {
        var copies = min(4, copies)
        while copies > 0, distance < distances[3] {
            var rank = 3
            while rank > 0, distances[rank - 1] > distance {
                distances[rank] = distances[rank - 1]
                rank -= 1
            }
            distances[rank] = distance
            copies -= 1
        }
    }

    /// The mean of the second and the fourth distance; nil when there are fewer.
    var mean: Float? {
        distances[3] < .infinity ? (distances[1].squareRoot() + distances[3].squareRoot()) * 0.5 : nil
    }
}
