// The record walk of pcap files.

import NetTypes

/// Finds the packets of a pcap capture.
///
/// This is the one serial part of a replay, so `next` is a handful of loads and compares that inline into its caller.
struct PcapParser: RecordParser {
    private(set) var position = PcapHeader.length
    private let recordHeaderLength: Int
    private let fractionUnit: Int64
    private let bigEndian: Bool
    private let linkType: LinkType

    init(_ header: PcapHeader) {
        recordHeaderLength = header.recordHeaderLength
        fractionUnit = header.fractionUnit
        bigEndian = header.bigEndian
        linkType = header.linkType
    }

    var linkTypes: [LinkType] { [linkType] }

    @inline(__always)
    mutating func next(in window: ByteWindow) -> RecordStep {
        let header = position
        guard window.holds(recordHeaderLength, at: header) else { return headerMissing(in: window) }
        let capturedLength = window.uint32(at: header &+ 8, bigEndian: bigEndian)
        guard capturedLength <= CaptureLimits.frameLength else {
            return .damage(offset: header, .recordTooLong(capturedLength))
        }
        let data = header &+ recordHeaderLength
        guard window.holds(Int(capturedLength), at: data) else { return dataMissing(Int(capturedLength), in: window) }
        // A fraction of a second or more is carried over, as libpcap's readers do.
        let seconds = Int64(window.uint32(at: header, bigEndian: bigEndian))
        let fraction = Int64(window.uint32(at: header &+ 4, bigEndian: bigEndian))
        position = data &+ Int(capturedLength)
        return .record(
            CaptureRecord(
                offset: data, capturedLength: capturedLength,
                wireLength: window.uint32(at: header &+ 12, bigEndian: bigEndian),
                time: Timestamp(seconds: seconds, nanoseconds: fraction &* fractionUnit), linkType: linkType))
    }

    @inline(never)
    private func headerMissing(in window: ByteWindow) -> RecordStep {
        guard window.isFinal else { return .needs(upTo: position + recordHeaderLength) }
        // Behind the end only when the file became shorter while it was read.
        let available = max(0, window.end - position)
        guard available > 0 else { return .end }
        return .damage(
            offset: position, .recordHeaderCut(available: available, expected: recordHeaderLength))
    }

    @inline(never)
    private func dataMissing(_ capturedLength: Int, in window: ByteWindow) -> RecordStep {
        let data = position + recordHeaderLength
        guard window.isFinal else { return .needs(upTo: data + capturedLength) }
        return .damage(offset: position, .recordCut(available: window.end - data, expected: capturedLength))
    }
}
