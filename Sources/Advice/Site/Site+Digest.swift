// The site as an input of decisions.

import NetTypes

extension Site {
    /// SHA-256 over everything that a decision can depend on, in hexadecimal.
    public var digest: String {
        var digest = DecisionDigest()
        for ranges in [
            networks, protected.own, protected.gateways, protected.dns, protected.management, protected.allowed,
            destinations,
        ] { digest.add(ranges) }
        digest.add(paths.count)
        for path in paths {
            digest.add(path.name)
            digest.add(path.interface)
            digest.add(path.nextHop)
            digest.add([path.rate, path.delay])
        }
        digest.add(classes.count)
        for entry in classes {
            digest.add([entry.guarantee, entry.ceiling])
            digest.add(entry.codePoints.map(Int.init))
            digest.add(entry.services.map { Int($0.transport) << 16 | Int($0.port) })
        }
        digest.add([
            limits.rules, limits.shortestPrefixIPv4, limits.shortestPrefixIPv6, limits.rateFloor, limits.lifetime,
            limits.longestLifetime, limits.window, routing.group, routing.buckets, routing.idleTimer,
        ])
        digest.add(routing.kind.rawValue)
        if let bgp {
            for address in [bgp.neighbor, bgp.localAddress] { digest.add(address) }
            digest.add([bgp.localAS, bgp.peerAS])
            for address in [bgp.blackholeIPv4, bgp.blackholeIPv6] {
                digest.add(address == nil ? 0 : 1)
                if let address { digest.add(address) }
            }
        }
        return digest.finish()
    }
}
