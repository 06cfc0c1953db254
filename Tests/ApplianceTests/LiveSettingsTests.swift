// The configuration file of a live run.

import Capture
import Configuration
import FlowTable
import Outputs
import Testing

@testable import Appliance

@Suite("Configuration of a live run")
struct LiveSettingsTests {
    private func read(_ text: String) throws -> LiveSettings {
        var settings = LiveSettings()
        try settings.apply(ConfigurationNode(parsing: text, path: "x.yaml"))
        return settings
    }

    private func mistake(_ text: String) -> String {
        do {
            _ = try read(text)
            return "none"
        } catch {
            return "\(error)"
        }
    }

    @Test("The example that the program prints is sound and says what the defaults are")
    func example() throws {
        let settings = try read(ConfigurationExample.text)
        let defaults = LiveSettings()
        #expect(settings.capture.interfaces == ["eth0"])
        #expect(settings.capture.ringBytes == defaults.capture.ringBytes)
        #expect(settings.capture.snapLength == defaults.capture.snapLength)
        #expect(settings.capture.filter == nil)
        #expect(settings.analysis.table == defaults.analysis.table)
        #expect(settings.analysis.statisticsInterval == defaults.analysis.statisticsInterval)
        #expect(settings.selftest == defaults.selftest)
        #expect(settings.outputs.map(\.format) == [.eve, .supplement])
        #expect(settings.statusSocket == StatusQuestion.defaultPath)
    }

    @Test("A replay takes the same file")
    func replay() throws {
        var settings = ReplaySettings()
        try settings.apply(ConfigurationNode(parsing: ConfigurationExample.text, path: "x.yaml"))
        #expect(settings.workers == 1)
    }

    @Test(
        "A mistake is told with its line and what is known there",
        arguments: [
            ("capture:\n  interfases: [eth0]\n", "x.yaml:2: unknown key 'interfases'"),
            ("capture:\n  ring: 5kB\n", "x.yaml:2: a ring has from 1MiB to 4GiB"),
            ("capture:\n  promiscuous: perhaps\n", "x.yaml:2: 'perhaps' is neither true nor false"),
            ("capture:\n  interfaces: []\n", "x.yaml:2: name an interface"),
            (
                "outputs:\n  - type: pigeon\n",
                "x.yaml:2: unknown type of output 'pigeon'; known: file, unix, udp, tcp, tls"
            ),
            ("outputs:\n  - type: file\n", "a file output needs a path"),
            ("outputs:\n  - {type: file, path: logs/eve.json}\n", "is not absolute"),
            (
                "outputs:\n  - {type: file, path: /l/e, format: xml}\n",
                "unknown format 'xml'; known: eve, supplement, ecs, ocsf, cef"
            ),
            ("outputs:\n  - {type: file, path: /l/e, rotate: {weekly: 1}}\n", "unknown key 'weekly'"),
            ("detection:\n  baseline: soon\n", "x.yaml:2: 'soon' is not a duration"),
            ("service:\n  users: [x]\n", "x.yaml:2: unknown key 'users'"),
            ("selftest:\n  every: 50s\n", "a test may take 30 s (within), so every is at least twice that"),
            ("servise: {}\n", "x.yaml:1: unknown key 'servise'"),
        ])
    func mistakes(_ text: String, _ words: String) {
        #expect(mistake(text).contains(words), "\(mistake(text))")
    }
}
