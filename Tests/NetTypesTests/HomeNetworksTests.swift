// What is inside.

import NetTypes
import TestSupport
import Testing

@Suite("Home networks")
struct HomeNetworksTests {
    private func contains(_ networks: [String], _ address: String) throws -> Bool {
        try HomeNetworks(networks).contain(#require(IPAddress(address)))
    }

    @Test("Named ranges are inside besides the private ones, and nothing else is")
    func named() throws {
        let networks = ["203.0.113.0/24", "2001:db8:7::/48", "198.51.100.9"]
        for address in [
            "203.0.113.0", "203.0.113.255", "198.51.100.9", "2001:db8:7:ffff::1", "10.1.2.3", "fe80::1", "::1",
        ] {
            #expect(try contains(networks, address), "\(address)")
        }
        for address in ["203.0.112.255", "203.0.114.0", "198.51.100.8", "2001:db8:8::1", "8.8.8.8", "2001:4860::1"] {
            #expect(try !contains(networks, address), "\(address)")
        }
    }

    @Test("Of several ranges that hold an address the narrowest decides, in whatever order they are named")
    func narrowest() throws {
        let networks = ["!10.0.0.0/8", "10.7.0.0/16", "!10.7.9.0/24", "10.7.9.1"]
        for ordered in [networks, networks.reversed()] {
            #expect(try !contains(ordered, "10.8.0.1"))
            #expect(try contains(ordered, "10.7.8.1"))
            #expect(try !contains(ordered, "10.7.9.2"))
            #expect(try contains(ordered, "10.7.9.1"))
            #expect(try contains(ordered, "192.168.0.1"))
        }
    }

    @Test("An address of one version lies in no range of the other, whatever its bits")
    func versions() throws {
        #expect(try !contains(["::203.0.113.0/120"], "203.0.113.7"))
        #expect(try !contains(["203.0.113.0/24"], "::203.0.113.7"))
    }

    @Test("Naming a range changes nothing for the addresses outside of it")
    func agreesWithPrivate() throws {
        let named = try HomeNetworks(["203.0.113.0/24"])
        var generator = SeededGenerator(seed: 5)
        let edges = HomeNetworks.privateRanges.flatMap { range in
            let shift = UInt64(range.address.bitWidth - range.length)
            let beyond = range.isIPv6 || shift > 63 ? range.address.low : range.address.low + (1 << shift)
            return [
                range.address, IPAddress(high: range.address.high, low: beyond &- 1, isIPv6: range.isIPv6),
                IPAddress(high: range.address.high, low: beyond, isIPv6: range.isIPv6),
            ]
        }
        let random = (0..<20_000).map { index in
            index % 2 == 0
                ? IPAddress(v4: UInt32(truncatingIfNeeded: generator.next()))
                : IPAddress(high: generator.next(), low: generator.next(), isIPv6: true)
        }
        for address in edges + random where address.low >> 8 != 0xcb0071 {
            #expect(named.contain(address) == address.isPrivate, "\(address)")
            #expect(HomeNetworks.privateAlone.contain(address) == address.isPrivate, "\(address)")
        }
    }

    @Test("What was named is written as it is read")
    func description() throws {
        let networks = try HomeNetworks(["10.0.0.0/8", "!10.9.0.0/16", "2001:db8::/32", "10.0.0.0/8"])
        #expect(networks.description == "2001:db8::/32,!10.9.0.0/16,10.0.0.0/8")
        #expect(try HomeNetworks(networks.description.split(separator: ",").map(String.init)) == networks)
        #expect(try HomeNetworks([]) == .privateAlone)
        #expect(HomeNetworks.privateAlone.description.isEmpty)
    }

    @Test(
        "A mistake is told with its mend",
        arguments: [
            ("203.0.113.5/24", "has bits beyond its length; the range is 203.0.113.0/24"),
            ("203.0.113.0/33", "is neither an address nor a range"),
            ("office", "is neither an address nor a range"),
            ("", "quoted in YAML"),
            ("0.0.0.0/0", "covers every address"),
            ("!::/0", "covers every address"),
            ("224.0.0.0/8", "holds multicast groups"),
            ("128.0.0.0/1", "holds multicast groups"),
            ("!10.0.0.0/8", "named both with and without '!'"),
        ])
    func mistakes(_ text: String, _ words: String) {
        do {
            _ = try HomeNetworks(["10.0.0.0/8", text])
            Issue.record("'\(text)' was taken")
        } catch {
            #expect(error.index == 1)
            #expect(error.description.contains(words), "\(error)")
        }
    }
}
