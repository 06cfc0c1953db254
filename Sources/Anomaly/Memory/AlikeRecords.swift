// Records that are alike are scored once.

import NetTypes

/// The latest scores of records of which many end at once and one is as good as another: those of a flood and of a scan.
///
/// Only what ends in the same tick, at a victim or from a host that an incident holds already, counts as alike: what the
/// score of the next one would be is known then, and nothing is learned from either. So a scan of thousands of ports, or
/// a flood of spoofed sources, costs little more than its entries in the flow table.
struct AlikeRecords {
    private struct Entry {
        var key: UInt64 = 0
        var millionths: Int64 = 0
        /// As wide as the others: models are saved byte by byte, and gaps between fields have no value of their own.
        var tick: UInt64 = 0
    }

    private var entries: InlineArray<16, Entry> = .init(repeating: Entry())

    /// The score of a record that is alike and ended in this tick.
    func score(_ key: UInt64, _ now: UInt32) -> Int64? {
        let entry = entries[Int(key >> 60)]
        return entry.key == key && entry.tick == UInt64(now) ? entry.millionths : nil
    }

    mutating func note(_ key: UInt64, _ millionths: Int64, _ now: UInt32) {
        entries[Int(key >> 60)] = Entry(key: key, millionths: millionths, tick: UInt64(now))
    }

    /// What alike records have in common; nil for records that stand for themselves.
    ///
    /// - Parameters:
    ///   - clientIsHeld: whether an incident holds the client.
    ///   - serverIsHeld: whether one holds the server.
    static func key(_ flow: FlowRecord, _ keys: FlowKeys, clientIsHeld: Bool, serverIsHeld: Bool) -> UInt64? {
        if !keys.clientIsInside, serverIsHeld, flow.packets <= 2, flow.toClient.packets == 0 {
            return KeyMixer.combine(keys.serverAndPort, 1)
        }
        guard clientIsHeld, flow.packets <= 3, flow.toServer.payloadBytes + flow.toClient.payloadBytes == 0 else {
            return nil
        }
        let (up, down) = (flow.toServer, flow.toClient)
        let isTCP = keys.transport == IPProtocol.tcp
        let lengths = UInt64(up.lengthMaximum) << 16 | UInt64(down.lengthMaximum)
        let flags = UInt64(up.flags.rawValue) << 8 | UInt64(down.flags.rawValue)
        let packets = UInt64(up.packets) << 4 | UInt64(down.packets)
        // One port of a TCP scan is as good as another.
        let service = isTCP ? UInt64(keys.transport) << 16 : keys.serviceCode
        return KeyMixer.combine(
            KeyMixer.combine(keys.clientKey, lengths << 32 | flags << 8 | packets), service << 1 | (keys.serverIsInside ? 1 : 0))
    }
}
