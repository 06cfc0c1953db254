// What a learner remembers of its steps.

import Learning

/// A ring of transitions that are drawn by how wrong the network was about them (Schaul et al.: Prioritized Experience
/// Replay, ICLR 2016).
struct ReplayMemory {
    /// How much error counts: zero would draw evenly.
    private static let errorPower = 0.4
    private static let leastPriority = 1e-3

    private let capacity: Int
    private let width: Int
    private let features: FloatBuffer
    private let next: FloatBuffer
    private var choices: [UInt8]
    private var rewards: [Float]
    private var allowed: [UInt64]
    private var priorities: SumTree
    private var highest = 1.0
    private var written = 0

    init(capacity: Int, width: Int) {
        self.capacity = capacity
        self.width = width
        features = FloatBuffer(count: capacity * width)
        next = FloatBuffer(count: capacity * width)
        choices = Array(repeating: 0, count: capacity)
        rewards = Array(repeating: 0, count: capacity)
        allowed = Array(repeating: 0, count: capacity)
        priorities = SumTree(count: capacity)
    }

    var count: Int { min(written, capacity) }

    /// Remembers a transition in place of the oldest; it will be drawn soon, since nothing is known about its error.
    mutating func append(_ transition: Transition) {
        let slot = written % capacity
        features.copy(transition.features, at: slot * width)
        next.copy(transition.next, at: slot * width)
        choices[slot] = UInt8(transition.choice)
        rewards[slot] = transition.reward
        allowed[slot] = transition.nextAllowed
        priorities.set(slot, to: highest)
        written += 1
    }

    private static func power(_ base: Double, _ exponent: Double) -> Double {
        PortableMath.exp(exponent * PortableMath.log(base))
    }

    func choice(_ slot: Int) -> Int { Int(choices[slot]) }
    func reward(_ slot: Int) -> Float { rewards[slot] }
    func nextAllowed(_ slot: Int) -> UInt64 { allowed[slot] }

    func copyFeatures(_ slot: Int, to buffer: FloatBuffer, row: Int) {
        buffer.copy(from: features, at: slot * width, to: row * width, count: width)
    }

    func copyNext(_ slot: Int, to buffer: FloatBuffer, row: Int) {
        buffer.copy(from: next, at: slot * width, to: row * width, count: width)
    }

    /// Draws slots, each from its own stretch of the priorities, with weights that undo part of the bias.
    ///
    /// - Parameter correction: 0 leaves the bias, 1 undoes it; the largest weight is 1.
    func draw(_ batch: Int, correction: Double, random: inout PCG64) -> (slots: [Int], weights: [Float]) {
        let stretch = priorities.total / Double(batch)
        let slots = (0..<batch).map { index in
            min(priorities.item(at: (Double(index) + random.uniform()) * stretch), count - 1)
        }
        let weights = slots.map { slot in
            ReplayMemory.power(Double(count) * max(priorities[slot], 1e-12) / priorities.total, -correction)
        }
        let largest = weights.max() ?? 1
        return (slots, weights.map { Float($0 / largest) })
    }

    /// Notes how wrong the network was about what it drew.
    mutating func setError(_ error: Float, of slot: Int) {
        let priority = ReplayMemory.power(Double(abs(error)) + ReplayMemory.leastPriority, ReplayMemory.errorPower)
        priorities.set(slot, to: priority)
        highest = max(highest, priority)
    }
}
