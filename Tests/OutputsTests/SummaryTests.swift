// Tests of the traffic summary and of the structures it is kept in.

import NetTypes
import TestSupport
import Testing

@testable import Outputs

@Suite("Traffic summary")
struct SummaryTests {
    /// A flow of `bytes` sent and half as many received, over `seconds`, starting `start` seconds after noon of a day.
    private func flow(
        _ client: String, _ server: String, port: UInt16 = 443, transport: UInt8 = IPProtocol.tcp, bytes: UInt64 = 1000,
        start: Int64 = 0, seconds: Int64 = 1, roundTrip: UInt32 = 0, retransmissions: UInt16 = 0
    ) -> FlowRecord {
        var flow = FlowRecord()
        let (key, clientIsFirst) = FlowKey.canonical(
            source: IPAddress(client)!, sourcePort: 50_000, destination: IPAddress(server)!, destinationPort: port,
            transport: transport)
        flow.identity.key = key
        flow.identity.status = clientIsFirst ? [.clientIsFirst, .answered] : .answered
        let time = (1_768_478_400 + start) * 1_000_000_000
        flow.details.firstToServer = time
        flow.details.firstToClient = time
        flow.toServer.lastSeen = time + seconds * 1_000_000_000
        flow.toClient.lastSeen = time
        flow.toServer.packets = 10
        flow.toServer.bytes = bytes
        flow.toServer.retransmissions = retransmissions
        flow.toClient.packets = 5
        flow.toClient.bytes = bytes / 2
        flow.details.serverRoundTrip = roundTrip
        return flow
    }

    private func report(_ flows: [FlowRecord], rows: Int = 10) -> SummaryReport {
        let summary = TrafficSummary()
        var annotations = FlowAnnotations()
        for flow in flows { summary.observe(closed(flow), annotations: &annotations) }
        summary.observe(events { $0.append(loss: 3, at: Timestamp(seconds: 0)) }[0], annotations: &annotations)
        var decode = DecodeCounters()
        decode.packets = UInt64(flows.count) * 15
        decode.bytes = flows.reduce(0) { $0 + $1.bytes }
        decode.faults[Int(DecodeFault.tcpTruncated.rawValue)] = 2
        var table = TableCounters()
        table.opened = UInt64(flows.count)
        table[.idleTimeout] = UInt64(flows.count)
        return summary.report(
            RunTotals(
                decode: decode, table: table, first: flows.map(\.start).min(), last: flows.map(\.end).max()), rows: rows
        )
    }

    @Test("Text for a small capture")
    func smallCapture() {
        let report = report([
            flow("10.0.0.5", "192.0.2.9", bytes: 2_000_000, seconds: 7, roundTrip: 20_000, retransmissions: 1),
            flow("10.0.0.5", "192.0.2.10", bytes: 1_000, start: 4, roundTrip: 1_000),
            flow("10.0.0.6", "10.0.0.1", port: 53, transport: IPProtocol.udp, bytes: 100, start: 2, seconds: 0),
        ])
        let expected = """
            Traffic
              packets     45
              bytes       3.00 MB (3,001,650)
              span        2026-01-15 12:00:00 to 2026-01-15 12:00:07 UTC (7.00 s)
              mean rate   3.43 Mbit/s
              flows       3
              read at     1,234,567 packets/s
              peak        3.38 Mbit/s over 125 ms
              █████████████████████████████████████████████████████████

            Transport protocols
                                         flows        packets       bytes     share
              TCP                            2             30     3.00 MB   100.0 %
              UDP                            1             15       150 B  < 0.01 %

            Application protocols
                                         flows        packets       bytes     share
              no payload                     3             45     3.00 MB   100.0 %

            Top talkers
              host                              sent    received    peers      flows
              10.0.0.5                       2.00 MB     1.00 MB        2          2
              192.0.2.9                      1.00 MB     2.00 MB        1          1
              192.0.2.10                       500 B     1.00 kB        1          1
              10.0.0.1                          50 B       100 B        1          1
              10.0.0.6                         100 B        50 B        1          1

            Busiest links
              10.0.0.5 ↔ 192.0.2.9                      3.00 MB     peak 3.37 Mbit/s
                █████████████████████████████████████████████████████████
              10.0.0.5 ↔ 192.0.2.10                     1.50 kB     peak 10.7 kbit/s
                                                █████████
              10.0.0.1 ↔ 10.0.0.6                         150 B     peak 9.60 kbit/s
                                █

            Busiest services
              443/tcp                3.00 MB       2 flows  █████████████████████████████
              53/udp                   150 B        1 flow          █

            Where it is slow: time from here to a network and back
              network                       handshakes        median   95 % within
              192.0.2.0/24                           2       1.02 ms       20.1 ms

            Where it loses: TCP segments towards a network that were sent again
              network                         segments    sent again         share
              192.0.2.0/24                          20             1         5.0 %

            Flows ended
              idle_timeout                3

            Faults
              tcp.pkt_too_small           2
              lost                        3

            """
        #expect(report.text(packetsPerSecond: 1_234_567) == expected)
        let colored = report.text(colors: true, packetsPerSecond: 1_234_567)
        #expect(colored.contains("\u{1b}[1;36mTraffic\u{1b}[0m"))
        #expect(colored.replacing(#/\u{1b}\[[0-9;]*m/#, with: "") == expected)
    }

