// Metrics: that promtool accepts them, and who is answered.

import Foundation
import Testing

@testable import Appliance

@Suite struct MetricsTests {
    private func page() -> String {
        let delay = DelayHistogram()
        delay.add(seconds: 0.002)
        delay.add(seconds: 9)
        var checkpoint = CheckpointKeeper.Figures()
        checkpoint.written = 2
        checkpoint.lastSecond = 90
        let status = StatusReport(
            interfaces: ["eth0"], uptime: 5, figures: LiveMonitor.Figures(), outputs: [], selftest: nil, reload: nil,
            confinement: [], checkpoint: checkpoint, advice: ("auto", ActionDesk.Figures()))
        return MetricsReport(
            status: status, delay: delay, model: (.init(seconds: 40), 4), now: 100
        ).text
    }

    @Test("promtool has nothing to say against the page", .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/promtool")))
    func promtool() throws {
        let tool = Process()
        tool.executableURL = URL(fileURLWithPath: "/usr/bin/promtool")
        tool.arguments = ["check", "metrics"]
        let (input, output) = (Pipe(), Pipe())
        tool.standardInput = input
        tool.standardError = output
        tool.standardOutput = output
        try tool.run()
        input.fileHandleForWriting.write(Data(page().utf8))
        try input.fileHandleForWriting.close()
        let words = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        tool.waitUntilExit()
        #expect(tool.terminationStatus == 0, "\(words)")
        #expect(words.isEmpty)
    }

    @Test("Buckets of a histogram add up, the last one holds everything")
    func histogram() {
        let page = page()
        #expect(page.contains("leptonnet_processing_delay_seconds_bucket{le=\"0.001\"} 0\n"))
        #expect(page.contains("leptonnet_processing_delay_seconds_bucket{le=\"0.0025\"} 1\n"))
        #expect(page.contains("leptonnet_processing_delay_seconds_bucket{le=\"5.0\"} 1\n"))
        #expect(page.contains("leptonnet_processing_delay_seconds_bucket{le=\"+Inf\"} 2\n"))
        #expect(page.contains("leptonnet_processing_delay_seconds_count 2\n"))
        #expect(page.contains("leptonnet_model_age_seconds 60\n"))
        #expect(page.contains("leptonnet_checkpoint_age_seconds 10\n"))
    }

    @Test("Labels are escaped")
    func labels() {
        var text = PrometheusText()
        text.begin("x", .gauge, "X.")
        text.sample(1, ["sink": "a\"b\\c\nd"])
        #expect(text.text.hasSuffix("leptonnet_x{sink=\"a\\\"b\\\\c\\nd\"} 1\n"))
    }

    @Test("An address without a port, or of nobody here, is refused with a mend", arguments: ["9477", "example:9477", "127.0.0.1:"])
    func address(_ text: String) {
        #expect(throws: UserError.self) { try MetricsListener(text) }
    }
}
