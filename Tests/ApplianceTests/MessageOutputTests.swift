// Outputs with real sockets: order, reconnection, dead receivers, spools that outlive their process.

import Configuration
import Foundation
import NetTypes
import Outputs
import Synchronization
import Testing

@testable import Appliance

@Suite("Outputs that send messages")
struct MessageOutputTests {
    /// Listens on a Unix socket and keeps the lines that come, connection after connection.
    private final class Listener: @unchecked Sendable {
        let path = NSTemporaryDirectory() + "siem-\(UUID().uuidString.prefix(8)).sock"
        private let state = Mutex<(lines: [String], caller: Int32)>(([], -1))
        private var descriptor: Int32 = -1
        private var thread: Appliance.Thread?

        func start() {
            unlink(path)
            descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            let address = SocketAddress(path: path)!
            #expect(address.withPointer { bind(descriptor, $0, $1) } == 0)
            listen(descriptor, 4)
            let listening = descriptor
            thread = Appliance.Thread(name: "listener") { [self] in
                while true {
                    let caller = accept(listening, nil, nil)
                    guard caller >= 0 else { return }
                    state.withLock { $0.caller = caller }
                    var rest: [UInt8] = []
                    var chunk = [UInt8](repeating: 0, count: 65536)
                    while true {
                        let count = read(caller, &chunk, chunk.count)
                        guard count > 0 else { break }
                        rest += chunk[..<count]
                        while let end = rest.firstIndex(of: 10) {
                            let line = String(decoding: rest[..<end], as: UTF8.self)
                            state.withLock { $0.lines.append(line) }
                            rest.removeFirst(end + 1)
                        }
                    }
                    close(caller)
                }
            }
        }

        var lines: [String] { state.withLock { $0.lines } }

        /// Hangs up on whoever calls, without a word.
        func hangUp() { shutdown(state.withLock { $0.caller }, Int32(SHUT_RDWR)) }

        func stop() {
            shutdown(descriptor, Int32(SHUT_RDWR))
            hangUp()
            thread?.join()
            close(descriptor)
            unlink(path)
        }
    }

    private func batch(_ numbers: Range<Int>) -> KeptEvents {
        var keeper = EventKeeper(wanted: .all, AnnotationReader(FlowAnnotations()))
        let buffer = EventBuffer(wanted: .all)
        for number in numbers {
            var flow = FlowRecord()
            flow.identity.key =
                FlowKey.canonical(
                    source: IPAddress(v4: 0x0a00_0001), sourcePort: 1000, destination: IPAddress(v4: 0x0a00_0002),
                    destinationPort: 443, transport: IPProtocol.tcp
                ).key
            flow.details.flowID = UInt64(number)
            flow.toServer.packets = 1
            flow.details.firstToServer = Int64(number) * 1_000_000_000
            flow.toServer.lastSeen = Int64(number) * 1_000_000_000
            buffer.append(.closed, flow, at: Timestamp(seconds: Int64(number)))
        }
        for (index, header) in buffer.headers.enumerated() {
            keeper.keep(StreamEvent(header: header, buffer: buffer, ordinal: 0), at: index)
        }
        return keeper.finish()!
    }

    private func open(_ text: String, isPatient: Bool = false) throws -> MessageOutput {
        var settings = ReplaySettings()
        try settings.apply(ConfigurationNode(parsing: text, path: "x.yaml"))
        var surroundings = OpenOutputs.Surroundings(eve: EVEOptions())
        surroundings.isPatient = isPatient
        let outputs = try OpenOutputs(settings.outputs, surroundings)
        return try #require(outputs.messages.first)
    }

