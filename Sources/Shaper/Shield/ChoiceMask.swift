// Which choices are open, before anybody chooses.

/// Rules that forbid choices in a situation. Holding the weights, with or without the limiter, is always allowed, so there
/// is always a choice.
public struct ChoiceMask: Sendable, Equatable {
    /// New weights are refused for this many intervals after the last new ones.
    public var holdDown = 1
    /// Unless some path's queues need longer than this, in seconds, to empty.
    public var urgentDelay = 0.02
    /// A path is closed for newcomers when voice, video and web would use more than this share of it.
    public var fullShare = 0.9
    /// A path is closed for newcomers when its capacity is below this share of the contract.
    public var downShare = 0.1

    public init() {}

    /// So many flagged sources at a time are no mistakes of the detector: they are always limited.
    public var floodSources = 4

    /// Whether a choice is allowed.
    ///
    /// - Parameters:
    ///   - heldFor: Intervals since weights last moved.
    public func allows(_ choice: ControlAction, view: SiteView, heldFor: Int) -> Bool {
        if choice.weights != .hold, heldFor < holdDown, view.worstDelay <= urgentDelay { return false }
        if choice.limiter == .perSource, view.flaggedSources == 0 { return false }
        if choice.limiter == .none, view.flaggedSources >= floodSources { return false }
        if choice.steering != .none, view.elephants.isEmpty || view.paths.count < 2 { return false }
        return true
    }

    /// Which paths no traffic may be moved to.
    public func closedPaths(_ view: SiteView, weights: [PathVector]) -> [Bool] {
        view.paths.indices.map { path in
            var urgent = 0.0
            for trafficClass in [TrafficClass.voice, .video, .web] {
                urgent += weights[trafficClass.rawValue][path] * view.demand[trafficClass]
            }
            return view.capacity[path] < downShare * view.paths[path].nominal
                || urgent > fullShare * view.capacity[path]
        }
    }
}
