// The learner's seat inside the shield.

/// Keeps what the shield showed to the learner and what the learner chose.
final class Explorer: ChoicePolicy, @unchecked Sendable {
    /// What was seen when the last choice was made; nil if the shield did not ask.
    var situation: Situation?
    var allowed: [Bool] = []
    var choice = 0
    /// While this is set the choice is it, or what comes nearest, and nothing is noted.
    var forced: Int?
    /// While this is set, what is seen is noted as ever, but nobody decides: the choice is the best constant one.
    var isOnlyLooking = false
    private let decide: (Situation, [Bool]) -> Int

    init(decide: @escaping (Situation, [Bool]) -> Int) {
        self.decide = decide
    }

    func choose(_ situation: Situation, allowed: [Bool]) -> Int? {
        if let forced {
            return allowed[forced] ? forced : ControlAction.fallback(for: forced, allowed: allowed)
        }
        self.situation = situation
        self.allowed = allowed
        choice = isOnlyLooking ? ControlAction.constant(allowed: allowed) : decide(situation, allowed)
        return choice
    }
}
