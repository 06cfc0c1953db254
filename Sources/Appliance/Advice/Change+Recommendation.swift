// From a recommendation to what the enforcer does.

import Advice
import Enforcement
import NetTypes

extension Recommendation {
    /// The change that this host can make itself: filters by nft, queues by tc, routes by ip.
    var change: Change {
        let lifetime = proposal.lifetime
        if let text = render(.nftables) {
            return Change(name: name, lifetime: lifetime, program: .nft(text), owned: [.table(name)])
        }
        if let create = render(.tc), let modify = trafficControlChange, let rule = proposal.shape {
            let interfaces = site.paths.filter { path in rule.paths.contains { $0.path == path.name } }.map(\.interface)
            return Change(
                name: name, lifetime: lifetime, program: .tc(create: create, change: modify),
                owned: interfaces.map { .queues(interface: $0) })
        }
        guard let text = render(.ip), let rule = proposal.route else {
            preconditionFailure("a recommendation filters, shapes or routes")
        }
        let group = site.routing.group
        let members = site.paths.indices.map { group + 1 + $0 }
        let routes = rule.destinations.map(\.longDescription)
        return Change(
            name: name, lifetime: lifetime, program: .ip(text),
            owned: [.group(id: group, members: members, routes: routes)])
    }
}

extension AdviceMode {
    /// Whether a line is enough, because nobody is to apply anything by hand.
    public var isBrief: Bool { self == .observe }

    /// Whether recommendations are applied.
    public var isAutomatic: Bool { self == .auto }
}

extension SiteFile {
    /// The mode that holds: the command line's before the file's.
    public func mode(overriddenBy text: String?) throws(UserError) -> AdviceMode {
        guard let text else { return site.mode }
        guard let mode = AdviceMode(rawValue: text) else {
            throw UserError("--mode takes observe, suggest or auto, not '\(text)'")
        }
        return mode
    }
}
