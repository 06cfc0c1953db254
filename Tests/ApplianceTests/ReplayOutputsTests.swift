// Where a replay writes when its configuration names outputs too.

import Configuration
import Foundation
import Testing

@testable import Appliance

@Suite("Outputs of a replay")
struct ReplayOutputsTests {
    @Test("A replay into a folder leaves the outputs of the configuration alone; without a folder it writes to them")
    func folders() throws {
        let run = try ReplayRun(Traffic.capture(count: 500, hosts: 5, seed: 1))
        let log = run.path("configured.json")
        func configure(_ settings: inout ReplaySettings) throws {
            let text = "outputs: [{type: file, path: \(log)}]"
            try settings.apply(ConfigurationNode(parsing: text, path: "x.yaml"))
            settings.usesOutputs = true
        }
        var into = ReplaySettings()
        try configure(&into)
        into.paths = [run.capture]
        into.output = run.path("own")
        _ = try Replay(into).run()
        #expect(!FileManager.default.fileExists(atPath: log))
        #expect(FileManager.default.fileExists(atPath: run.path("own/eve.json")))
        into.output = nil
        _ = try Replay(into).run()
        #expect(FileManager.default.fileExists(atPath: log))
    }
}
