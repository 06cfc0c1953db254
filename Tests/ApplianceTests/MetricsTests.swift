// The page that Prometheus reads, and whoever asks for it.

import FlowTable
import Glibc
import NetTypes
import Outputs
import Testing

@testable import Appliance

@Suite("Metrics")
struct MetricsTests {
    /// A page with something in every family.
    private func page() -> String {
        var figures = LiveMonitor.Figures()
        var decode = DecodeCounters()
        decode.packets = 12
        decode.faults[Int(DecodeFault.tcpTruncated.rawValue)] = 3
        figures.snapshot = StatisticsSnapshot(
            time: Timestamp(seconds: 100), uptime: 60, decode: decode, table: TableCounters(), alerts: 4)
        figures.delays.add(seconds: 0.003)
        figures.delays.add(seconds: 90)
        figures.detector = DetectorStanding(
            isLearning: false, threshold: 6.5, calibrated: Timestamp(seconds: 70), shed: 0, drifts: 1, incidents: 2)
        figures.selftest = Selftest.Outcome(isPassed: true, words: "", time: 99)
        var state = QueuedSink.State()
        state.writtenLines = 5
        return MetricsReport(
            figures: figures, outputs: [("a \"quoted\" \\ path", state)], started: 1.5, now: Timestamp(seconds: 100)
        ).page().text
    }

    @Test("Every family has help and type, every sample belongs to the family above it, and labels are escaped")
    func form() {
        var family = ""
        var seen: Set<String> = []
        for line in page().split(separator: "\n") {
            if line.hasPrefix("# HELP ") {
                family = String(line.split(separator: " ")[2])
                #expect(seen.insert(family).inserted, "\(family) twice")
            } else if !line.hasPrefix("# TYPE \(family) ") {
                #expect(line.hasPrefix(family), "\(line) below \(family)")
            }
        }
        #expect(page().contains(#"leptonnet_output_lines_total{output="a \"quoted\" \\ path"} 5"#))
        #expect(page().contains("leptonnet_decode_faults_total{reason=\"\(DecodeFault.tcpTruncated.name)\"} 3\n"))
        #expect(page().contains("leptonnet_detector_calibration_age_seconds 30.0\n"))
    }

    @Test("A histogram's classes add up, and what is longer than all of them is counted")
    func histogram() {
        let page = page()
        #expect(page.contains(#"leptonnet_write_delay_seconds_bucket{le="0.0025"} 0"#))
        #expect(page.contains(#"leptonnet_write_delay_seconds_bucket{le="0.005"} 1"#))
        #expect(page.contains(#"leptonnet_write_delay_seconds_bucket{le="10.0"} 1"#))
        #expect(page.contains(#"leptonnet_write_delay_seconds_bucket{le="+Inf"} 2"#))
        #expect(page.contains("leptonnet_write_delay_seconds_count 2"))
    }

    @Test(
        "Addresses to listen at",
        arguments: [
            ("127.0.0.1:9477", "127.0.0.1:9477"), ("[::1]:80", "[::1]:80"), ("::1:80", nil), ("localhost:80", nil),
            ("127.0.0.1", nil), ("127.0.0.1:99999", nil), ("[127.0.0.1]:80", nil),
        ])
    func addresses(text: String, expected: String?) {
        #expect(ListenAddress(text)?.description == expected)
    }

    /// What a listener answers to some bytes.
    private func answer(_ port: UInt16, _ request: String) -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        guard ListenAddress("127.0.0.1:\(port)")!.withSocketAddress({ connect(descriptor, $0, $1) }) == 0 else { return "" }
        _ = Array(request.utf8).withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, 0)
            guard count > 0 else { return String(decoding: text, as: UTF8.self) }
            text += buffer[..<count]
        }
    }

    @Test("The listener answers readers of the page, says no to others, and outlives one that says nothing")
    func listening() throws {
        let listener = try MetricsListener(#require(ListenAddress("127.0.0.1:0")))
        let thread = Thread(name: "metrics") { listener.serve { "a_total 1\n" } }
        let page = answer(listener.port, "GET /metrics HTTP/1.1\r\nHost: here\r\n\r\n")
        #expect(page.hasPrefix("HTTP/1.1 200 OK\r\n") && page.hasSuffix("\r\n\r\na_total 1\n"))
        #expect(answer(listener.port, "GET / HTTP/1.0\r\n\r\n").hasPrefix("HTTP/1.1 404"))
        #expect(answer(listener.port, "POST /metrics HTTP/1.1\r\n\r\n").hasPrefix("HTTP/1.1 405"))
        #expect(answer(listener.port, "GET /met").isEmpty)
        #expect(answer(listener.port, "GET /metrics?x=1 HTTP/1.1\r\n\r\n").hasPrefix("HTTP/1.1 200"))
        listener.end()
        thread.join()
    }
}
