// Ranges of addresses.

import NetTypes
import Testing

struct IPPrefixTests {
    @Test(arguments: ["10.0.0.0/8", "0.0.0.0/0", "192.0.2.1", "2001:db8::/32", "::/0", "2001:db8::1", "fe80::/10"])
    func textIsReadAndWrittenAlike(_ text: String) {
        #expect(IPPrefix(text)?.description == text)
    }

    @Test(arguments: [
        "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/", "/8", "10.0.0/8", "::1/129", "",
    ])
    func whatIsNoRangeIsRefused(_ text: String) {
        #expect(IPPrefix(text) == nil)
    }

    @Test func rangesContainTheirOwnAndNothingElse() throws {
        let range = try #require(IPPrefix("2001:db8:0:8000::/49"))
        #expect(range.contains(try #require(IPAddress("2001:db8:0:8fff::1"))))
        #expect(!range.contains(try #require(IPAddress("2001:db8:0:7fff::1"))))
        #expect(try #require(IPPrefix("0.0.0.0/0")).contains(try #require(IPAddress("203.0.113.9"))))
        #expect(!(try #require(IPPrefix("0.0.0.0/0")).contains(try #require(IPAddress("::1")))))
    }

    @Test func overlapIsTheSameFromBothSides() throws {
        let wide = try #require(IPPrefix("10.0.0.0/8"))
        let narrow = try #require(IPPrefix("10.200.0.0/16"))
        let other = try #require(IPPrefix("11.0.0.0/16"))
        #expect(wide.overlaps(narrow) && narrow.overlaps(wide))
        #expect(!wide.overlaps(other) && !other.overlaps(wide))
    }
}
