// The only code that points into flow records.

import CLinux
import NetTypes
import Synchronization

/// A live flow record in the table.
///
/// The shard's owner reads fields plainly, being the only writer, and stores them atomically, so that readers may copy
/// the record at any time: see `copy`. Stores use release ordering, which on x86 is an ordinary move; it keeps them
/// behind the odd version that announces them (Boehm, Can seqlocks get along with programming language memory models?,
/// MSPC 2012).
struct RecordHandle {
    let base: UnsafeMutableRawPointer

    static let byteCount = MemoryLayout<FlowRecord>.size

    @inline(__always)
    init(_ base: UnsafeMutableRawPointer) {
        self.base = base
    }

    // Byte offsets of the record's parts.
    static let toServer = 64
    static let firstPackets = 192
    static let details = 256

    // MARK: Reading, by the owner

    @inline(__always)
    var record: UnsafePointer<FlowRecord> { UnsafePointer(base.assumingMemoryBound(to: FlowRecord.self)) }

    @inline(__always)
    var identity: UnsafePointer<FlowIdentity> { UnsafePointer(base.assumingMemoryBound(to: FlowIdentity.self)) }

    @inline(__always)
    var details: UnsafePointer<FlowDetails> {
        UnsafePointer((base + Self.details).assumingMemoryBound(to: FlowDetails.self))
    }

    /// The statistics of a direction: 0 to the server, 1 to the client.
    @inline(__always)
    func direction(_ index: Int) -> UnsafePointer<DirectionStatistics> {
        UnsafePointer((base + Self.toServer + index * 64).assumingMemoryBound(to: DirectionStatistics.self))
    }

    /// Whether the record has this key.
    @inline(__always)
    func matches(_ key: borrowing FlowKey) -> Bool {
        let own = base.assumingMemoryBound(to: FlowKey.self)
        let low = (own.pointee.firstLow ^ key.firstLow) | (own.pointee.secondLow ^ key.secondLow)
        let high = (own.pointee.firstHigh ^ key.firstHigh) | (own.pointee.secondHigh ^ key.secondHigh)
        return low | high | (own.pointee.portWord ^ key.portWord) | (own.pointee.shapeWord ^ key.shapeWord) == 0
    }

    /// Nanoseconds of the flow's last packet.
    @inline(__always)
    var lastSeen: Int64 { max(direction(0).pointee.lastSeen, direction(1).pointee.lastSeen) }

    // MARK: Writing, by the owner

    @inline(__always)
    func store(_ value: UInt8, _ offset: Int) {
        (base + offset).assumingMemoryBound(to: Atomic<UInt8>.self).pointee.store(value, ordering: .releasing)
    }

    @inline(__always)
    func store(_ value: UInt16, _ offset: Int) {
        (base + offset).assumingMemoryBound(to: Atomic<UInt16>.self).pointee.store(value, ordering: .releasing)
    }

    @inline(__always)
    func store(_ value: UInt32, _ offset: Int) {
        (base + offset).assumingMemoryBound(to: Atomic<UInt32>.self).pointee.store(value, ordering: .releasing)
    }

    @inline(__always)
    func store(_ value: UInt64, _ offset: Int) {
        (base + offset).assumingMemoryBound(to: Atomic<UInt64>.self).pointee.store(value, ordering: .releasing)
    }

    @inline(__always)
    func store(_ value: Int64, _ offset: Int) {
        store(UInt64(bitPattern: value), offset)
    }

    @inline(__always)
    private var version: UnsafeMutablePointer<Atomic<UInt32>> {
        (base + Field.version).assumingMemoryBound(to: Atomic<UInt32>.self)
    }

    /// Announces an update. Until `endUpdate`, readers retry.
    @inline(__always)
    func beginUpdate() {
        store(identity.pointee.version | 1, Field.version)
    }

    /// Ends an update.
    @inline(__always)
    func endUpdate() {
        store((identity.pointee.version | 1) &+ 1, Field.version)
    }

    /// Replaces the whole record but for its version and links.
    func overwrite(_ value: FlowRecord) {
        withUnsafeBytes(of: value) { bytes in
            for word in 0..<(Self.byteCount / 8) where word * 8 != Field.versionWord && word * 8 != Field.linkWord {
                store(bytes.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self), word * 8)
            }
            for field in [Field.tcpState, Field.timeoutClass, Field.status, Field.application] {
                store(bytes[field], field)
            }
        }
    }

    // MARK: Reading, by anyone

    /// Copies the record if nobody updates it meanwhile.
    ///
    /// Any number of threads may call this while the owner writes. Returns nil when the record is free, or was being
    /// written in each of `attempts` tries.
    func copy(attempts: Int) -> FlowRecord? {
        for _ in 0..<attempts {
            let before = version.pointee.load(ordering: .acquiring)
            if before == 0 { return nil }
            if before & 1 == 1 {
                lepton_spin_pause()
                continue
            }
            var result = FlowRecord()
            withUnsafeMutableBytes(of: &result) { bytes in
                for offset in stride(from: 0, to: Self.byteCount, by: 8) {
                    let word = (base + offset).assumingMemoryBound(to: Atomic<UInt64>.self).pointee
                        .load(ordering: .acquiring)
                    bytes.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
                }
            }
            if version.pointee.load(ordering: .relaxed) == before {
                return result.identity.timeoutClass == FlowShard.freeMark ? nil : result
            }
        }
        return nil
    }

    /// Asks for the whole record, which is about to be published.
    @inline(__always)
    func prefetchWhole() {
        for line in 0..<(Self.byteCount / 64) { lepton_prefetch_write(base + line * 64) }
    }

    @inline(__always)
    func prefetchIdentity() {
        lepton_prefetch_write(base)
    }

    /// Asks for the statistics of a direction: 0 to the server, 1 to the client.
    @inline(__always)
    func prefetchDirection(_ index: Int) {
        lepton_prefetch_write(base + Self.toServer + index * 64)
    }

    @inline(__always)
    func prefetchFirstPackets() {
        lepton_prefetch_write(base + Self.firstPackets)
    }
}

/// Byte offsets of the fields that the owner updates one by one. `LayoutTests` holds them against the record's layout.
enum Field {
    static let firstPacketCount = 42
    static let startSecond = 44
    static let version = 48
    static let versionWord = 48
    static let tcpState = 52
    static let timeoutClass = 53
    static let status = 54
    static let application = 55
    static let linkWord = 56
    static let next = 56
    static let previous = 60

    // In a direction's statistics.
    static let lastSeen = 0
    static let packets = 8
    static let retransmissions = 12
    static let outOfOrder = 14
    static let bytes = 16
    static let payloadBytes = 24
    static let lengthSquares = 32
    static let gapSquares = 40
    static let gapMinimum = 48
    static let gapMaximum = 50
    static let timeToLiveMinimum = 52
    static let timeToLiveMaximum = 53
    static let flags = 54
    static let lengthMinimum = 56
    static let lengthMaximum = 58
    static let nextSequence = 60

    // In the details.
    static let firstToServer = 256
    static let firstToClient = 264
    static let serverRoundTrip = 280
    static let clientRoundTrip = 284
    static let serverWindow = 302
    static let serverSegmentSize = 306
    static let serverTrafficClass = 309
    static let responseICMPType = 312
    static let responseICMPCode = 313
    static let firstDirections = 314
    static let applicationSlot = 316
}
