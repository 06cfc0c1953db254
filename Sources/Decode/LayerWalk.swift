// The state of walking through one packet's layers.

import NetTypes

/// Where a packet's decoding stands. Layers are methods in extensions, one file each; each reads its header at `offset`,
/// moves on, and names what comes next.
struct LayerWalk {
    /// What follows the header just read.
    enum Next: Equatable {
        case etherType(UInt16)
        case ipv4
        case ipv6
        case transport(UInt8)
        /// An Ethernet frame inside another packet.
        case ethernet
        case ppp
        case mpls
        case done
    }

    /// What is to be published beside the summary.
    enum Notice {
        case none
        case arp
        case icmpError
    }

    let reader: ByteReader
    var summary: PacketSummary
    /// Where the next header starts.
    var offset = 0
    /// Where the innermost network header starts.
    var header = 0
    /// Where the innermost network layer's packet ends on the wire.
    var end: Int
    var next = Next.done
    var layers = 0
    /// Where the innermost Ethernet header starts; negative without one.
    var ethernetHeader = -1
    var notice = Notice.none
    /// Whether `summary.key` holds addresses.
    var hasAddresses = false
    var source = IPAddress(v4: 0)
    var destination = IPAddress(v4: 0)

    init(_ frame: Frame) {
        reader = ByteReader(frame)
        summary = PacketSummary(frame)
        end = reader.wireCount
    }

    /// Reads headers until none is left that is understood, or too many.
    @inline(__always)
    mutating func walk(_ counters: inout DecodeCounters) {
        while true {
            if case .done = next { return }
            layers &+= 1
            if layers > PacketDecoder.maximumLayers { return fail(.tooManyLayers) }
            switch next {
            case .etherType(let type): etherType(type, &counters)
            case .ipv4: ipv4(&counters)
            case .ipv6: ipv6(&counters)
            case .transport(let number): transport(number, &counters)
            case .ethernet: innerEthernet(&counters)
            case .ppp: ppp(&counters)
            case .mpls: mpls(&counters)
            case .done: return
            }
        }
    }

    /// Ends decoding with a fault. A packet that has no flow yet counts as faulty, one that has keeps it.
    mutating func fail(_ fault: DecodeFault) {
        summary.fault = fault
        if summary.kind != .flow { summary.kind = .fault }
        next = .done
    }

    /// Makes the packet part of the flow with these ports.
    mutating func keyFlow(_ transport: UInt8, _ sourcePort: UInt16, _ destinationPort: UInt16) {
        let sourceIsFirst: Bool
        if source.high != destination.high {
            sourceIsFirst = source.high < destination.high
        } else if source.low != destination.low {
            sourceIsFirst = source.low < destination.low
        } else {
            sourceIsFirst = sourcePort <= destinationPort
        }
        summary.sourceIsFirst = sourceIsFirst
        summary.key.transport = transport
        if sourceIsFirst {
            summary.key.firstPort = sourcePort
            summary.key.secondPort = destinationPort
        } else {
            summary.key.firstPort = destinationPort
            summary.key.secondPort = sourcePort
            swap(&summary.key.firstHigh, &summary.key.secondHigh)
            swap(&summary.key.firstLow, &summary.key.secondLow)
        }
        summary.kind = .flow
    }

    /// Puts the addresses of the innermost network layer into the key, source first until `keyFlow` orders them.
    mutating func setAddresses(_ from: IPAddress, _ to: IPAddress) {
        source = from
        destination = to
        summary.key.firstHigh = from.high
        summary.key.firstLow = from.low
        summary.key.secondHigh = to.high
        summary.key.secondLow = to.low
        summary.key.shape = (summary.key.shape & 0x0f) | (from.isIPv6 ? 0x80 : 0)
        summary.sourceIsFirst = true
        hasAddresses = true
    }

    /// Sets the payload to what lies from `start` to the end of the network packet.
    mutating func setPayload(from start: Int) {
        let length = max(0, end - start)
        let captured = max(0, min(end, reader.count) - start)
        summary.payloadLength = UInt32(truncatingIfNeeded: length)
        summary.payloadCaptured = UInt32(truncatingIfNeeded: captured)
        summary.payloadOffset = UInt32(truncatingIfNeeded: min(start, reader.count))
    }
}
