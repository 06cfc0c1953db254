// `leptonnet recommend`: from a capture to recommendations.

import Advice
import Glibc
import NetTypes
import Outputs
import Shaper

/// Replays captures and recommends what to do about what was found in them.
public struct RecommendationRun {
    /// What is printed or written.
    public enum Form: String, CaseIterable, Sendable {
        case text
        case json
        case nftables
        case tc
        case ip
        case exabgp
        case frr
    }

    private let settings: ReplaySettings
    private let site: SiteFile

    public init(_ settings: ReplaySettings, site: SiteFile) {
        self.settings = settings
        self.site = site
    }

    /// Replays the captures.
    public func run() throws(UserError) -> RecommendationReport {
        guard settings.detection != nil else {
            throw UserError("recommendations follow from detection; leave --no-detect out")
        }
        let observer = AdviceObserver(site: site.site)
        var settings = settings
        settings.output = nil
        settings.wantsSummary = false
        let replay = try Replay(settings, observers: [observer]).run()
        let advisor = observer.advisor
        advisor.finish(at: observer.last)
        let demand = advisor.demand(at: observer.last)
        if let plan = Self.plan(site.site, demand) { advisor.schedule(plan, for: demand, at: observer.last) }
        return RecommendationReport(outcomes: advisor.outcomes, replay: replay)
    }

    /// What the scheduler makes of the demand; nil when the site has no paths.
    private static func plan(_ site: Site, _ demand: ClassDemand) -> SchedulingPlan? {
        guard !site.paths.isEmpty else { return nil }
        var vector = ClassVector()
        for index in demand.high.indices { vector[index] = demand.high[index] }
        let paths = site.paths.map {
            PathSpecification(
                name: $0.name, nominal: Double($0.rate), propagation: Double($0.delay) / 1e6, capacity: .fixed)
        }
        let plan = ShapingPlan.waterFilling(demand: vector, paths: paths)
        let classes = 0..<TrafficClass.count
        return SchedulingPlan(
            weights: plan.weights.map { row in paths.indices.map { row[$0] } },
            guarantees: plan.guarantees.map { row in classes.map { row[$0] } },
            ceilings: paths.map { _ in site.classes.map { Double($0.ceiling) / 1e6 } })
    }
}
