// A network of our own to try things in.

import CLinux
import Glibc

/// Puts the calling thread, and every program it starts, into a fresh network namespace that ends with them. Nothing
/// outside it can be reached or changed.
public enum NetworkSandbox {
    /// Enters a fresh network. There is no way back for the thread.
    ///
    /// - Throws: without root, when the kernel does not let users have namespaces or the process has further threads.
    public static func enter() throws(EnforcementError) {
        guard lepton_private_network() == 0 else {
            throw EnforcementError(
                "no network namespace can be made here (\(String(cString: strerror(errno)))); run as root")
        }
        try Program.ip.require(["link", "set", "lo", "up"])
    }

    /// A pair of virtual interfaces, up, without neighbour discovery of their own.
    public static func addPair(_ first: String, _ second: String) throws(EnforcementError) {
        try Program.ip.require(["link", "add", first, "type", "veth", "peer", "name", second])
        for name in [first, second] {
            set("net/ipv4/conf/\(name)/rp_filter", "0")
            set("net/ipv6/conf/\(name)/accept_ra", "0")
            set("net/ipv6/conf/\(name)/router_solicitations", "0")
            // Addresses that appear by themselves, and late, would look like something that was left behind.
            try Program.ip.require(["link", "set", name, "addrgenmode", "none"])
            try Program.ip.require(["link", "set", name, "up"])
        }
        for name in [first, second] { try awaitCarrier(name) }
    }

    /// The kernel tells of a carrier a while after the interface is up; routes look different until then.
    private static func awaitCarrier(_ interface: String) throws(EnforcementError) {
        for _ in 0..<300 {
            if try Program.ip.require(["-o", "link", "show", "dev", interface]).contains("state UP") { return }
            usleep(10_000)
        }
        throw EnforcementError("\(interface) does not come up")
    }

    /// Writes a kernel setting of this network; settings that this kernel lacks are left out.
    public static func set(_ setting: String, _ value: String) {
        let file = open("/proc/sys/\(setting)", O_WRONLY | O_CLOEXEC)
        guard file >= 0 else { return }
        defer { close(file) }
        _ = value.withCString { write(file, $0, strlen($0)) }
    }

    /// Everything a change could leave behind, as text to compare.
    public static func snapshot(interfaces: [String]) throws(EnforcementError) -> String {
        var parts = [
            try Program.nft.require(["-s", "list", "ruleset"]), try Program.ip.require(["nexthop", "show"]),
            try Program.ip.require(["-4", "rule", "show"]), try Program.ip.require(["-6", "rule", "show"]),
            try Program.ip.require(["-4", "route", "show", "table", "all"]),
            try Program.ip.require(["-6", "route", "show", "table", "all"]),
        ]
        for interface in interfaces {
            parts.append(try Program.tc.require(["qdisc", "show", "dev", interface]))
            parts.append(try Program.tc.require(["class", "show", "dev", interface]))
            parts.append(try Program.tc.require(["filter", "show", "dev", interface]))
        }
        return parts.joined(separator: "\u{1}\n")
    }
}
