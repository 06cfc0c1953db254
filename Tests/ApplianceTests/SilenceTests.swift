// Time goes on while no packet comes.

import Appliance
import NetTypes
import TestSupport
import Testing

@Suite("Silences")
struct SilenceTests {
    /// Questions by UDP at the given seconds, which nobody answers, each from a host of its own.
    private func capture(_ seconds: [Int64]) -> [UInt8] {
        var file = PcapBytes()
        for (index, second) in seconds.enumerated() {
            let datagram = PacketBytes.udp(40_000, 9, payload: [1, 2, 3])
            let packet = PacketBytes.ipv4("10.0.0.\(index + 1)", "192.0.2.1", IPProtocol.udp, payload: datagram)
            file.add(PacketBytes.ethernet(0x0800, payload: packet), time: Timestamp(seconds: 1_700_000_000 + second))
        }
        return file.bytes
    }

    private func ends(_ seconds: [Int64]) throws -> [String] {
        let lines = try ReplayRun(capture(seconds)).replay { $0.detection = nil }.lines()
        return lines.filter { $0["event_type"] as? String == "flow" }.compactMap { line in
            (line["timestamp"] as? String).map { String($0.dropFirst(11).prefix(8)) }
        }
    }

    @Test("Flows end in the seconds of a silence in which their time is over, and not with the packet that ends it")
    func flowsEndInTheirSeconds() throws {
        // An unanswered datagram's flow ends after 30 s; the last one ends with the capture. The epoch is at 22:13:20.
        #expect(try ends([0, 2, 5, 100]) == ["22:13:51", "22:13:53", "22:13:56", "22:15:00"])
    }

    @Test("A silence of years, again and again, ends as well")
    func years() throws {
        let year: Int64 = 31_536_000
        #expect(try ends([0, year, 2 * year, 2 * year + 1]).count == 4)
    }
}
