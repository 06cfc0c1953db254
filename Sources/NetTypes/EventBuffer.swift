// Where stages put events before they are merged into the one stream.

/// The fixed part of an event; the variable part lies in its buffer.
@frozen
public struct EventHeader: Sendable {
    /// Position of the packet or tick that caused it, within its batch.
    public var position: UInt32
    public var kind: FlowEventKind
    /// Reason of `closed`, application protocol of `application`.
    public var detail: UInt8
    /// Index into the buffer's store for the kind.
    public var index: UInt32
    /// Bytes of fields, for `application` and `closed`; lost items, for `loss`.
    public var fieldOffset: UInt32
    public var fieldCount: UInt32
    /// When it happened, in packet time.
    public var time: Timestamp

    @inlinable
    init(
        position: UInt32, kind: FlowEventKind, detail: UInt8 = 0, index: UInt32 = 0, fieldOffset: UInt32 = 0,
        fieldCount: UInt32 = 0, time: Timestamp
    ) {
        self.position = position
        self.kind = kind
        self.detail = detail
        self.index = index
        self.fieldOffset = fieldOffset
        self.fieldCount = fieldCount
        self.time = time
    }
}

/// Collects the events of one shard or one run of packets, in the order of `position`.
///
/// One thread at a time appends; its arrays keep their room between batches, so appending does not allocate once they
/// have grown. Nobody asks for a kind outside `wanted`.
public final class EventBuffer: @unchecked Sendable {
    /// The kinds that somebody observes or writes; the others are not worth appending.
    public let wanted: FlowEventKinds
    /// Position given to the events that follow.
    public var position: UInt32 = 0

    public private(set) var headers: [EventHeader] = []
    @usableFromInline var flows: [FlowRecord] = []
    var deltas: [FlowDelta] = []
    var arps: [ARPMessage] = []
    var icmpErrors: [ICMPErrorMessage] = []
    var faults: [FaultMessage] = []
    var fields: [UInt8] = []
    /// What the shard knows of the tunnel around the flow it works on; set before an event of a flow with tunnel
    /// headers is appended, and used for those flows only.
    public var tunnel: Tunnel?
    /// Bytes at the end of `fields` that belong to no event yet.
    private var staged = 0

    public init(wanted: FlowEventKinds) {
        self.wanted = wanted
    }

    /// Forgets all events, keeping the room.
    public func clear() {
        // Most are empty already: a batch has a buffer for each shard.
        guard !headers.isEmpty || !fields.isEmpty else { return }
        headers.removeAll(keepingCapacity: true)
        flows.removeAll(keepingCapacity: true)
        deltas.removeAll(keepingCapacity: true)
        arps.removeAll(keepingCapacity: true)
        icmpErrors.removeAll(keepingCapacity: true)
        faults.removeAll(keepingCapacity: true)
        fields.removeAll(keepingCapacity: true)
    }

    /// Whether `kind` is wanted.
    @inlinable @inline(__always)
    public func wants(_ kind: FlowEventKind) -> Bool {
        wanted.contains(FlowEventKinds(kind))
    }

    /// Sets a field aside for the next `opened`, `answered` or `closed` event.
    public func stage(_ field: ApplicationField, _ value: UnsafeRawBufferPointer) {
        let length = min(value.count, FieldWriter.maximumLength)
        fields.append(field.rawValue)
        fields.append(UInt8(truncatingIfNeeded: length))
        fields.append(UInt8(truncatingIfNeeded: length >> 8))
        fields.append(contentsOf: value.prefix(length))
        staged += 3 + length
    }

    /// Appends `opened`, `answered` or `closed`, with the fields staged before.
    public func append(_ kind: FlowEventKind, _ flow: FlowRecord, at time: Timestamp, detail: UInt8 = 0) {
        if flow.key.tunnelDepth > 0 { stageTunnel() }
        headers.append(
            EventHeader(
                position: position, kind: kind, detail: detail, index: UInt32(flows.count),
                fieldOffset: UInt32(fields.count - staged), fieldCount: UInt32(staged), time: time))
        flows.append(flow)
        staged = 0
    }

