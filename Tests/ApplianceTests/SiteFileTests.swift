// The site file names its mistakes by line.

import Foundation
import Testing

@testable import Advice
@testable import Appliance

struct SiteFileTests {
    private func read(_ text: String) throws -> SiteFile {
        let path = NSTemporaryDirectory() + "site-\(UUID().uuidString).yaml"
        try Data(text.utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try SiteFile(path: path)
    }

    @Test func theExampleHasNoMistake() throws {
        let site = try read(SiteFile.example).site
        #expect(site.paths.map(\.rate) == [20_000_000, 10_000_000])
        #expect(site.classes == SiteClass.defaults)
        #expect(site.limits == SiteLimits())
        #expect(site.mode == .suggest)
    }

    /// A change of the example, and the line and the words that the complaint must have.
    @Test(arguments: [
        ("gateways:", "gatways:", 13, "unknown key 'gatways'"),
        ("mode: suggest", "mode: sugest", 5, "no mode"),
        ("198.18.0.0/15", "0.0.0.0/0", 24, "wider than /8"),
        ("198.18.0.0/15", "10.0.0.0/8", 24, "DNS server"),
        ("198.18.0.0/15", "2001:db8::/32", 24, "different versions"),
        ("rate: 20Mbit", "rate: 20Mb", 20, "not a rate"),
        ("rate: 20Mbit", "rate: 1kbit", 20, "rate floor"),
        ("interface: wan1", "interface: wan0", 21, "already"),
        ("interface: wan0", "interface: 'wan0; reboot'", 20, "letters"),
        ("[10.0.0.53]", "[10.0.0.5/8]", 14, "neither an address nor a range"),
        ("guarantee: 15%", "guarantee: 50%", 29, "more than 100%"),
        ("dscp: [le]", "dscp: [ef]", 29, "claims"),
        ("dscp: [ef, va]", "dscp: [eff]", 29, "no code point"),
        ("lifetime: 15m", "lifetime: 5h", 44, "longer than longest-lifetime"),
        ("window: 5m", "window: 2h", 46, "at most an hour"),
        ("kind: resilient", "kind: sticky", 49, "no kind of group"),
    ])
    func aMistakeIsNamedByItsLine(_ text: String, _ mistake: String, _ line: Int, _ words: String) {
        let changed = SiteFile.example.replacing(text, with: mistake, maxReplacements: 1)
        #expect(changed != SiteFile.example)
        do {
            _ = try read(changed)
            Issue.record("no mistake was found")
        } catch {
            #expect("\(error)".contains(":\(line): "), "\(error)")
            #expect("\(error)".contains(words), "\(error)")
        }
    }

    @Test func protectedHostsMustBeNamed() {
        #expect(throws: UserError.self) { try read("networks: [10.0.0.0/8]\n") }
        #expect(throws: UserError.self) { try read("protected: {own: []}\n") }
    }
}
