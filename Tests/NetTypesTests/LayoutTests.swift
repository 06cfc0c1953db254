// The records that tables hold have the sizes and layouts their doc comments promise.

import NetTypes
import Testing

@Suite("Layouts that the flow table relies on")
struct LayoutTests {
    @Test("Each part of a flow record is one cache line, and nothing is padded away")
    func recordIsFiveLines() {
        #expect(MemoryLayout<FlowIdentity>.size == 64)
        #expect(MemoryLayout<DirectionStatistics>.size == 64)
        #expect(MemoryLayout<FirstPackets>.size == 64)
        #expect(MemoryLayout<FlowDetails>.size == 64)
        #expect(MemoryLayout<FlowRecord>.size == 320)
        #expect(MemoryLayout<FlowRecord>.offset(of: \.toServer) == 64)
        #expect(MemoryLayout<FlowRecord>.offset(of: \.details) == 256)
    }

    @Test(
        "A packed gap is exact below 1,024 ns and within 0.1 % above",
        arguments: [0, 1, 1023, 1024, 1500, 123_456, 1_000_000_007, 3_600_000_000_000, Int64.max])
    func packedGap(nanoseconds: Int64) {
        let back = PackedGap(nanoseconds: nanoseconds).nanoseconds
        #expect(back <= nanoseconds)
        #expect(Double(nanoseconds - back) <= Double(nanoseconds) * 0.001)
    }
}

@Suite("IP addresses as text")
struct IPAddressTextTests {
    @Test(
        "Text of RFC 5952 survives a round trip",
        arguments: [
            "10.0.0.1", "255.255.255.255", "::", "::1", "2001:db8::1", "2001:db8:0:1:1:1:1:1",
            "fe80::200:86ff:fe05:80da",
            "1:0:0:2::3", "::ffff:a00:1",
        ])
    func roundTrip(text: String) {
        #expect(IPAddress(text)?.description == text)
    }

    @Test(
        "Text that is no address is refused",
        arguments: [
            "", "1.2.3", "1.2.3.256", "1.2.3.4.5", "::1::", "12345::", "g::", "1:2:3:4:5:6:7:8:9", "01234.1.1.1",
        ])
    func refused(text: String) {
        #expect(IPAddress(text) == nil)
    }
}
