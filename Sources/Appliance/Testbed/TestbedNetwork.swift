// What the testbed's router looks like; scripts/testbed builds the rest of it.

import Shaper

/// Names and numbers that the controller, the traffic programs and scripts/testbed share.
enum TestbedNetwork {
    /// Where the receivers are.
    static let destinations = "198.18.100.0/24"
    static let table = "leptonnet_testbed"
    /// The interface that senders' packets come in by.
    static let inside = "r0"

    static func device(_ path: Int) -> String { "p\(path + 1)" }
    static func neighbour(_ path: Int) -> String { "198.18.1\(path + 1).2" }
    /// The routing table of a class, and of a path that a flow is placed on.
    static func classTable(_ lane: Int) -> Int { 101 + lane }
    static func pathTable(_ path: Int) -> Int { 121 + path }
    /// Nexthop objects: a path, and a class's group over the paths.
    static func pathHop(_ path: Int) -> Int { 1 + path }
    static func classHop(_ lane: Int) -> Int { 101 + lane }
    /// The minor number of a class below HTB.
    static func classMinor(_ lane: Int) -> String { "\(10 + lane)" }

    /// Destination ports, from which a packet's class follows as it would from a site's rules.
    static func port(_ kind: TrafficKind) -> Int {
        switch kind {
        case .voice: 5060
        case .video: 5004
        case .web: 8080
        case .bulk, .backup: 5201
        case .attack: 7777
        }
    }

    /// Marks, classes and per-flow counters. A mark's low four bits are the class, the next four the path that a flow was
    /// placed on.
    static let rules = """
        table inet \(table) {
          set quarantine { type ipv4_addr; }
          set limited { type ipv4_addr; size 1024; flags dynamic,timeout; timeout 30s; }
          map placed { typeof ip saddr . tcp sport . ip daddr . tcp dport : meta mark; size 4096; }
          set long { typeof ip saddr . tcp sport . ip daddr . tcp dport . meta oif; size 16384; \
        flags dynamic,timeout; timeout 3s; counter; }
          chain classify { type filter hook prerouting priority mangle; policy accept;
            iif != "\(inside)" return
            meta mark set 0x4
            udp dport \(port(.voice)) meta mark set 0x1
            udp dport \(port(.video)) meta mark set 0x2
            tcp dport \(port(.web)) meta mark set 0x3
            meta mark set ip saddr . tcp sport . ip daddr . tcp dport map @placed
            ip saddr @quarantine meta mark set 0x5
          }
          chain limiter {
          }
          chain forwarded { type filter hook forward priority filter; policy accept;
            iif "\(inside)" jump limiter
          }
          chain leaving { type filter hook postrouting priority mangle; policy accept;
            iif != "\(inside)" return
            meta priority set meta mark and 0xf map { 0x1 : 10:10, 0x2 : 10:11, 0x3 : 10:12, 0x4 : 10:13, 0x5 : 10:14 }
            meta l4proto tcp update @long { ip saddr . tcp sport . ip daddr . tcp dport . meta oif }
          }
        }
        """
}
