// Labels of a capture: which flows are part of which attack.

import Glibc
import NetTypes

/// One labelled flow: a line of the labels file.
struct LabelledFlow {
    let start: Double
    let end: Double
    let attack: String
    let category: String
    let first: (address: IPAddress, port: UInt16?)
    let second: (address: IPAddress, port: UInt16?)
    let transport: UInt8
}

/// One attack: the time its rows span, and every address they name.
struct LabelledAttack {
    let category: String
    var start: Double
    var end: Double
    var hosts: Set<IPAddress>
}

/// A labels file: CSV with the columns `start_ts`, `end_ts`, `src_ip`, `src_port`, `dst_ip`, `dst_port`, `proto`,
/// `attack_id` and `label` in any order; times in seconds since the epoch, `*` for any port, `label` is the category.
/// Rows of ARP have no flows; what they name still belongs to the attack.
struct LabelFile {
    let flows: [LabelledFlow]
    /// By identifier.
    let attacks: [String: LabelledAttack]

    /// - Throws: `UserError` with file and line for an unreadable file or a malformed line.
    init(path: String) throws(UserError) {
        let bytes = try FileBytes.read(path, expecting: "a CSV file")
        try self.init(text: String(decoding: bytes, as: UTF8.self), path: path)
    }

    init(text: String, path: String) throws(UserError) {
        let lines = text.split(whereSeparator: \.isNewline)
        guard let header = lines.first else { throw UserError("\(path):1: the file is empty") }
        let names = Self.cells(header)
        let wanted = [
            "start_ts", "end_ts", "src_ip", "src_port", "dst_ip", "dst_port", "proto", "attack_id", "label",
        ]
        var columns: [Int] = []
        for name in wanted {
            guard let column = names.firstIndex(where: { $0 == name }) else {
                throw UserError("\(path):1: there is no column '\(name)'; needed are \(wanted.joined(separator: ", "))")
            }
            columns.append(column)
        }
        var flows: [LabelledFlow] = []
        var attacks: [String: LabelledAttack] = [:]
        for (index, line) in lines.enumerated().dropFirst() {
            let cells = Self.cells(line)
            guard let widest = columns.max(), cells.count > widest else {
                throw UserError("\(path):\(index + 1): expected \(names.count) values, found \(cells.count)")
            }
            let value = { (column: Int) in String(cells[columns[column]]) }
            guard let start = Double(value(0)), let end = Double(value(1)) else {
                throw UserError("\(path):\(index + 1): a time cannot be read")
            }
            let (source, destination) = (IPAddress(value(2)), IPAddress(value(4)))
            var attack =
                attacks[value(7)] ?? LabelledAttack(category: value(8), start: start, end: end, hosts: [])
            attack.start = min(attack.start, start)
            attack.end = max(attack.end, end)
            attack.hosts.formUnion([source, destination].compactMap(\.self))
            attacks[value(7)] = attack
            guard let transport = Self.transport(value(6)) else { continue }
            guard let source, let destination else {
                throw UserError("\(path):\(index + 1): an address cannot be read")
            }
            flows.append(
                LabelledFlow(
                    start: start, end: end, attack: value(7), category: value(8),
                    first: (source, UInt16(value(3))), second: (destination, UInt16(value(5))), transport: transport))
        }
        self.flows = flows
        self.attacks = attacks
    }

    private static func cells(_ line: Substring) -> [Substring] {
        line.split(separator: ",", omittingEmptySubsequences: false)
    }

    private static func transport(_ name: String) -> UInt8? {
        switch name.lowercased() {
        case "tcp": IPProtocol.tcp
        case "udp": IPProtocol.udp
        case "icmp": IPProtocol.icmp
        case "icmpv6", "ipv6-icmp": IPProtocol.icmpv6
        case "sctp": IPProtocol.sctp
        default: UInt8(name)
        }
    }
}
