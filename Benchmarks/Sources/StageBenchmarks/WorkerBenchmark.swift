// What a second worker is worth, dispatch included.

import Appliance

/// Replays a capture with one and with two workers; nothing is written, so that only the pipeline is measured.
enum WorkerBenchmark {
    static func run(_ capture: String) throws {
        let packets = try Double(replay(capture, workers: 1).packets)
        let one = try median { try replay(capture, workers: 1).seconds }
        let two = try median { try replay(capture, workers: 2).seconds }
        StageBenchmarks.report("pipeline without log, one worker", one / packets * 1e9, "ns a packet")
        StageBenchmarks.report("pipeline without log, two workers", two / packets * 1e9, "ns a packet")
        StageBenchmarks.report("two workers against one", one / two, "times")
    }

    private static func replay(_ capture: String, workers: Int) throws -> (seconds: Double, packets: UInt64) {
        var settings = ReplaySettings()
        settings.paths = [capture]
        settings.workers = workers
        settings.showsProgress = false
        settings.wantsSummary = false
        settings.detection = nil
        let report = try Replay(settings).run()
        return (report.seconds, report.packets)
    }
}