    @Test("JSON has the same content in integers, and nothing in it depends on the order of hashing")
    func json() {
        let flows = (0..<500).map { (number: Int) -> FlowRecord in
            let client = "10.0.\(number % 7).\(number % 50)"
            return flow(
                client, "192.0.2.\(number % 30)", bytes: UInt64(1000 + number * 13), start: Int64(number),
                roundTrip: UInt32(number * 100))
        }
        let line = { () -> String in
            var json = JSONWriter()
            report(flows).write(to: &json)
            return text(of: json)
        }
        let first = line()
        #expect(first == line())
        #expect(first.contains(#""flows":{"opened":500,"ended":{"idle_timeout":500,"#))
        #expect(first.contains(#""transports":[{"name":"TCP","flows":500,"packets":7500,"#))
        #expect(first.hasSuffix(#""faults":{"tcp.pkt_too_small":2},"lost":3}"#))
    }

    @Test("No line is wider than a terminal, and an empty summary is fine")
    func width() {
        let flows = (0..<200).map { (number: Int) -> FlowRecord in
            flow(
                "192.168.100.\(number)", "203.0.113.\(number)", bytes: UInt64(number) << 40,
                start: Int64(number) * 1000, seconds: 9)
        }
        let report = report(flows)
        for line in report.text().split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        #expect(self.report([]).text().hasPrefix("Traffic\n  packets     0\n"))
    }

    @Test("Hosts keep all bytes when their links are displaced")
    func displacedLinks() {
        var random = SeededGenerator(seed: 3)
        var flows: [FlowRecord] = []
        for _ in 0..<40_000 {
            let client = UInt8.random(in: 1...3, using: &random)
            let server = IPAddress(v4: 0xc600_0000 + UInt32.random(in: 0..<120_000, using: &random))
            flows.append(flow("10.0.0.\(client)", "\(server)", seconds: 0))
        }
        let report = report(flows, rows: 3)
        for host in report.hosts {
            let own = flows.filter { $0.client.address == host.address }
            #expect(host.sent == own.reduce(0) { $0 + $1.toServer.bytes })
            #expect(host.received == own.reduce(0) { $0 + $1.toClient.bytes })
            #expect(host.flows == UInt64(own.count))
            #expect(!host.isExact)
        }
        #expect(report.series.reduce(0, +).rounded() == Float(report.flowBytes))
    }

    @Test("A host that talks to itself has sent and received every byte")
    func ownLink() {
        let report = report([flow("10.0.0.1", "10.0.0.1", bytes: 1000)])
        #expect(report.hosts.count == 1)
        #expect(report.hosts[0].sent == 1500 && report.hosts[0].received == 1500 && report.hosts[0].flows == 1)
    }

    @Test("Space-Saving misses nothing heavier than its error, and states its error")
    func spaceSaving() {
        var random = SeededGenerator(seed: 9)
        var table = SpaceSaving<ServiceKey, ServiceTraffic>(capacity: 64)
        var exact: [ServiceKey: UInt64] = [:]
        for _ in 0..<50_000 {
            // Ports after a power law.
            let port = UInt16(min(65535, 1 / (1 - Double.random(in: 0..<1, using: &random))))
            let key = ServiceKey(transport: 6, port: port, application: .unknown)
            exact[key, default: 0] += 10
            switch table.place(of: key) {
            case .found(let place): table.values[place].bytes += 10
            case .empty(let place), .occupied(let place):
                table.insert(key, at: place)
                table.values[place].bytes += 10
            }
        }
        #expect(table.displaced > 0)
        for place in table.occupied {
            let truth = exact[table.keys[place]]!
            #expect(table.values[place].weight <= truth)
            #expect(table.values[place].weight + table.errors[place] >= truth)
        }
        let kept = Set(table.occupied.map { table.keys[$0].port })
        let heaviest = exact.sorted { $0.value > $1.value }.prefix(8).map(\.key.port)
        #expect(heaviest.allSatisfy(kept.contains))
    }

