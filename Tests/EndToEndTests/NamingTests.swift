// Names by libndpi, as a build with the package trait NDPI writes them.

#if NDPI
    import Appliance
    import Foundation
    import Testing

    @Suite("Names of flows by libndpi", .enabled(if: NDPIReader.isThere, "ndpiReader comes with Debian's libndpi-bin"))
    struct NamingTests {
        /// Captures that ndpiReader reads: not compressed, no tunnels but GTP, no two VLANs in one another.
        static let captures = ["applications.pcap", "dns.pcap", "quic.pcapng", "tls12.pcap", "smb1.pcap"]

        @Test("A flow has the name that ndpiReader gives it", arguments: captures)
        func namesAreTheReaders(_ capture: String) throws {
            let path = Self.fixtures.appending(path: capture).path
            let theirs = try NDPIReader.names(in: path)
            let log = try Log(of: path)
            var compared = 0
            for flow in log.flows {
                guard let name = flow.text("ndpi.proto") else { continue }
                let endpoints = [("src_ip", "src_port"), ("dest_ip", "dest_port")].map {
                    "\(flow.text($0.0) ?? "") \(flow.text($0.1) ?? "")"
                }
                let names = try #require(theirs[endpoints.sorted().joined(separator: " ")], "\(endpoints)")
                #expect(names.contains(name), "\(endpoints): \(name), ndpiReader says \(names)")
                compared += 1
            }
            #expect(compared > 0)
        }

        @Test("A name says what it rests on, in both logs")
        func namesAreExplained() throws {
            let log = try Log(of: Self.fixtures.appending(path: "dns.pcap").path)
            let flow = try #require(log.flows.first { $0.text("dest_port") == "53" })
            #expect(flow.text("ndpi.proto") == "DNS")
            #expect(flow.text("ndpi.proto_id") == "5")
            #expect(flow.text("ndpi.category") == "Network")
            #expect(flow.text("ndpi.confidence") == "DPI")
            let beside = try #require(log.beside.first { $0.text("flow_id") == flow.text("flow_id") })
            #expect(beside.text("ndpi.proto") == "DNS")
        }

        @Test("Flows without room for a name are counted, and written as they are without libndpi")
        func roomIsBounded() throws {
            let path = Self.fixtures.appending(path: "dns.pcap").path
            let log = try Log(of: path, namingMemory: 0)
            #expect(!log.flows.isEmpty)
            #expect(log.flows.allSatisfy { $0.text("ndpi.proto") == nil })
            let shed = log.beside.last { $0.text("event_type") == "stats" }?.text("names_shed")
            #expect(shed.flatMap { Int($0) } ?? 0 >= log.flows.count { $0.text("proto") == "UDP" })
            #expect(log.flows.contains { $0.text("app_proto") == "dns" })
        }

        private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../fixtures/captures").standardizedFileURL
    }

    /// The logs of a replay.
    private struct Log {
        let flows: [JSONValue]
        let beside: [JSONValue]

        init(of path: String, namingMemory: Int? = nil) throws {
            let folder = FileManager.default.temporaryDirectory
                .appending(path: "leptonnet-naming-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: folder) }
            var settings = ReplaySettings()
            settings.paths = [path]
            settings.output = folder.path
            settings.detection = nil
            settings.flowMemory = 16 << 20
            settings.showsProgress = false
            if let namingMemory { settings.namingMemory = namingMemory }
            _ = try Replay(settings).run()
            let lines = { (name: String) in
                try Data(contentsOf: folder.appending(path: name)).split(separator: UInt8(ascii: "\n")).map {
                    try JSONDecoder().decode(JSONValue.self, from: Data($0))
                }
            }
            flows = try lines("eve.json").filter { $0.text("event_type") == "flow" }
            beside = try lines("leptonnet.json")
        }
    }

    /// libndpi's own program.
    private enum NDPIReader {
        private static let path = "/usr/bin/ndpiReader"

        static var isThere: Bool { FileManager.default.isExecutableFile(atPath: path) }

        /// Its names of each pair of endpoints, which are in the order of their text.
        static func names(in capture: String) throws -> [String: Set<String>] {
            let table = FileManager.default.temporaryDirectory
                .appending(path: "leptonnet-naming-\(UUID().uuidString).csv")
            defer { try? FileManager.default.removeItem(at: table) }
            let process = Process()
            process.executableURL = URL(filePath: path)
            process.arguments = ["-i", capture, "-C", table.path, "-q"]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            var names: [String: Set<String>] = [:]
            for line in try String(contentsOf: table, encoding: .utf8).split(separator: "\n").dropFirst() {
                let cells = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
                let endpoints = ["\(cells[5]) \(cells[6])", "\(cells[7]) \(cells[8])"].sorted().joined(separator: " ")
                names[endpoints, default: []].insert(cells[10])
            }
            return names
        }
    }
#endif
