// What flows truly are, for measuring a classifier.

import Configuration
import Glibc
import NetTypes
import Shaper

/// A CSV file with the columns `proto`, `address`, `port`, `least_bytes` and `class`: the class of flows that have this
/// address and port on either side and carry at least so many bytes; `*` stands for any. The first line that fits counts.
struct TruthFile {
    private struct Line {
        var transport: UInt8
        var address: IPAddress?
        var port: UInt16?
        var leastBytes: UInt64
        var trafficClass: TrafficClass
    }

    private let lines: [Line]

    init(path: String) throws(UserError) {
        let bytes = try FileBytes.read(
            path, expecting: "a CSV file with the columns proto,address,port,least_bytes,class")
        let rows = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard rows.first == "proto,address,port,least_bytes,class" else {
            throw UserError("\(path):1: expected the header 'proto,address,port,least_bytes,class'")
        }
        var lines: [Line] = []
        for (number, row) in rows.enumerated().dropFirst() where !row.isEmpty {
            let cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            let address = cells.count == 5 && cells[1] != "*" ? IPAddress(cells[1]) : nil
            let port = cells.count == 5 && cells[2] != "*" ? UInt16(cells[2]) : nil
            guard cells.count == 5, let transport = ["tcp": UInt8(6), "udp": 17][cells[0]],
                address != nil || cells[1] == "*", port != nil || cells[2] == "*", let leastBytes = UInt64(cells[3]),
                let trafficClass = TrafficClass.allCases.first(where: { $0.name == cells[4] })
            else {
                throw UserError(
                    "\(path):\(number + 1): expected tcp or udp, an address or *, a port or *, a number of bytes, and a class"
                )
            }
            lines.append(
                Line(
                    transport: transport, address: address, port: port, leastBytes: leastBytes,
                    trafficClass: trafficClass))
        }
        self.lines = lines
    }

    /// The class of a flow; nil when no line speaks of it.
    func trafficClass(of flow: FlowRecord) -> TrafficClass? {
        lines.first { line in
            guard line.transport == flow.key.transport, flow.bytes >= line.leastBytes else { return false }
            return [flow.client, flow.server].contains { side in
                (line.address ?? side.address) == side.address && (line.port ?? side.port) == side.port
            }
        }?.trafficClass
    }
}
