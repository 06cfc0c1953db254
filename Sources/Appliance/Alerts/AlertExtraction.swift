// `leptonnet extract`.

import Capture
import Decode
import NetTypes
import Outputs

/// Writes the packets behind an alert as a capture of their own.
public struct AlertExtraction {
    /// What was done.
    public struct Report {
        public let packets: UInt64
        /// Packets that belong to the alert but have another link type than the first one; a pcap file holds one.
        public let otherLinks: UInt64
        public let damage: [CaptureDamage]

        /// What was left out or could not be read, in words.
        public var complaints: [String] {
            let places = damage.map { "\($0.path): damaged at byte \($0.offset): \($0.reason)" }
            guard otherLinks > 0 else { return places }
            return places + ["\(otherLinks) packets of another link type than the first were left out"]
        }
    }

    private let filter: EvidenceFilter
    private let identifier: String

    /// - Throws: `UserError` when the log or the alert is not there.
    public init(_ identifier: String, log folder: String) throws(UserError) {
        let alert = try AlertLog(folder: folder).alert(named: identifier)
        guard let filter = EvidenceFilter(alert) else {
            throw UserError("\(folder)/eve.json: the line of alert '\(identifier)' has no time or no addresses")
        }
        self.filter = filter
        self.identifier = alert.identifier
    }

    /// Reads captures and writes the packets.
    ///
    /// - Throws: `UserError` for an unusable input or output, and when no packet belongs to the alert; then nothing is
    ///   written.
    public func run(_ captures: [String], to path: String) throws(UserError) -> Report {
        do {
            let source = try CaptureOpener.open(paths: captures)
            let batch = FrameBatch(capacity: 4096, storageCapacity: source.lendsBytes ? 0 : 4096 * 1024)
            let summary = UnsafeMutablePointer<PacketSummary>.allocate(capacity: 1)
            defer { summary.deallocate() }
            let decoder = PacketDecoder(hasher: .replay)
            let events = EventBuffer(wanted: .arp)
            var counters = DecodeCounters()
            var file: PcapFile?
            var packets: UInt64 = 0
            var otherLinks: UInt64 = 0
            var state = SourceState.open
            while state != .finished {
                batch.clear()
                state = source.read(into: batch)
                for index in 0..<batch.count where filter.window.contains(batch[index].time) {
                    let frame = batch[index]
                    events.clear()
                    decoder.decode(frame, into: summary, counters: &counters, events: events)
                    guard isWanted(summary.pointee, events) else { continue }
                    if file == nil { file = try PcapFile(path: path, linkType: frame.linkType) }
                    if file?.append(frame) ?? false { packets += 1 } else { otherLinks += 1 }
                }
            }
            guard let file else {
                throw UserError(
                    "no packet of \(captures.joined(separator: ", ")) belongs to \(identifier); "
                        + "name the captures that the log was made from")
            }
            try file.close()
            return Report(packets: packets, otherLinks: otherLinks, damage: source.damage)
        } catch let error as UserError {
            throw error
        } catch {
            throw UserError("\(error)")
        }
    }

    private func isWanted(_ packet: PacketSummary, _ events: EventBuffer) -> Bool {
        if packet.kind == .arp, let header = events.headers.first {
            return filter.matches(StreamEvent(header: header, buffer: events, ordinal: 0).arp)
        }
        return filter.matches(packet)
    }
}