    @Test("Percentiles of round trips are within an eighth of the truth")
    func histogram() throws {
        var random = SeededGenerator(seed: 21)
        var histogram = RoundTripHistogram()
        var values: [UInt32] = []
        for _ in 0..<10_000 {
            let value = UInt32.random(in: 0..<(1 << UInt32.random(in: 1...26, using: &random)), using: &random)
            values.append(value)
            histogram.add(value)
        }
        values.sort()
        for share in [0.01, 0.25, 0.5, 0.75, 0.95, 0.99] {
            let truth = Double(values[Int(share * 10_000)])
            let found = Double(try #require(histogram.quantile(share)))
            #expect(abs(found - truth) <= truth / 8 + 1, "\(share): \(found) for \(truth)")
        }
        #expect(RoundTripHistogram().quantile(0.5) == nil)
        var extreme = RoundTripHistogram()
        extreme.add(.max)
        #expect(try #require(extreme.quantile(1)) > 100_000_000)
    }

    @Test("Peers are counted to a few per cent", arguments: [0, 1, 5, 50, 300, 3000])
    func peers(count: Int) {
        var sketch = PeerSketch()
        for number in 0..<count {
            for _ in 0..<2 { sketch.add(IPAddress(v4: 0x0a00_0000 + UInt32(number))) }
        }
        #expect(abs(sketch.count - count) <= 1 + count / 10, "\(sketch.count)")
    }

    @Test("A time axis widens to either side without losing a byte", arguments: [1, 2, 3, 4])
    func axis(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var axis = UtilisationAxis()
        var series = UtilisationSeries(places: 2)
        var added: [(start: Int64, end: Int64, bytes: Float)] = []
        for number in 0..<300 {
            let reach = Int64(1) << Int64.random(in: 20...50, using: &random)
            let start = 1_768_478_400_000_000_000 + Int64.random(in: -reach...reach, using: &random)
            let end = start + Int64.random(in: 0...reach, using: &random)
            let span = axis.cover(from: start, through: end)
            let share = UtilisationShare(first: span.first, last: span.last, bytes: 64)
            // The second series is touched rarely and has to catch up over several levels.
            for place in number % 50 == 49 ? [0, 1] : [0] {
                if series.isBehind(place, level: axis.level) { series.catchUp(place, axis) }
                series.add(share, at: place)
            }
            added.append((start, end, 64))
        }
        #expect(axis.high - axis.low < 64)
        #expect(axis.low * axis.width <= added.map(\.start).min()!)
        #expect((axis.high + 1) * axis.width > added.map(\.end).max()!)
        let values = series.values(of: 0, axis)
        #expect(values.count == Int(axis.high - axis.low) + 1)
        #expect(abs(values.reduce(0, +) - 300 * 64) < 1)
        #expect(abs(series.values(of: 1, axis).reduce(0, +) - 6 * 64) < 0.1)
    }

    @Test("Bytes of a short flow lie in the bucket of its time, also after the axis has widened")
    func placement() {
        var axis = UtilisationAxis()
        var series = UtilisationSeries(places: 1)
        for second in 0..<600 as Range<Int64> {
            let span = axis.cover(from: second * 1_000_000_000, through: second * 1_000_000_000)
            if series.isBehind(0, level: axis.level) { series.catchUp(0, axis) }
            let bytes: Float = (300..<310).contains(second) ? 1000 : 0
            series.add(UtilisationShare(first: span.first, last: span.last, bytes: bytes), at: 0)
        }
        let values = series.values(of: 0, axis)
        let width = axis.width / 1_000_000_000
        #expect(width == 16)
        for (index, value) in values.enumerated() {
            let seconds = (Int64(index) * width..<Int64(index + 1) * width).clamped(to: 300..<310)
            #expect(value == Float(seconds.count) * 1000)
        }
    }

    @Test(
        "Units for people",
        arguments: [
            (HumanUnits.bytes(0), "0 B"), (HumanUnits.bytes(999), "999 B"), (HumanUnits.bytes(1000), "1.00 kB"),
            (HumanUnits.bytes(999_499), "999 kB"), (HumanUnits.bytes(999_500), "1.00 MB"),
            (HumanUnits.bytes(.max), "18.4 EB"), (HumanUnits.count(0), "0"), (HumanUnits.count(1_234_567), "1,234,567"),
            (HumanUnits.microseconds(830), "830 µs"), (HumanUnits.microseconds(12_500), "12.5 ms"),
            (HumanUnits.duration(59_990_000_000), "60.0 s"), (HumanUnits.duration(3_600_000_000_000), "1 h 0 min"),
            (HumanUnits.duration(200_000_000_000_000), "2 d 7 h"), (HumanUnits.share(1, of: 0), "-"),
            (HumanUnits.share(1, of: 8), "12.5 %"), (HumanUnits.share(0, of: 8), "0.0 %"),
            (HumanUnits.sparkline([0, 1, 4, 8], columns: 4), " ▂▅█"),
            (HumanUnits.sparkline([1, 1, 4, 4, 8], columns: 3), "▂▅█"), (HumanUnits.sparkline([], columns: 9), ""),
        ])
    func units(found: String, expected: String) {
        #expect(found == expected)
    }
}
