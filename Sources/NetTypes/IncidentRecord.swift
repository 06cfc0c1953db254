// Where an incident stands: what is written when it opens, goes on and closes.

/// An incident as it is known at one moment, ready to be written. Alerts say what was seen; this says what became of it.
public struct IncidentRecord: Sendable, Equatable {
    public enum State: UInt8, Sendable {
        case opened
        /// Another alert was raised.
        case updated
        /// Nothing was added for the time after which an incident is over.
        case closed
    }

    /// A kind of behaviour that took part, in terms of ATT&CK.
    public struct Stage: Sendable, Equatable {
        /// What alerts about it are called.
        public var signature: String
        public var tacticID: String
        public var tacticName: String
        public var techniqueID: String

        public init(signature: String, tacticID: String, tacticName: String, techniqueID: String) {
            self.signature = signature
            self.tacticID = tacticID
            self.tacticName = tacticName
            self.techniqueID = techniqueID
        }
    }

    public var id: UInt64
    public var state: State
    /// When this was known; of a closed incident, when it was closed.
    public var time: Timestamp
    /// The host of the site that the incident is about.
    public var entity: IPAddress
    /// Whether that host is the one that suffers.
    public var isVictim: Bool
    /// The parties of the strongest finding.
    public var attacker: IPAddress
    public var victim: IPAddress
    /// Times of the first and the last finding.
    public var first: Timestamp
    public var last: Timestamp
    public var alerts: Int
    /// Findings above the threshold, those included that raised no alert of their own.
    public var findings: Int
    /// 0 to 100.
    public var risk: Int
    /// Of the strongest finding.
    public var score: Double
    /// In the order of their families.
    public var stages: [Stage]

    public init(
        id: UInt64, state: State, time: Timestamp, entity: IPAddress, isVictim: Bool, attacker: IPAddress,
        victim: IPAddress, first: Timestamp, last: Timestamp, alerts: Int, findings: Int, risk: Int, score: Double,
        stages: [Stage]
    ) {
        self.id = id
        self.state = state
        self.time = time
        self.entity = entity
        self.isVictim = isVictim
        self.attacker = attacker
        self.victim = victim
        self.first = first
        self.last = last
        self.alerts = alerts
        self.findings = findings
        self.risk = risk
        self.score = score
        self.stages = stages
    }
}
