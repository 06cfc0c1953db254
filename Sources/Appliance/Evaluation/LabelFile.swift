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
    /// Nil for a protocol that no log calls so: such a row has no record.
    let transport: UInt8?
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
/// Rows of ARP have no flows; what they name still belongs to the attack. `proto` is a name as EVE has it, in any case, or 1, 6
/// or 17. Another number stands for a protocol only where EVE has no name for it: whoever judges the log instead of the flows
/// compares names, and both are to say the same.
struct LabelFile {
    let flows: [LabelledFlow]
    /// By identifier.
    let attacks: [String: LabelledAttack]
    /// Protocols that no log calls so, each once, in the file's order.
    private(set) var unknownProtocols: [String] = []

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
            guard value(6).lowercased() != "arp" else { continue }
            guard let source, let destination else {
                throw UserError("\(path):\(index + 1): an address cannot be read")
            }
            let transport = Self.transport(value(6), isIPv6: source.isIPv6)
            if transport == nil, !unknownProtocols.contains(value(6)) { unknownProtocols.append(value(6)) }
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

    private static func transport(_ name: String, isIPv6: Bool) -> UInt8? {
        switch name.lowercased() {
        case "tcp", "6": IPProtocol.tcp
        case "udp", "17": IPProtocol.udp
        case "icmp", "icmpv6", "ipv6-icmp", "1": isIPv6 ? IPProtocol.icmpv6 : IPProtocol.icmp
        case let name: numbers[name]
        }
    }

    /// Protocols by what EVE calls them, in small letters.
    private static let numbers = Dictionary(
        uniqueKeysWithValues: (0...UInt8.max).map { number in
            (IPProtocol.name(number).map { "\($0)".lowercased() } ?? String(number), number)
        })
}
