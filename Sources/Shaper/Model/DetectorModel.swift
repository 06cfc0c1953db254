// A detector as the scheduler experiences it: late, not complete, sometimes wrong.

/// How well and how fast sources are flagged.
public struct DetectorModel: Sendable, Equatable, Codable {
    /// The share of attacking sources that is ever flagged.
    public var recall: Double
    /// The share of large legitimate flows that is flagged by mistake.
    public var falsePositiveRate: Double
    /// The least and the most seconds from a flow's first packet to its flag.
    public var minimumDelay: Double
    public var maximumDelay: Double

    public init(recall: Double, falsePositiveRate: Double, minimumDelay: Double, maximumDelay: Double) {
        precondition((0...1).contains(recall) && (0...1).contains(falsePositiveRate), "Shares lie between 0 and 1")
        precondition(minimumDelay >= 0 && minimumDelay <= maximumDelay, "Delays are ordered and not negative")
        self.recall = recall
        self.falsePositiveRate = falsePositiveRate
        self.minimumDelay = minimumDelay
        self.maximumDelay = maximumDelay
    }

    /// The detector that figures are given for unless they say otherwise.
    public static let standard = DetectorModel(
        recall: 0.95, falsePositiveRate: 0.02, minimumDelay: 1, maximumDelay: 2.5)
    /// Flags every attack with its first packet and nothing else.
    public static let perfect = DetectorModel(recall: 1, falsePositiveRate: 0, minimumDelay: 0, maximumDelay: 0)
    /// Flags nothing.
    public static let blind = DetectorModel(recall: 0, falsePositiveRate: 0, minimumDelay: 0, maximumDelay: 0)
}
