// Queues and routes: how traffic shares the paths.

import NetTypes

/// Class queues at the head of each path.
public struct ShapeRule: Codable, Sendable, Hashable {
    /// What the classes get of one path, in the order of `SiteClass.names`.
    public struct PathShares: Codable, Sendable, Hashable {
        /// The path's name in the site file.
        public var path: String
        /// Bit/s that all classes share: at most what the contract gives.
        public var rate: Int
        /// Parts per million of `rate`.
        public var guarantees: [Int]
        public var ceilings: [Int]

        public init(path: String, rate: Int, guarantees: [Int], ceilings: [Int]) {
            self.path = path
            self.rate = rate
            self.guarantees = guarantees
            self.ceilings = ceilings
        }
    }

    public var paths: [PathShares]
    /// Sources that are served last.
    public var quarantined: [IPPrefix]

    public init(paths: [PathShares], quarantined: [IPPrefix]) {
        self.paths = paths
        self.quarantined = quarantined
    }
}

/// Weights by which flows are spread over the paths.
public struct RouteRule: Codable, Sendable, Hashable {
    public struct PathWeight: Codable, Sendable, Hashable {
        /// The path's name in the site file.
        public var path: String
        /// 0 to 64; a path of weight zero gets nothing new.
        public var weight: Int

        public init(path: String, weight: Int) {
            self.path = path
            self.weight = weight
        }
    }

    public var weights: [PathWeight]
    /// What is routed so; each stands in the site file.
    public var destinations: [IPPrefix]

    public init(weights: [PathWeight], destinations: [IPPrefix]) {
        self.weights = weights
        self.destinations = destinations
    }

    static let largestWeight = 64
}
