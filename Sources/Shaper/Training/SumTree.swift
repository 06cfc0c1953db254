// Draws an item with probability in proportion to its weight.

/// A binary tree of partial sums (Schaul et al.: Prioritized Experience Replay, ICLR 2016, appendix B.2.1): setting a
/// weight and drawing both take a number of steps logarithmic in the capacity.
struct SumTree: Sendable {
    private let capacity: Int
    private var sums: [Double]

    /// A tree of at least `count` items of weight zero.
    init(count: Int) {
        var capacity = 1
        while capacity < count { capacity *= 2 }
        self.capacity = capacity
        sums = Array(repeating: 0, count: 2 * capacity)
    }

    /// The sum of all weights.
    var total: Double { sums[1] }

    subscript(item: Int) -> Double { sums[capacity + item] }

    mutating func set(_ item: Int, to weight: Double) {
        var node = capacity + item
        sums[node] = weight
        while node > 1 {
            node /= 2
            sums[node] = sums[2 * node] + sums[2 * node + 1]
        }
    }

    /// The item in whose stretch of the running sum `position` falls, for a position in 0..<total.
    func item(at position: Double) -> Int {
        var left = position
        var node = 1
        while node < capacity {
            node *= 2
            if left >= sums[node], sums[node + 1] > 0 {
                left -= sums[node]
                node += 1
            }
        }
        return node - capacity
    }
}
