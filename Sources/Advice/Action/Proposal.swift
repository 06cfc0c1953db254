// What is proposed before the gate has looked at it.

import NetTypes

/// A change of the network with its reasons. Anything can stand in it: it comes from detectors, from files and from
/// other processes. Only `Gate` makes a `Recommendation` of it.
public struct Proposal: Codable, Sendable, Hashable {
    /// What one feature added to the score that led here.
    public struct Reason: Codable, Sendable, Hashable {
        public var feature: String
        public var value: Double
        public var expected: Double
        public var score: Double

        public init(feature: String, value: Double, expected: Double, score: Double) {
            self.feature = feature
            self.value = value
            self.expected = expected
            self.score = score
        }
    }

    /// What a figure comes to without and with the change.
    public struct Gain: Codable, Sendable, Hashable {
        public var figure: String
        public var unit: String
        public var doingNothing: Double
        public var predicted: Double

        public init(figure: String, unit: String, doingNothing: Double, predicted: Double) {
            self.figure = figure
            self.unit = unit
            self.doingNothing = doingNothing
            self.predicted = predicted
        }
    }

    /// The most that ordinary traffic can lose.
    public struct HarmBound: Codable, Sendable, Hashable {
        /// Bit/s of traffic scored normal, from its busiest second in the window.
        public var normalRate: Int
        /// Seconds that it may last.
        public var seconds: Int
        /// Bit/s that matching traffic keeps, whatever happens.
        public var rateLeft: Int

        public init(normalRate: Int, seconds: Int, rateLeft: Int) {
            self.normalRate = normalRate
            self.seconds = seconds
            self.rateLeft = rateLeft
        }
    }

    /// What the decision was made from.
    public struct Inputs: Codable, Sendable, Hashable {
        /// SHA-256 of the site and of the observed flows, in hexadecimal.
        public var site: String
        public var flows: String
        /// Nanoseconds since the epoch: what the blast radius was measured on.
        public var windowStart: Int64
        public var windowEnd: Int64

        public init(site: String, flows: String, windowStart: Int64, windowEnd: Int64) {
            self.site = site
            self.flows = flows
            self.windowStart = windowStart
            self.windowEnd = windowEnd
        }
    }

    /// What changes, in one line.
    public var what: String
    /// The incident it answers; nil for scheduling.
    public var incident: String?
    /// When it was decided, nanoseconds since the epoch, in packet time.
    public var decided: Int64
    /// Seconds that it holds.
    public var lifetime: Int
    /// Exactly one of these is there.
    public var filter: FilterRule?
    public var shape: ShapeRule?
    public var route: RouteRule?
    public var reasons: [Reason]
    public var gains: [Gain]
    /// TCP handshakes that the matching sources completed: without one, a source may be forged.
    public var handshakes: Int
    public var blastRadius: BlastRadius
    public var harmBound: HarmBound
    public var inputs: Inputs
    /// Traffic of the window to try the rule on.
    public var sample: TrafficSample

    public init(what: String, decided: Int64, lifetime: Int, inputs: Inputs) {
        self.what = what
        self.decided = decided
        self.lifetime = lifetime
        self.inputs = inputs
        reasons = []
        gains = []
        handshakes = 0
        blastRadius = BlastRadius()
        harmBound = HarmBound(normalRate: 0, seconds: lifetime, rateLeft: 0)
        sample = TrafficSample(seconds: 0, streams: [])
    }
}
