// Finds the flow of fragments after the first.

import NetTypes

/// Remembers the flows of first fragments, so that later ones join them.
///
/// A bounded, set-associative cache on packet time: an entry is replaced by a newer one of its set, and forgotten after
/// `lifetime`. One thread at a time calls it, in packet order. Datagrams are not reassembled; a fragment that overtakes
/// the first one, or whose first one was lost, has no ports and is a counted fault. When a tunnel's packets are
/// fragmented, the later fragments join the flow inside, whose headers only the first one has.
public struct FragmentCache: ~Copyable {
    /// How long a first fragment is remembered: the reassembly time of RFC 8200 and RFC 1122, in nanoseconds.
    public static let lifetime: Int64 = 60_000_000_000

    private struct Entry {
        var high: UInt64 = 0
        var low: UInt64 = 0
        var tag: UInt64 = 0
        var time: Int64 = .min
        var key = FlowKey()
        var sourceIsFirst = false
    }

    private static let ways = 4
    private var entries: [Entry]
    private let sets: UInt64
    private let hasher: FlowHasher

    /// - Parameter capacity: most datagrams remembered at a time; 88 bytes each.
    public init(capacity: Int = 4096, hasher: FlowHasher) {
        sets = UInt64(max(1, capacity / Self.ways))
        entries = Array(repeating: Entry(), count: Int(sets) * Self.ways)
        self.hasher = hasher
    }

    /// Remembers a first fragment, or completes a later one into a packet of a flow.
    ///
    /// - Returns: false for a later fragment whose first one is not known.
    public mutating func resolve(_ packet: inout PacketSummary) -> Bool {
        guard let header = packet.fragmentedHeader else { return false }
        let tag = UInt64(packet.fragmentIdentification) << 8 | UInt64(header.transport)
        let high = hasher.hash(header.source.high, header.source.low)
        let low = hasher.hash(header.destination.high, header.destination.low)
        let start = Int(((hasher.hash(high ^ tag, low) >> 32) * sets) >> 32) * Self.ways
        var oldest = start
        var found: Int?
        for index in start..<(start + Self.ways) {
            let entry = entries[index]
            if entry.high == high, entry.low == low, entry.tag == tag,
                packet.time.nanoseconds &- entry.time <= Self.lifetime
            {
                found = index
            }
            if entry.time < entries[oldest].time { oldest = index }
        }
        if packet.kind == .flow {
            entries[found ?? oldest] = Entry(
                high: high, low: low, tag: tag, time: packet.time.nanoseconds, key: packet.key,
                sourceIsFirst: packet.sourceIsFirst)
            return true
        }
        guard let found else { return false }
        packet.key = entries[found].key
        packet.sourceIsFirst = entries[found].sourceIsFirst
        packet.hash = hasher.hash(packet.key)
        packet.kind = .flow
        return true
    }
}
