// Turns a choice into a plan, given what is believed about the site.

/// Remembers the weights in force, because a choice may be to hold them.
public struct PlanBuilder: Sendable {
    private let paths: Int
    private let nearest: [Int]
    private let dependable: PathVector
    private let nominal: PathVector
    private let buffers: ClassVector
    /// Weights in force, by class.
    public private(set) var weights: [PathVector]
    /// Whether the limiter is on.
    public private(set) var isLimiting = false

    public init(paths specifications: [PathSpecification], buffers: ClassVector = ShapingPlan.shortBuffers) {
        self.buffers = buffers
        paths = specifications.count
        nearest = specifications.indices.sorted {
            (specifications[$0].propagation, $0) < (specifications[$1].propagation, $1)
        }
        var dependable = PathVector()
        var nominal = PathVector()
        for (index, path) in specifications.enumerated() {
            dependable[index] = path.dependableShare
            nominal[index] = path.nominal
        }
        self.dependable = dependable
        self.nominal = nominal
        weights = Array(repeating: nominal / nominal.sum(), count: TrafficClass.count)
    }

    /// The plan that a choice means now.
    public mutating func plan(_ action: ControlAction, for view: SiteView) -> ShapingPlan {
        switch action.weights {
        case .hold: break
        case .last: fill(view.demand, view.capacity, action.pages)
        case .peak: fill(view.peakDemand, view.capacity, action.pages)
        case .smooth: fill(view.smoothDemand, view.capacity, action.pages)
        case .derated: fill(view.demand, view.capacity * dependable, action.pages)
        case .nominal: weights = Array(repeating: nominal / nominal.sum(), count: TrafficClass.count)
        }
        isLimiting = action.limiter == .perSource
        return plan(action, for: view, demand: demand(action, of: view))
    }

    /// Water-filling's plan for a demand that is expected instead of measured.
    mutating func plan(expecting demand: ClassVector, for view: SiteView) -> ShapingPlan {
        fill(demand, view.capacity, .spread)
        isLimiting = false
        return plan(.waterFilling, for: view, demand: demand.replacing(with: view.demand, where: view.demand .> demand))
    }

    /// Takes over weights that came into force by another way than the last choice.
    mutating func adopt(_ weights: [PathVector]) {
        self.weights = weights
    }

    private mutating func fill(_ demand: ClassVector, _ capacity: PathVector, _ pages: ControlAction.Pages) {
        weights = WaterFilling.weights(demand: demand, capacity: capacity, nearest: nearest, pages: pages)
    }

    /// The demand that guarantees follow: the one that weights are computed from, and no less than the newest.
    private func demand(_ action: ControlAction, of view: SiteView) -> ClassVector {
        let planned: ClassVector
        switch action.weights {
        case .peak: planned = view.peakDemand
        case .hold, .smooth, .nominal: planned = view.smoothDemand
        case .last, .derated: planned = view.demand
        }
        return planned.replacing(with: view.demand, where: view.demand .> planned)
    }

    private func plan(_ action: ControlAction, for view: SiteView, demand: ClassVector) -> ShapingPlan {
        var plan = ShapingPlan.staticClasses(nominal: nominal, paths: paths, buffers: buffers)
        plan.weights = weights
        plan.sourceLimit = action.limiter.rate(nominal: nominal.sum(), sources: view.flaggedSources)
        if action.shares == .adaptive {
            plan.guarantees = WaterFilling.guarantees(
                weights: weights, demand: demand, capacity: view.capacity, paths: paths, headroom: 2)
        }
        if action.steering != .none {
            plan.placements = ElephantSteering.placements(
                view.elephants, room: room(for: view, weights: weights), paths: paths,
                mayMove: action.steering == .rebalance)
        }
        return plan
    }

    /// Bit/s that each path has left for long flows once the classes before bulk are served.
    private func room(for view: SiteView, weights: [PathVector]) -> PathVector {
        var room = view.capacity
        for trafficClass in [TrafficClass.voice, .video, .web] {
            room -= weights[trafficClass.rawValue] * view.smoothDemand[trafficClass]
        }
        let least = 0.05 * view.capacity
        return room.replacing(with: least, where: room .< least)
    }
}
