// Fuzz target: link, network and transport headers of any link type, and fragments.

import Decode
import FuzzSupport
import NetTypes

/// The link types that are decoded, and one that is not.
private let linkTypes = LinkType.supported + [LinkType(rawValue: 147)]
private let decoder = PacketDecoder(hasher: .replay)

/// Decodes the frames of an input in order.
///
/// The first byte chooses the link type. Then frames follow, each behind two bytes: twelve bits of length,
/// little-endian, and four of what was not captured, in units of 20 bytes. The last frame takes what is left.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    let linkType = linkTypes[Int(input.byte()) % linkTypes.count]
    let events = EventBuffer(wanted: .all)
    var fragments = FragmentCache(capacity: 8, hasher: .replay)
    var counters = DecodeCounters()
    var time = Timestamp(seconds: 1_700_000_000)
    while !input.isAtEnd {
        let word: UInt16 = input.integer()
        let bytes = input.take(Int(word & 0xfff))
        time = Timestamp(nanoseconds: time.nanoseconds + 1_000_000_000)
        withLentBytes(bytes) { bytes in
            let frame = Frame(
                base: bytes.baseAddress!, capturedLength: UInt32(bytes.count),
                wireLength: UInt32(bytes.count + Int(word >> 12) * 20), time: time, linkType: linkType)
            var summary = withUnsafeTemporaryAllocation(of: PacketSummary.self, capacity: 1) { place in
                decoder.decode(frame, into: place.baseAddress!, counters: &counters, events: events)
                return place[0]
            }
            check(summary, of: frame)
            if summary.kind == .laterFragment || (summary.kind == .flow && summary.isFirstFragment) {
                _ = fragments.resolve(&summary)
                check(summary, of: frame)
            }
        }
    }
    let faults = counters.faults.indices.reduce(UInt64(0)) { $0 + counters.faults[$1] }
    precondition(faults == counters.invalid, "faults do not add up")
    LineCheck.check(events)
    return 0
}

/// What must hold of every summary.
private func check(_ summary: PacketSummary, of frame: Frame) {
    precondition(summary.payloadOffset <= frame.capturedLength, "the payload begins outside of the frame")
    precondition(summary.payloadCaptured <= frame.capturedLength - summary.payloadOffset, "the payload is too long")
    precondition(summary.payloadCaptured <= summary.payloadLength, "more payload was captured than sent")
    precondition(summary.wireLength == frame.wireLength && summary.time == frame.time)
    precondition(summary.kind != .fault || summary.fault != .none, "a fault without a name")
    guard summary.kind == .flow else { return }
    var canonical = FlowKey.canonical(
        source: summary.source.address, sourcePort: summary.source.port, destination: summary.destination.address,
        destinationPort: summary.destination.port, transport: summary.key.transport)
    canonical.key.shape = summary.key.shape
    (canonical.key.outerVLAN, canonical.key.innerVLAN) = (summary.key.outerVLAN, summary.key.innerVLAN)
    precondition(canonical.key == summary.key, "the key is not canonical")
    precondition(FlowHasher.replay.hash(summary.key) == summary.hash, "the hash is not the key's")
}
