// Walks a frame's layers into a summary.

import NetTypes

/// Decodes frames: link, network and transport headers into a `PacketSummary`.
///
/// A value without state of its own: any number of threads may use copies of one decoder at the same time, each with
/// its own counters and events. Nothing is allocated per packet. The first fault of a packet ends trust in its later
/// bytes; what was read before it stays.
public struct PacketDecoder: Sendable {
    /// Most headers walked in one packet; more is an attack on the decoder.
    public static let maximumLayers = 16

    @usableFromInline let hasher: FlowHasher

    /// - Parameter hasher: gives `PacketSummary.hash`, which spreads flows over shards.
    public init(hasher: FlowHasher) {
        self.hasher = hasher
    }

    /// Decodes one frame.
    ///
    /// - Parameters:
    ///   - frame: the frame; its bytes are only read.
    ///   - destination: where the summary goes; need not be initialised.
    ///   - counters: counted up by this packet.
    ///   - events: gets `arp`, `icmpError` and `fault` events where wanted; its position must be the packet's.
    public func decode(
        _ frame: Frame, into destination: UnsafeMutablePointer<PacketSummary>, counters: inout DecodeCounters,
        events: EventBuffer
    ) {
        var walk = LayerWalk(frame)
        counters.packets &+= 1
        counters.bytes &+= UInt64(frame.wireLength)
        if UInt64(frame.wireLength) > counters.longestFrame { counters.longestFrame = UInt64(frame.wireLength) }
        if frame.capturedLength < frame.wireLength { counters.cut &+= 1 }
        walk.link(frame.linkType, &counters)
        walk.walk(&counters)
        if walk.summary.kind == .flow {
            walk.summary.hash = hasher.hash(walk.summary.key)
        }
        if walk.summary.fault != .none || walk.notice != .none {
            publish(walk, &counters, events)
        }
        destination.initialize(to: walk.summary)
    }

    /// Counts the fault of a packet and publishes what is not about a flow.
    @inline(never)
    private func publish(_ walk: LayerWalk, _ counters: inout DecodeCounters, _ events: EventBuffer) {
        let summary = walk.summary
        if summary.fault != .none {
            counters.invalid &+= 1
            counters.faults[Int(summary.fault.rawValue)] &+= 1
            if events.wants(.fault) {
                events.append(
                    FaultMessage(
                        fault: summary.fault, hasKey: walk.hasAddresses, sourceIsFirst: summary.sourceIsFirst,
                        key: summary.key),
                    at: summary.time)
            }
        }
        switch walk.notice {
        case .none: break
        case .arp:
            if events.wants(.arp), let message = walk.arpMessage() { events.append(message, at: summary.time) }
        case .icmpError:
            if events.wants(.icmpError), let message = walk.icmpErrorMessage() {
                events.append(message, at: summary.time)
            }
        }
    }
}
