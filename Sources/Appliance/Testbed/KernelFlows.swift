// Long flows and flagged sources, as nftables counts them.

import Foundation
import Shaper

/// Which flows are long, where they go, and how many sources are flagged.
struct KernelFlows {
    /// Addresses and ports of a flow, written as nftables writes a concatenation.
    struct Key: Hashable {
        var text: String

        /// The class that the flow has and keeps where it is placed.
        var trafficClass: TrafficClass {
            text.hasSuffix(" \(TestbedNetwork.port(.web))") ? .web : .bulk
        }
    }

    private struct Seen {
        var bytes: Double
        var path: Int
        var remaining: Double
    }

    private(set) var flagged = 0
    private(set) var elephants: [Elephant] = []
    private var numbers: [Key: Int] = [:]
    private var keys: [Key] = []
    private var placed: [Int: Int] = [:]

    func key(of flow: Int) -> Key? { keys.indices.contains(flow) ? keys[flow] : nil }

    mutating func place(_ flow: Int, on path: Int) { placed[flow] = path }

    /// Reads both sets.
    mutating func read() throws(UserError) {
        flagged = try elements(of: "quarantine").count
        var flows: [Key: Seen] = [:]
        var order: [Key] = []
        for item in try elements(of: "long") {
            guard let element = (item as? [String: Any])?["elem"] as? [String: Any],
                let parts = (element["val"] as? [String: Any])?["concat"] as? [Any], parts.count == 5,
                let counter = element["counter"] as? [String: Any], let bytes = counter["bytes"] as? Double,
                let device = parts[4] as? String,
                let path = (0..<maximumPaths).first(where: { TestbedNetwork.device($0) == device })
            else { continue }
            let key = Key(text: parts[..<4].map { "\($0)" }.joined(separator: " . "))
            let remaining = element["expires"] as? Double ?? 0
            guard let known = flows[key] else {
                flows[key] = Seen(bytes: bytes, path: path, remaining: remaining)
                order.append(key)
                continue
            }
            // A flow that was moved has an entry for each path; the one touched last is where it is.
            flows[key] = Seen(
                bytes: known.bytes + bytes, path: remaining > known.remaining ? path : known.path,
                remaining: max(remaining, known.remaining))
        }
        elephants = order.sorted { $0.text < $1.text }.compactMap { key in
            guard let seen = flows[key], 8 * seen.bytes >= Telemetry.elephantBits else { return nil }
            let number = number(of: key)
            return Elephant(
                flow: number, path: placed[number] ?? seen.path, bits: 8 * seen.bytes, placed: placed[number] != nil)
        }
    }

    private mutating func number(of key: Key) -> Int {
        if let number = numbers[key] { return number }
        numbers[key] = keys.count
        keys.append(key)
        return keys.count - 1
    }

    private func elements(of set: String) throws(UserError) -> [Any] {
        let text = try KernelCommand.run(["nft", "-j", "list", "set", "inet", TestbedNetwork.table, set])
        let answer = (try? JSONSerialization.jsonObject(with: Data(text.utf8))) as? [String: Any]
        let objects = answer?["nftables"] as? [[String: Any]] ?? []
        for case let found as [String: Any] in objects.compactMap({ $0["set"] }) {
            return found["elem"] as? [Any] ?? []
        }
        throw UserError("nft -j list set \(set): the answer holds no set")
    }
}
