// Capturing on the loopback interface, where the process may; and what is said where it may not.

import Capture
import Foundation
import Glibc
import NetTypes
import Testing

@Suite("Capture on an interface")
struct InterfaceSourceTests {
    /// Whether packet sockets may be opened here.
    static let mayCapture: Bool = {
        let descriptor = socket(AF_PACKET, Int32(SOCK_RAW.rawValue), 0)
        if descriptor >= 0 { close(descriptor) }
        return descriptor >= 0
    }()

    private func options(_ interfaces: [String], _ change: (inout LiveCaptureOptions) -> Void = { _ in })
        -> LiveCaptureOptions
    {
        var options = LiveCaptureOptions()
        options.interfaces = interfaces
        options.ringBytes = 4 << 20
        change(&options)
        return options
    }

    @Test("No interface, an unknown one and one named twice are mistakes with a mend")
    func mistakes() {
        for (names, words) in [([], "name one with -i"), (["nothere0"], "ip link"), (["lo", "lo"], "named twice")] {
            #expect {
                try InterfaceSource(options(names)) { _ in }
            } throws: { error in
                (error as? CaptureError)?.message.contains(words) == true
            }
        }
    }

    @Test(
        "Datagrams on the loopback arrive once each, with their bytes, in order",
        .enabled(if: InterfaceSourceTests.mayCapture, "packet sockets need CAP_NET_RAW"))
    func loopback() throws {
        let port: UInt16 = 39_417
        let source = try InterfaceSource(options(["lo"]) { $0.filter = "udp dst port \(port)" }) { _ in }
        for number in 0..<100 { Self.send("packet \(number)", to: port) }
        let batch = FrameBatch(capacity: 4096)
        var texts: [String] = []
        var last = Timestamp.never
        let deadline = Date().addingTimeInterval(10)
        while texts.count < 100, Date() < deadline {
            batch.clear()
            guard source.read(into: batch) != .finished else { break }
            for index in 0..<batch.count {
                #expect(batch[index].time >= last)
                last = batch[index].time
                #expect(batch[index].capturedLength == batch[index].wireLength)
                texts.append(String(decoding: batch[index].bytes.dropFirst(42), as: UTF8.self))
            }
        }
        #expect(texts == (0..<100).map { "packet \($0)" })
        source.stop()
        batch.clear()
        while source.read(into: batch) != .finished { batch.clear() }
        #expect(source.capture?.counters.packets == 100)
        #expect(source.capture?.counters.drops == 0)
    }

    @Test(
        "A filter that does not compile is refused, and the old one stays",
        .enabled(if: InterfaceSourceTests.mayCapture, "packet sockets need CAP_NET_RAW"))
    func filters() throws {
        #expect(throws: CaptureError.self) {
            try InterfaceSource(options(["lo"]) { $0.filter = "port and" }) { _ in }
        }
        let source = try InterfaceSource(options(["lo"]) { $0.filter = "udp dst port 39418" }) { _ in }
        #expect(throws: CaptureError.self) { try source.replaceFilter("bogus and") }
        Self.send("still seen", to: 39_418)
        let batch = FrameBatch(capacity: 16)
        var seen = 0
        for _ in 0..<100 where seen == 0 {
            batch.clear()
            _ = source.read(into: batch)
            seen += batch.count
        }
        #expect(seen == 1)
    }

    private static func send(_ text: String, to port: UInt16) {
        let descriptor = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = sendto(descriptor, text, text.utf8.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }
}
