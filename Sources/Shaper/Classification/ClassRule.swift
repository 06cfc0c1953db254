// One line of the list that flows are classified by.

import NetTypes

/// Conditions that a flow must all meet to be of a class; those that are nil hold for every flow.
public struct ClassRule: Sendable, Equatable {
    /// A range of a measure.
    public typealias Bounds = ClosedRange<Double>

    /// What a rule asks about besides the first packets.
    public enum Knowledge: String, CaseIterable, Sendable {
        case ports
        case applications
        case dscp
    }

    public var trafficClass: TrafficClass
    /// What the rule recognises, for reports.
    public var name: String
    public var transports: Set<UInt8>?
    /// Ports, of which either side may have one.
    public var ports: [ClosedRange<UInt16>]?
    public var applications: Set<ApplicationProtocol>?
    /// Differentiated services code points of the flow's first packets, in either direction.
    public var codePoints: Set<UInt8>?
    public var size: Bounds?
    public var sizeSpread: Bounds?
    public var gap: Bounds?
    public var gapSpread: Bounds?
    public var fullUp: Bounds?
    public var fullDown: Bounds?
    public var twoWay: Bounds?

    public init(_ trafficClass: TrafficClass, name: String) {
        self.trafficClass = trafficClass
        self.name = name
    }

    /// Whether the rule asks about packets' lengths, directions or times.
    var asksAboutPackets: Bool {
        [size, sizeSpread, gap, gapSpread, fullUp, fullDown, twoWay].contains { $0 != nil }
    }

    /// Whether the rule needs something that is to be left out of account.
    public func needs(_ knowledge: Set<Knowledge>) -> Bool {
        ports != nil && knowledge.contains(.ports) || applications != nil && knowledge.contains(.applications)
            || codePoints != nil && knowledge.contains(.dscp)
    }

    func fits(_ flow: FlowRecord, _ measures: FlowMeasures) -> Bool {
        if let transports, !transports.contains(flow.key.transport) { return false }
        if let ports {
            let known = ports.contains { $0.contains(flow.client.port) || $0.contains(flow.server.port) }
            if !known { return false }
        }
        if let applications, !applications.contains(flow.identity.application) { return false }
        if let codePoints {
            let marks = [flow.details.clientTrafficClass >> 2, flow.details.serverTrafficClass >> 2]
            if !marks.contains(where: codePoints.contains) { return false }
        }
        guard asksAboutPackets else { return true }
        // Less than three packets have no pace.
        guard measures.count >= 3 else { return false }
        func holds(_ bounds: Bounds?, _ value: Double) -> Bool { bounds?.contains(value) ?? true }
        return holds(size, measures.size) && holds(sizeSpread, measures.sizeSpread) && holds(gap, measures.gap)
            && holds(gapSpread, measures.gapSpread) && holds(fullUp, measures.fullUp)
            && holds(fullDown, measures.fullDown) && holds(twoWay, measures.twoWay)
    }
}
