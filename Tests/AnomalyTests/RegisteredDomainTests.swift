// Where a name ends that somebody registered.

import Testing

@testable import Anomaly

@Suite("Registered domains")
struct RegisteredDomainTests {
    private func split(_ name: String) -> [String] {
        Array(name.utf8).withUnsafeBytes { bytes in
            let parts = RegisteredDomain(of: bytes)
            return [String(decoding: parts.below, as: UTF8.self), String(decoding: parts.domain, as: UTF8.self)]
        }
    }

    @Test("Two labels are a domain, three below a country's short one")
    func usual() {
        #expect(split("a.b.example.com") == ["a.b", "example.com"])
        #expect(split("www.example.co.uk") == ["www", "example.co.uk"])
        #expect(split("example.com") == ["", "example.com"])
        #expect(split("printer") == ["", "printer"])
        #expect(split("a.example.xn--p1ai") == ["a", "example.xn--p1ai"])
        #expect(split("4.3.2.1.in-addr.arpa") == ["4.3.2.1", "in-addr.arpa"])
    }

    @Test("A name whose last label cannot be a top-level domain is data as a whole, below the one empty domain")
    func nowhere() {
        #expect(split("dnscat.546b03f5000000.5a03b5b1") == ["dnscat.546b03f5000000.5a03b5b1", ""])
        #expect(split("10.0.0.1") == ["10.0.0.1", ""])
        #expect(split("a.b-c") == ["a.b-c", ""])
    }
}
