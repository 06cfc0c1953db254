import NetTypes
public final class TrafficSummary: EventObserver {
    public init() {}
    public var interests: FlowEventKinds { [.closed] }
    public func observe(_ event: StreamEvent, annotations: inout FlowAnnotations) {}
    public func text(decode: DecodeCounters, table: TableCounters, seconds: Double, coloured: Bool) -> String { "\(decode.packets) packets \(table.opened) flows \(seconds) s\n" }
    public func json(decode: DecodeCounters, table: TableCounters) -> String { "" }
}
