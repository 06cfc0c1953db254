// The tunnels of a shard's flows, each kept once.

import NetTypes

/// Which tunnel each flow travels in. Tunnels are few and flows are many, so a flow keeps a number of two bytes.
///
/// Nothing is reserved before the first flow with a tunnel; from then on memory is fixed. Used by the shard's owner only.
struct TunnelLedger {
    /// Most tunnels of a shard at a time. A flow that comes when all are in use is kept without its tunnel, and counted.
    static let capacity = 4096

    private struct Entry {
        var tunnel: Tunnel
        /// Flows that travel in it; a free entry has none.
        var flows: UInt32
        /// Next entry of the same bucket, or next free one; number + 1, zero at the end.
        var next: UInt16
    }

    /// Number + 1 of each record's tunnel, zero without one.
    private var numbers: [UInt16] = []
    /// First entry of each bucket, number + 1.
    private var buckets: [UInt16] = []
    private var entries: [Entry] = []
    private var firstFree: UInt16 = 0

    /// The tunnel of a flow.
    func tunnel(of record: Int) -> Tunnel? {
        guard record < numbers.count, numbers[record] != 0 else { return nil }
        return entries[Int(numbers[record]) - 1].tunnel
    }

    /// Notes the tunnel of a flow that opens.
    ///
    /// - Parameters:
    ///   - record: the flow's record, below `recordCount`.
    ///   - hasher: spreads tunnels over buckets, whoever chooses their addresses.
    /// - Returns: false when all entries are in use.
    mutating func note(_ tunnel: Tunnel, of record: Int, recordCount: Int, hasher: FlowHasher) -> Bool {
        if numbers.isEmpty {
            numbers = Array(repeating: 0, count: recordCount)
            buckets = Array(repeating: 0, count: Self.capacity)
            entries.reserveCapacity(Self.capacity)
        }
        let bucket = Self.bucket(of: tunnel, hasher)
        var number = buckets[bucket]
        while number != 0, entries[Int(number) - 1].tunnel != tunnel { number = entries[Int(number) - 1].next }
        if number == 0 {
            guard let taken = take(tunnel, before: buckets[bucket]) else { return false }
            number = taken
            buckets[bucket] = number
        }
        entries[Int(number) - 1].flows += 1
        numbers[record] = number
        return true
    }

    /// The flow ends.
    mutating func forget(_ record: Int, hasher: FlowHasher) {
        guard record < numbers.count, numbers[record] != 0 else { return }
        let number = numbers[record]
        numbers[record] = 0
        entries[Int(number) - 1].flows -= 1
        guard entries[Int(number) - 1].flows == 0 else { return }
        let entry = entries[Int(number) - 1]
        let bucket = Self.bucket(of: entry.tunnel, hasher)
        if buckets[bucket] == number {
            buckets[bucket] = entry.next
        } else {
            var before = buckets[bucket]
            while entries[Int(before) - 1].next != number { before = entries[Int(before) - 1].next }
            entries[Int(before) - 1].next = entry.next
        }
        entries[Int(number) - 1].next = firstFree
        firstFree = number
    }

    /// A free entry, now with this tunnel; nil when there is none.
    private mutating func take(_ tunnel: Tunnel, before next: UInt16) -> UInt16? {
        if firstFree != 0 {
            let number = firstFree
            firstFree = entries[Int(number) - 1].next
            entries[Int(number) - 1] = Entry(tunnel: tunnel, flows: 0, next: next)
            return number
        }
        guard entries.count < Self.capacity else { return nil }
        entries.append(Entry(tunnel: tunnel, flows: 0, next: next))
        return UInt16(entries.count)
    }

    private static func bucket(of tunnel: Tunnel, _ hasher: FlowHasher) -> Int {
        let source = hasher.hash(tunnel.source.high, tunnel.source.low)
        let destination = hasher.hash(tunnel.destination.high, tunnel.destination.low)
        let ports =
            UInt64(tunnel.sourcePort) << 32 | UInt64(tunnel.destinationPort) << 16 | UInt64(tunnel.kind.rawValue)
        return Int(hasher.hash(source ^ ports, destination) % UInt64(capacity))
    }
}
