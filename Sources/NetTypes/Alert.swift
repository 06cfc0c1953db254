// What a detector has to say about a flow or a host.

/// A finding that is worth an operator's attention, ready to be written.
///
/// Explains itself: the contributions sum to the score.
public struct Alert: Sendable, Equatable {
    /// What one feature added to the score.
    public struct Contribution: Sendable, Equatable {
        public var feature: StaticName
        /// What was counted or measured, and the largest value expected of it.
        public var value: Double
        public var expected: Double
        /// The part of the score.
        public var score: Double

        public init(feature: StaticString, value: Double, expected: Double, score: Double) {
            self.feature = StaticName(feature)
            self.value = value
            self.expected = expected
            self.score = score
        }
    }

    /// A change that would have kept the score below the threshold, alone or with those listed before it.
    public struct Counterfactual: Sendable, Equatable {
        public var feature: StaticName
        /// The alert would not have been raised with this value or a smaller one.
        public var atMost: Double

        public init(feature: StaticString, atMost: Double) {
            self.feature = StaticName(feature)
            self.atMost = atMost
        }
    }

    /// The known traffic that the flow is most like, as the centre of a cluster of flows.
    public struct Neighbour: Sendable, Equatable {
        /// In standard deviations, roughly.
        public var distance: Double
        /// Flows that the cluster took in.
        public var flows: Int
        public var packetsToServer: Double
        public var packetsToClient: Double
        public var bytesToServer: Double
        public var bytesToClient: Double
        public var seconds: Double

        public init(
            distance: Double, flows: Int, packetsToServer: Double, packetsToClient: Double, bytesToServer: Double,
            bytesToClient: Double, seconds: Double
        ) {
            self.distance = distance
            self.flows = flows
            self.packetsToServer = packetsToServer
            self.packetsToClient = packetsToClient
            self.bytesToServer = bytesToServer
            self.bytesToClient = bytesToClient
            self.seconds = seconds
        }
    }

    /// Where an incident stands.
    public enum Stage: UInt8, Sendable {
        case opened
        case updated
    }

    public var time: Timestamp
    /// Attacker and victim, as far as can be told.
    public var source: IPAddress
    public var target: IPAddress
    public var sourcePort: UInt16
    public var targetPort: UInt16
    /// IANA protocol number; zero for ARP.
    public var transport: UInt8
    /// The flow it is about; nil when it is about none.
    public var flow: FlowRecord?
    public var signatureID: UInt32
    public var signature: String
    public var category: String
    /// 1 is worst.
    public var severity: UInt8
    public var technique: (id: String, name: String)
    public var tactic: (id: String, name: String)
    public var references: [String]
    public var incident: UInt64
    public var stage: Stage
    /// Alerts of the incident so far, this one included.
    public var alertCount: Int
    /// 0 to 100.
    public var risk: Int
    public var score: Double
    public var threshold: Double
    public var contributions: [Contribution]
    public var counterfactuals: [Counterfactual]
    /// Known traffic of the same port; nil when there is no flow or nothing is known of the port.
    public var nearest: Neighbour?
    /// Packets that the capture lost in the minute before: evidence may be incomplete. Zero when it saw everything.
    public var lostPackets: UInt64 = 0

    public init(
        time: Timestamp, source: IPAddress, target: IPAddress, sourcePort: UInt16, targetPort: UInt16,
        transport: UInt8, flow: FlowRecord?, signatureID: UInt32, signature: String, category: String,
        severity: UInt8, technique: (id: String, name: String), tactic: (id: String, name: String),
        references: [String], incident: UInt64, stage: Stage, alertCount: Int, risk: Int, score: Double,
        threshold: Double, contributions: [Contribution], counterfactuals: [Counterfactual]
    ) {
        self.time = time
        self.source = source
        self.target = target
        self.sourcePort = sourcePort
        self.targetPort = targetPort
        self.transport = transport
        self.flow = flow
        self.signatureID = signatureID
        self.signature = signature
        self.category = category
        self.severity = severity
        self.technique = technique
        self.tactic = tactic
        self.references = references
        self.incident = incident
        self.stage = stage
        self.alertCount = alertCount
        self.risk = risk
        self.score = score
        self.threshold = threshold
        self.contributions = contributions
        self.counterfactuals = counterfactuals
    }

    public static func == (left: Alert, right: Alert) -> Bool {
        left.time == right.time && left.source == right.source && left.target == right.target
            && left.signatureID == right.signatureID && left.incident == right.incident && left.stage == right.stage
            && left.alertCount == right.alertCount && left.risk == right.risk && left.score == right.score
            && left.threshold == right.threshold && left.contributions == right.contributions
            && left.counterfactuals == right.counterfactuals && left.nearest == right.nearest
            && left.lostPackets == right.lostPackets
    }
}

/// A literal that can be compared.
public struct StaticName: Sendable, Equatable, CustomStringConvertible {
    public let text: StaticString

    public init(_ text: StaticString) {
        self.text = text
    }

    public var description: String { text.description }

    public static func == (left: StaticName, right: StaticName) -> Bool {
        left.text.withUTF8Buffer { first in right.text.withUTF8Buffer { first.elementsEqual($0) } }
    }
}
