// How much of each kind of traffic a site has.

/// Factors on the arrival rate of each kind of demand, relative to the balanced site.
public struct TrafficMix: Sendable, Equatable, Codable {
    public var name: String
    public var voice: Double
    public var video: Double
    public var web: Double
    public var bulk: Double
    public var backup: Double

    public init(name: String, voice: Double, video: Double, web: Double, bulk: Double, backup: Double) {
        self.name = name
        self.voice = voice
        self.video = video
        self.web = web
        self.bulk = bulk
        self.backup = backup
    }

    /// The mix that figures are given for unless they say otherwise.
    public static let balanced = TrafficMix(name: "A", voice: 1, video: 1, web: 1, bulk: 1, backup: 1)
    /// Telephones and web pages above all.
    public static let office = TrafficMix(name: "B", voice: 1.5, video: 0.6, web: 1.4, bulk: 0.8, backup: 1)
    /// Video and file transfer above all.
    public static let media = TrafficMix(name: "C", voice: 0.7, video: 1.4, web: 0.7, bulk: 1.2, backup: 1)
    /// Heavy backups; never used in training.
    public static let unseen = TrafficMix(name: "D", voice: 1, video: 1.2, web: 0.6, bulk: 0.6, backup: 2.2)

    /// The mixes that a policy may be trained on.
    public static let training: [TrafficMix] = [.balanced, .office, .media]
}
