// What an egress path offers, and how what it offers changes.

/// How a path's usable capacity moves over time.
public enum CapacityModel: Sendable, Equatable, Codable {
    /// Always the nominal capacity.
    case fixed
    /// Cross traffic elsewhere takes a share in steps: each of `levels` (bit/s) is as likely as the next, and is held
    /// for an exponential time of `meanSeconds` plus one second.
    case stepping(levels: [Double], meanSeconds: Double)
    /// A radio link: an Ornstein-Uhlenbeck process around `mean` with standard deviation `deviation` (bit/s) and
    /// relaxation time `relaxationSeconds`, held between `minimum` and `maximum`.
    case fading(mean: Double, deviation: Double, relaxationSeconds: Double, minimum: Double, maximum: Double)

    /// The most the path can ever carry, given its nominal capacity.
    func maximum(nominal: Double) -> Double {
        switch self {
        case .fixed: nominal
        case .stepping(let levels, _): levels.max() ?? nominal
        case .fading(_, _, _, _, let maximum): maximum
        }
    }
}

/// One egress path of the appliance.
public struct PathSpecification: Sendable, Equatable, Codable {
    public var name: String
    /// What the contract says, bit/s.
    public var nominal: Double
    /// One-way propagation delay in seconds.
    public var propagation: Double
    public var capacity: CapacityModel

    public init(name: String, nominal: Double, propagation: Double, capacity: CapacityModel) {
        precondition(nominal > 0 && propagation >= 0, "A path needs a capacity and cannot be faster than nothing")
        self.name = name
        self.nominal = nominal
        self.propagation = propagation
        self.capacity = capacity
    }

    /// What a cautious planner counts on: the share of the nominal capacity that a volatile path gives most of the time.
    var dependableShare: Double {
        switch capacity {
        case .fixed: 1
        case .stepping: 0.7
        case .fading: 0.6
        }
    }
}
