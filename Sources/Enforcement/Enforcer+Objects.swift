// Looking at objects in the kernel, and removing those that are ours.

import NetTypes

extension Enforcer {
    private static let protocolMark = "proto \(OwnershipMark.routingProtocol)"
    private static let queueHandle = OwnershipMark.queueHandle

    /// Refuses a change whose place somebody else has.
    func plan(_ change: Change, _ ours: Set<OwnedObject>) throws(EnforcementError) {
        for object in change.owned where !ours.contains(where: { $0.isSamePlace(as: object) }) {
            switch object {
            case .table(let name):
                if try Program.nft.run(["list", "table", "inet", name]).isSuccess {
                    throw EnforcementError(
                        "table \(name) is there and not in the journal; nft delete table inet \(name)")
                }
            case .queues(let interface):
                guard let root = try Self.rootQueue(interface) else {
                    throw EnforcementError("there is no interface \(interface); see `paths` in the site file")
                }
                // The kernel's own queue has the handle zero.
                guard root.hasPrefix("qdisc"), root.split(separator: " ").dropFirst(2).first == "0:" else {
                    throw EnforcementError(
                        "\(interface) has a root queue of somebody else's (\(root)); remove it or leave the path out")
                }
            case .group(let id, let members, let routes):
                for number in [id] + members where try Self.nexthop(number) != nil {
                    throw EnforcementError(
                        "nexthop \(number) is there already; set routing.group in the site file to free numbers")
                }
                for route in routes {
                    let known = try Self.route(route)
                    guard known.isEmpty else {
                        throw EnforcementError("there is a route to \(route) already; it is not touched")
                    }
                }
            }
        }
    }

    static func exists(_ object: OwnedObject) throws(EnforcementError) -> Bool {
        switch object {
        case .table(let name): return try Program.nft.run(["list", "table", "inet", name]).isSuccess
        case .queues(let interface):
            guard try isOurs(interface) else { return false }
            let classes = try Program.tc.run(["class", "show", "dev", interface]).output
            return classes.contains("htb \(queueHandle)10 ") && classes.contains("htb \(queueHandle)50 ")
        case .group(let id, _, let routes):
            for route in routes where try !Self.route(route).contains("nhid \(id) ") { return false }
            return try nexthop(id)?.contains(protocolMark) ?? false
        }
    }

    /// Removes objects that are there and ours. All tables go in one transaction of one program: a router in trouble has no
    /// time for one after the other.
    static func remove(_ objects: [OwnedObject]) throws(EnforcementError) {
        var transaction = ""
        for object in objects {
            guard case .table(let name) = object else { continue }
            // Only what is there can be deleted, and adding what is there changes nothing.
            transaction += "add table inet \(name)\ndelete table inet \(name)\n"
        }
        if !transaction.isEmpty { try Program.nft.require(["-f", "-"], input: transaction) }
        for object in objects { try remove(object) }
    }

    private static func remove(_ object: OwnedObject) throws(EnforcementError) {
        switch object {
        case .table: break
        case .queues(let interface):
            if try isOurs(interface) { try Program.tc.require(["qdisc", "del", "dev", interface, "root"]) }
        case .group(let id, let members, _):
            // Routes go with the group they use.
            for number in [id] + members where try nexthop(number)?.contains(protocolMark) ?? false {
                try Program.ip.require(["nexthop", "del", "id", "\(number)"])
            }
        }
    }

    private static func isOurs(_ interface: String) throws(EnforcementError) -> Bool {
        try rootQueue(interface)?.hasPrefix("qdisc htb \(queueHandle) root") ?? false
    }

    /// The line about an interface's root queue; nil without the interface.
    private static func rootQueue(_ interface: String) throws(EnforcementError) -> String? {
        let outcome = try Program.tc.run(["qdisc", "show", "dev", interface])
        guard outcome.isSuccess else { return nil }
        return outcome.output.split(separator: "\n").first { $0.contains(" root ") }.map(String.init)
    }

    private static func nexthop(_ id: Int) throws(EnforcementError) -> String? {
        let outcome = try Program.ip.run(["nexthop", "show", "id", "\(id)"])
        return outcome.isSuccess && !outcome.output.isEmpty ? outcome.output : nil
    }

    private static func route(_ range: String) throws(EnforcementError) -> String {
        try Program.ip.run([range.contains(":") ? "-6" : "-4", "route", "show", "exact", range]).output
    }
}
