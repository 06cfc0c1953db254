// What a policy may choose: never a rate, always an input of water-filling.

/// One complete, feasible choice; each combination of its parts is a valid plan.
public struct ControlAction: Sendable, Hashable, Codable {
    /// Which demand and which capacities the path weights are computed from.
    public enum Weights: Int, CaseIterable, Sendable, Codable {
        /// Keep the weights as they are.
        case hold
        /// The newest interval's demand.
        case last
        /// The highest demand of the last five seconds.
        case peak
        /// Smoothed demand.
        case smooth
        /// The newest demand, with volatile paths counted at what they give most of the time.
        case derated
        /// By contract, whatever is measured.
        case nominal
    }

    /// How guarantees are set.
    public enum Shares: Int, CaseIterable, Sendable, Codable {
        case fixed
        /// Following demand, with twice the room for real time.
        case adaptive
    }

    /// What happens to flagged sources besides the quarantine class.
    public enum Limiter: Int, CaseIterable, Sendable, Codable {
        case none
        /// Flagged sources have a hundredth of the contracts among them, in equal parts.
        ///
        /// A single source, which may be flagged by mistake, keeps what a call or a page needs; the many sources of a
        /// flood get little each, but never so little that a limit becomes a drop.
        case perSource

        private static let budgetShare = 0.01
        static let leastRate = 16e3

        /// Bit/s for each source; zero for no limit.
        func rate(nominal: Double, sources: Int) -> Double {
            guard self == .perSource else { return 0 }
            return max(Self.budgetShare * nominal / Double(max(sources, 1)), Self.leastRate)
        }
    }

    /// What happens to long flows.
    public enum Steering: Int, CaseIterable, Sendable, Codable {
        /// They go where their hash falls.
        case none
        /// A flow that has become long gets the path with the most room for it, once.
        case placeNew
        /// The same, and each interval one long flow may move from the most crowded path.
        case rebalance
    }

    /// Where web pages go.
    public enum Pages: Int, CaseIterable, Sendable, Codable {
        /// Wherever there is most room, however far.
        case spread
        /// On the nearest paths while these have room: a page is a few round trips, so distance is most of its time.
        case near
    }

    public var weights: Weights
    public var shares: Shares
    public var limiter: Limiter
    public var steering: Steering
    public var pages: Pages

    public init(
        _ weights: Weights, _ shares: Shares, _ limiter: Limiter = .none, _ steering: Steering = .none,
        _ pages: Pages = .spread
    ) {
        self.weights = weights
        self.shares = shares
        self.limiter = limiter
        self.steering = steering
        self.pages = pages
    }

    /// Water-filling on the last interval with adaptive guarantees: what runs when nothing learned does.
    public static let waterFilling = ControlAction(.last, .adaptive)

    /// The constant choice that did best on the validation seeds: the classical controller to beat.
    public static let bestConstant = ControlAction(.derated, .adaptive, .perSource, .rebalance, .near)

    /// A name for tables, such as "last adaptive limit place".
    public var name: String {
        var parts = ["\(weights)", "\(shares)"]
        if limiter == .perSource { parts.append("limit") }
        if steering != .none { parts.append(steering == .placeNew ? "place" : "rebalance") }
        if pages == .near { parts.append("near") }
        return parts.joined(separator: " ")
    }
}

extension ControlAction {
    /// What learned policies choose from, in the order of a network's outputs: each way to weigh paths with each limiter,
    /// with and without steering, with pages spread or near. Guarantees follow demand in all of them, because fixed ones
    /// were no better on the validation seeds; of the steerings the one that also corrects itself.
    public static let learnable: [ControlAction] =
        Weights.allCases.flatMap { weights in
            Limiter.allCases.flatMap { limiter in
                [Steering.none, .rebalance].flatMap { steering in
                    Pages.allCases.map { ControlAction(weights, .adaptive, limiter, steering, $0) }
                }
            }
        }
}
