// What counts how much, and what it is called: policy, as opposed to mechanism.

/// How one family of features counts and how its alerts look. Comes from `rules/*.yaml`.
public struct FamilyRule: Sendable, Equatable {
    /// Most that the family adds to an alert's score.
    public var cap: Float
    public var weight: Float
    /// 1 is worst, as in EVE.
    public var severity: UInt8
    public var signature: String
    public var category: String
    /// ATT&CK technique and tactic, identifiers and names.
    public var technique: (id: String, name: String)
    public var tactic: (id: String, name: String)
    public var references: [String]

    public init(
        cap: Float, weight: Float = 1, severity: UInt8, signature: String, category: String,
        technique: (id: String, name: String), tactic: (id: String, name: String), references: [String] = []
    ) {
        self.cap = cap
        self.weight = weight
        self.severity = severity
        self.signature = signature
        self.category = category
        self.technique = technique
        self.tactic = tactic
        self.references = references
    }

    /// What the family's surprise adds to an alert's score.
    func part(_ surprise: Float, margin: Float) -> Float { weight * min(cap, max(0, surprise - margin)) }

    public static func == (left: FamilyRule, right: FamilyRule) -> Bool {
        left.cap == right.cap && left.weight == right.weight && left.severity == right.severity
            && left.signature == right.signature && left.category == right.category
            && left.technique == right.technique && left.tactic == right.tactic && left.references == right.references
    }
}

/// Everything an operator may decide about detection.
public struct DetectionPolicy: Sendable, Equatable {
    /// One rule for each family, in the order of `FeatureFamily.allCases`.
    public var families: [FamilyRule]
    /// Surprise that counts for nothing: in a flow's score, and in an alert's.
    public var flowMargin: Float = 1
    public var alertMargin: Float = 1.25
    /// Seconds in which the detector only learns; nil for as long as it takes, an hour at most.
    public var baseline: Double?
    /// False incidents an hour that the operator is willing to look at.
    public var incidentsPerHour: Double = 2
    /// Seconds without evidence after which an incident is closed.
    public var incidentGap: Double = 600
    /// Seconds between two alerts of one incident.
    public var alertInterval: Double = 120
    /// Features that are left out. These found no attack that nothing else found, and raised the threshold
    /// (docs/explanation/detection.md).
    public var dropped: Set<Feature> = [.gapRegularity, .refusedRequests, .openConnections]
    /// Models that work beside the detectors.
    public var models: Set<DetectionModel> = []
    public var memory = MemoryBudget()

    public init(families: [FamilyRule] = FeatureFamily.allCases.map(\.defaultRule)) {
        precondition(families.count == FeatureFamily.allCases.count, "one rule for each family")
        self.families = families
    }

    subscript(family: FeatureFamily) -> FamilyRule { families[Int(family.rawValue)] }
}