    /// Appends `changed`.
    public func append(changed flow: FlowRecord, by delta: FlowDelta, at time: Timestamp) {
        headers.append(
            EventHeader(
                position: position, kind: .changed, index: UInt32(flows.count), fieldOffset: UInt32(deltas.count),
                time: time))
        flows.append(flow)
        deltas.append(delta)
    }

    /// Appends `application`; the fields are copied.
    public func append(
        _ application: ApplicationProtocol, of flow: FlowRecord, fields bytes: UnsafeRawBufferPointer,
        at time: Timestamp
    ) {
        headers.append(
            EventHeader(
                position: position, kind: .application, detail: application.rawValue, index: UInt32(flows.count),
                fieldOffset: UInt32(fields.count), fieldCount: UInt32(bytes.count), time: time))
        flows.append(flow)
        fields.append(contentsOf: bytes)
        if flow.key.tunnelDepth > 0 {
            stageTunnel()
            headers[headers.count - 1].fieldCount += UInt32(staged)
            staged = 0
        }
    }

    @inline(never)
    private func stageTunnel() {
        tunnel?.withBytes { stage(.tunnel, $0) }
    }

    public func append(_ arp: ARPMessage, at time: Timestamp) {
        headers.append(EventHeader(position: position, kind: .arp, index: UInt32(arps.count), time: time))
        arps.append(arp)
    }

    public func append(_ error: ICMPErrorMessage, at time: Timestamp) {
        headers.append(EventHeader(position: position, kind: .icmpError, index: UInt32(icmpErrors.count), time: time))
        icmpErrors.append(error)
    }

    public func append(_ fault: FaultMessage, at time: Timestamp) {
        headers.append(EventHeader(position: position, kind: .fault, index: UInt32(faults.count), time: time))
        faults.append(fault)
    }

    /// Appends `loss`: `count` packets or records lost.
    public func append(loss count: UInt32, at time: Timestamp) {
        headers.append(EventHeader(position: position, kind: .loss, fieldCount: count, time: time))
    }

    /// Appends `overload`: what is shed from now on.
    public func append(overload level: OverloadLevel, at time: Timestamp) {
        headers.append(EventHeader(position: position, kind: .overload, detail: level.rawValue, time: time))
    }

    public func appendTick(at time: Timestamp) {
        headers.append(EventHeader(position: position, kind: .tick, time: time))
    }

    /// Appends a copy of an event of another buffer.
    public func append(_ event: StreamEvent) {
        var header = event.header
        let source = event.buffer
        header.position = position
        switch event.kind {
        case .opened, .answered, .closed, .application:
            let start = Int(header.fieldOffset)
            header.index = UInt32(flows.count)
            header.fieldOffset = UInt32(fields.count)
            flows.append(event.flow)
            fields.append(contentsOf: source.fields[start..<(start + Int(header.fieldCount))])
        case .changed:
            header.index = UInt32(flows.count)
            header.fieldOffset = UInt32(deltas.count)
            flows.append(event.flow)
            deltas.append(event.delta)
        case .arp:
            header.index = UInt32(arps.count)
            arps.append(event.arp)
        case .icmpError:
            header.index = UInt32(icmpErrors.count)
            icmpErrors.append(event.icmpError)
        case .fault:
            header.index = UInt32(faults.count)
            faults.append(event.fault)
        case .loss, .tick, .overload: break
        }
        headers.append(header)
    }

    /// Bytes that the events take, roughly.
    public var byteCount: Int {
        headers.count * MemoryLayout<EventHeader>.stride + flows.count * MemoryLayout<FlowRecord>.stride + fields.count
            + (arps.count + icmpErrors.count + faults.count) * 64
    }
}
