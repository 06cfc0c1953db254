// An event as an observer sees it.

/// One event of the stream: its header and access to what it carries.
///
/// Valid only while the observer is called.
public struct StreamEvent {
    public let header: EventHeader
    @usableFromInline let buffer: EventBuffer
    /// Position of the causing packet or tick in the whole run; the same for any number of workers.
    public let ordinal: UInt64

    public init(header: EventHeader, buffer: EventBuffer, ordinal: UInt64) {
        self.header = header
        self.buffer = buffer
        self.ordinal = ordinal
    }

    public var kind: FlowEventKind { header.kind }

    /// When it happened, in packet time.
    public var time: Timestamp { header.time }

    /// The flow of `opened`, `answered`, `changed`, `application` and `closed`, as it was then.
    ///
    /// Inlinable, because a coroutine that is not inlined allocates its frame: once per event and reader.
    @inlinable
    public var flow: FlowRecord {
        _read {
            yield buffer.flows[Int(header.index)]
        }
    }

    /// The change of a `changed` event.
    public var delta: FlowDelta { buffer.deltas[Int(header.fieldOffset)] }

    /// The reason of a `closed` event.
    public var endReason: FlowEndReason { FlowEndReason(rawValue: header.detail) ?? .shutdown }

    /// The protocol of an `application` event.
    public var application: ApplicationProtocol { ApplicationProtocol(rawValue: header.detail) ?? .unknown }

    /// Hands the fields of an `opened`, `answered`, `application` or `closed` event to `body`; they must not escape it.
    public func withFields<Result>(_ body: (FieldReader) -> Result) -> Result {
        buffer.fields.withUnsafeBytes { bytes in
            let start = Int(header.fieldOffset)
            return body(FieldReader(UnsafeRawBufferPointer(rebasing: bytes[start..<(start + Int(header.fieldCount))])))
        }
    }

    /// The tunnel around the flow's packets, for the events that have fields; nil without one or when it is not known.
    public var tunnel: Tunnel? {
        switch kind {
        case .opened, .answered, .application, .closed:
            guard flow.key.tunnelDepth > 0 else { return nil }
            return withFields { $0.first(.tunnel).flatMap { Tunnel($0.value) } }
        case .changed, .arp, .icmpError, .fault, .loss, .tick, .overload: return nil
        }
    }

    public var arp: ARPMessage { buffer.arps[Int(header.index)] }

    public var icmpError: ICMPErrorMessage { buffer.icmpErrors[Int(header.index)] }

    public var fault: FaultMessage { buffer.faults[Int(header.index)] }

    /// What is shed from now on, for `overload`.
    public var overload: OverloadLevel { OverloadLevel(rawValue: header.detail) ?? .none }

    /// Packets or records lost, for `loss`.
    public var lost: UInt32 { header.fieldCount }
}
