// Fixed-size vectors over paths and over classes, so that a plan or a queue entry needs no allocation of its own.

/// One number per egress path; the lanes from the number of paths on are zero.
public typealias PathVector = SIMD8<Double>

/// One number per traffic class, by `TrafficClass.rawValue`; the last three lanes are zero.
///
/// Where traffic is accounted by what it truly is and not by what it looks like, the last class's lane holds attacks.
public typealias ClassVector = SIMD8<Double>

/// The most egress paths that a site can have.
public let maximumPaths = PathVector.scalarCount

extension ClassVector {
    /// The same number for each class.
    init(each value: Double) {
        self.init(value, value, value, value, value, 0, 0, 0)
    }

    /// One number for each class, in priority order.
    init(voice: Double, video: Double, web: Double, bulk: Double, quarantine: Double) {
        self.init(voice, video, web, bulk, quarantine, 0, 0, 0)
    }

    subscript(trafficClass: TrafficClass) -> Double {
        get { self[trafficClass.rawValue] }
        set { self[trafficClass.rawValue] = newValue }
    }

    /// The sum over everything but the quarantine lane.
    var legitimate: Double { self[0] + self[1] + self[2] + self[3] }

    /// The sum over voice and video.
    var realTime: Double { self[0] + self[1] }
}
