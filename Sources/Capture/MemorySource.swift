// Frames from memory, for tests and for programs that make their own.

import NetTypes

/// A source that gives the packets and clock ticks it was made with.
///
/// One thread at a time may call it. Frames stay valid as long as the source lives.
public final class MemorySource: CaptureSource, @unchecked Sendable {
    /// One packet.
    public struct Packet: Hashable, Sendable {
        public var bytes: [UInt8]
        public var time: Timestamp
        public var linkType: LinkType
        /// Length on the wire; nil when the packet was captured whole.
        public var wireLength: UInt32?
        public var interface: UInt16

        public init(
            _ bytes: [UInt8], time: Timestamp, linkType: LinkType = .ethernet, wireLength: UInt32? = nil,
            interface: UInt16 = 0
        ) {
            self.bytes = bytes
            self.time = time
            self.linkType = linkType
            self.wireLength = wireLength
            self.interface = interface
        }
    }

    /// What happens next.
    public enum Item: Hashable, Sendable {
        case packet(Packet)
        /// No packet arrives until the given time.
        case idle(Timestamp)
    }

    private enum Step {
        case frame(Frame)
        case idle(Timestamp)
    }

    private let steps: [Step]
    private let storage: UnsafeMutablePointer<UInt8>
    private var next = 0

    public init(_ items: [Item]) {
        let packets = items.compactMap { item -> Packet? in
            if case .packet(let packet) = item { packet } else { nil }
        }
        let storage = UnsafeMutablePointer<UInt8>.allocate(capacity: max(1, packets.reduce(0) { $0 + $1.bytes.count }))
        var used = 0
        steps = items.map { item in
            switch item {
            case .idle(let time):
                return .idle(time)
            case .packet(let packet):
                let base = storage + used
                base.initialize(from: packet.bytes, count: packet.bytes.count)
                used += packet.bytes.count
                let length = UInt32(packet.bytes.count)
                return .frame(
                    Frame(
                        base: UnsafePointer(base), capturedLength: length,
                        wireLength: max(packet.wireLength ?? length, length), time: packet.time,
                        linkType: packet.linkType, interface: packet.interface))
            }
        }
        self.storage = storage
    }

    public convenience init(_ packets: [Packet]) {
        self.init(packets.map { .packet($0) })
    }

    deinit {
        storage.deallocate()
    }

    public var lendsBytes: Bool { true }

    public var damage: [CaptureDamage] { [] }

    /// Counts packets and ticks, not bytes.
    public var progress: (done: Int, total: Int)? { (next, steps.count) }

    /// A tick ends the batch before it and comes by itself.
    public func read(into batch: FrameBatch) -> SourceState {
        let before = batch.count
        while batch.hasRoom {
            guard next < steps.count else { return .finished }
            switch steps[next] {
            case .frame(let frame):
                batch.append(frame)
                next += 1
            case .idle(let time):
                guard batch.count == before else { return .open }
                next += 1
                return .idle(time)
            }
        }
        return .open
    }
}
