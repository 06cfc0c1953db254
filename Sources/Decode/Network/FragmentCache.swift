// Finds the ports of fragments after the first.

import NetTypes

/// Remembers the ports of first fragments, so that later ones join their flow.
///
/// A bounded, set-associative cache on packet time: an entry is replaced by a newer one of its set, and forgotten after
/// `lifetime`. One thread at a time calls it, in packet order. Datagrams are not reassembled; a fragment that overtakes
/// the first one, or whose first one was lost, has no ports and is a counted fault.
public struct FragmentCache: ~Copyable {
    /// How long a first fragment is remembered: the reassembly time of RFC 8200 and RFC 1122, in nanoseconds.
    public static let lifetime: Int64 = 60_000_000_000

    private struct Entry {
        var high: UInt64 = 0
        var low: UInt64 = 0
        var tag: UInt64 = 0
        var time: Int64 = .min
        var sourcePort: UInt16 = 0
        var destinationPort: UInt16 = 0
    }

    private static let ways = 4
    private var entries: [Entry]
    private let sets: UInt64
    private let hasher: FlowHasher

    /// - Parameter capacity: most datagrams remembered at a time; 40 bytes each.
    public init(capacity: Int = 4096, hasher: FlowHasher) {
        sets = UInt64(max(1, capacity / Self.ways))
        entries = Array(repeating: Entry(), count: Int(sets) * Self.ways)
        self.hasher = hasher
    }

    /// Remembers a first fragment, or completes a later one into a packet of a flow.
    ///
    /// - Returns: false for a later fragment whose first one is not known.
    public mutating func resolve(_ packet: inout PacketSummary) -> Bool {
        let source = packet.source.address
        let destination = packet.destination.address
        let tag = UInt64(packet.fragmentIdentification) << 8 | UInt64(packet.key.transport)
        let high = hasher.hash(source.high, source.low)
        let low = hasher.hash(destination.high, destination.low)
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
                high: high, low: low, tag: tag, time: packet.time.nanoseconds, sourcePort: packet.source.port,
                destinationPort: packet.destination.port)
            return true
        }
        guard let found else { return false }
        let entry = entries[found]
        let canonical = FlowKey.canonical(
            source: source, sourcePort: entry.sourcePort, destination: destination,
            destinationPort: entry.destinationPort, transport: packet.key.transport)
        var key = canonical.key
        key.shape = packet.key.shape
        key.outerVLAN = packet.key.outerVLAN
        key.innerVLAN = packet.key.innerVLAN
        packet.key = key
        packet.sourceIsFirst = canonical.sourceIsFirst
        packet.hash = hasher.hash(key)
        packet.kind = .flow
        return true
    }
}