    private func numbers(_ lines: [String]) -> [Int] {
        lines.compactMap { line in
            line.firstMatch(of: #/"flow_id":(\d+)/#).flatMap { Int($0.1) }
        }
    }

    private func wait(_ seconds: Double = 10, until condition: () -> Bool) {
        let end = Date() + seconds
        while !condition(), Date() < end { usleep(10_000) }
    }

    @Test("Everything offered arrives in order, and the receiver's farewell confirms it")
    func order() throws {
        let listener = Listener()
        listener.start()
        defer { listener.stop() }
        let output = try open("outputs: [{type: unix, path: \(listener.path)}]")
        output.start()
        for start in stride(from: 0, to: 3000, by: 100) { output.offer(batch(start..<(start + 100))) }
        #expect(output.close(within: 10) == [])
        wait { listener.lines.count == 3000 }
        #expect(numbers(listener.lines) == Array(0..<3000))
        #expect(output.counters.written == 3000)
    }

    @Test("A receiver that hangs up and comes back misses nothing; what may come twice is counted")
    func reconnection() throws {
        let listener = Listener()
        listener.start()
        defer { listener.stop() }
        let output = try open("outputs: [{type: unix, path: \(listener.path)}]")
        output.start()
        output.offer(batch(0..<500))
        wait { listener.lines.count == 500 }
        listener.hangUp()
        wait { output.counters.failure != nil || output.counters.reconnects > 0 }
        output.offer(batch(500..<1000))
        wait { numbers(listener.lines).last == 999 }
        #expect(output.close(within: 5) == [])
        #expect(Set(numbers(listener.lines)) == Set(0..<1000))
        let counters = output.counters
        #expect(counters.reconnects >= 1)
        #expect(counters.written == 1000)
        #expect(listener.lines.count <= Int(counters.written + counters.repeated))
    }

    @Test("A dead receiver costs the caller no time; what finds no room is shed and every one of them counted")
    func dead() throws {
        let output = try open("outputs: [{type: unix, path: /nonexistent/socket, queue: 300kB}]")
        output.start()
        let begin = Date()
        for start in stride(from: 0, to: 5000, by: 100) {
            output.offer(batch(start..<(start + 100)))
            usleep(1000)
        }
        #expect(Date().timeIntervalSince(begin) < 5)
        _ = output.close(within: 1)
        let counters = output.counters
        #expect(!counters.isConnected && counters.failure != nil)
        #expect(counters.shed > 0)
        #expect(counters.written == 0)
        #expect(counters.shed + counters.lost == 5000)
    }

    @Test("What a spool holds when its run ends arrives in the next run")
    func spool() throws {
        let listener = Listener()
        let folder = NSTemporaryDirectory() + "siem-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let text = "outputs: [{type: unix, path: \(listener.path), spool: {path: \(folder)}}]"
        do {
            let output = try open(text)
            output.start()
            output.offer(batch(0..<400))
            wait { output.counters.spooledBytes > 0 }
            #expect(output.close(within: 1) == [])
            #expect(output.counters.lost == 0)
        }
        listener.start()
        defer { listener.stop() }
        let output = try open(text)
        output.start()
        output.offer(batch(400..<500))
        #expect(output.close(within: 10) == [])
        wait { listener.lines.count >= 500 }
        #expect(numbers(listener.lines) == Array(0..<500))
        #expect(output.counters.spooledBytes == 0)
    }

    /// Events of which each raised an alert.
    private func alerts(_ numbers: Range<Int>) -> KeptEvents {
        var annotations = FlowAnnotations()
        let buffer = EventBuffer(wanted: .all)
        for (index, number) in numbers.enumerated() {
            annotations.current = index
            annotations.raise(
                Alert(
                    time: Timestamp(seconds: Int64(number)), source: IPAddress(v4: 0x0a00_0001),
                    target: IPAddress(v4: 0x0a00_0002), sourcePort: 1000, targetPort: 443, transport: IPProtocol.tcp,
                    flow: nil, signatureID: 1, signature: "storm", category: "storm", severity: 2,
                    technique: ("T1046", "Network_Service_Discovery"), tactic: ("TA0007", "Discovery"), references: [],
                    incident: UInt64(number), stage: .opened, alertCount: 1, risk: 1, score: 1, threshold: 1,
                    contributions: [], counterfactuals: []))
            buffer.appendTick(at: Timestamp(seconds: Int64(number)))
        }
        var keeper = EventKeeper(wanted: [], AnnotationReader(annotations))
        for (index, header) in buffer.headers.enumerated() {
            keeper.keep(StreamEvent(header: header, buffer: buffer, ordinal: 0), at: index)
        }
        return keeper.finish()!
    }

    @Test("No alert of a storm is shed in front of a spool, however small the queue and dead the receiver")
    func storm() throws {
        let folder = NSTemporaryDirectory() + "siem-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        do {
            let output = try open(
                "outputs: [{type: unix, path: /nonexistent/socket, events: [alert], queue: 64kB, spool: {path: \(folder)}}]"
            )
            output.start()
            for start in stride(from: 0, to: 20_000, by: 200) { output.offer(alerts(start..<(start + 200))) }
            #expect(output.close(within: 5) == [])
            let counters = output.counters
            #expect(counters.shed == 0 && counters.shedAlerts == 0 && counters.lost == 0)
        }
        let spool = try SpoolBacklog(path: folder, limit: 1 << 30)
        var messages = MessageBuffer()
        var position = spool.confirmed
        while position < spool.end { position = spool.read(from: position, atMost: 1 << 20, into: &messages) }
        #expect(messages.count == 20_000)
        #expect(!messages.notes.contains { !$0.isAlert })
    }

    @Test("What a storm sheds without a spool is counted to the message")
    func countedStorm() throws {
        let output = try open("outputs: [{type: unix, path: /nonexistent/socket, events: [alert], queue: 64kB}]")
        output.start()
        for start in stride(from: 0, to: 20_000, by: 200) {
            output.offer(alerts(start..<(start + 200)))
            output.offer(batch(start..<(start + 200)))
        }
        _ = output.close(within: 1)
        let counters = output.counters
        #expect(counters.shed > 0 && counters.shed == counters.shedAlerts)
        #expect(counters.shed + counters.lost == 20_000)
    }

    @Test(
        "A mistake in an output is told with its line and its mend",
        arguments: [
            ("outputs:\n  - {type: udp, host: a, spool: {path: /s}}\n", "x.yaml:2: datagrams vanish"),
            ("outputs:\n  - {type: tcp}\n", "x.yaml:2: a tcp output needs a host"),
            ("outputs:\n  - {type: tcp, host: a, port: 70000}\n", "is not a whole number from 1 to 65535"),
            ("outputs:\n  - {type: tls, host: a, certificate: /c}\n", "a certificate and its key go together"),
            ("outputs:\n  - {type: unix, path: a}\n", "'a' is not absolute"),
            ("outputs:\n  - {type: tcp, host: a, events: [alarm]}\n", "unknown event type 'alarm'"),
            ("outputs:\n  - {type: tcp, host: a, syslog: {facility: local9}}\n", "unknown facility 'local9'"),
            ("outputs:\n  - {type: tcp, host: a, framing: tabs}\n", "'tabs' is neither octets"),
            ("outputs:\n  - {type: tcp, host: a, max-message: 100}\n", "a message has from 480 bytes"),
            ("outputs:\n  - {type: tcp, host: a, ca: /c}\n", "unknown key 'ca'"),
            ("pseudonyms: {key-file: /nonexistent}\n", "x.yaml:1: /nonexistent: cannot be read"),
        ])
    func mistakes(_ text: String, _ words: String) {
        var settings = ReplaySettings()
        var message = "none"
        do {
            try settings.apply(ConfigurationNode(parsing: text, path: "x.yaml"))
        } catch {
            message = "\(error)"
        }
        #expect(message.contains(words), "\(message)")
    }
}
