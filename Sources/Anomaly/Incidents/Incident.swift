// What is kept of an incident while it is open.

import Learning
import NetTypes

/// A finding, as far as an incident is concerned.
struct IncidentFinding {
    /// The host it is about, and the other side.
    var owner: UInt64
    var peer: UInt64
    /// Key of both.
    var pair: UInt64
    var score: Float
    /// A bit for each family that takes part, and the number of the one that the finding is about most: what is told at once
    /// if it is the first of its kind.
    var families: UInt32
    var top: UInt32
    /// The host of the site, and whether it is the one that suffers.
    var entity = IPAddress(v4: 0)
    var isVictim = false
    var attacker = IPAddress(v4: 0)
    var victim = IPAddress(v4: 0)
    var time = Timestamp.never
}

/// An incident's state. Plain memory without gaps that have no value of their own: models are saved byte by byte.
struct Incident {
    var id: UInt64 = 0
    var opened: UInt32 = 0
    var lastEvidence: UInt32 = 0
    var lastAlert: UInt32 = 0
    var alerts: UInt32 = 0
    /// The pair it began with: its other side joins instead of opening an incident of its own.
    var pair: UInt64 = 0
    /// Highest score, and a bit for each family that took part.
    var peak: Float = 0
    var families: UInt32 = 0
    /// A bit for each family that an alert was about, and the highest score that an alert had.
    var told: UInt32 = 0
    var toldPeak: Float = 0
    /// Findings, and 1 when the host of the site is the one that suffers.
    var findings: UInt32 = 0
    var isVictim: UInt32 = 0
    var entity = PlainAddress()
    /// Of the strongest finding.
    var attacker = PlainAddress()
    var victim = PlainAddress()
    var first: Int64 = 0
    var last: Int64 = 0

    /// Takes in a finding.
    mutating func add(_ finding: IncidentFinding, _ now: UInt32) {
        if findings == 0 {
            entity = PlainAddress(finding.entity)
            isVictim = finding.isVictim ? 1 : 0
            first = finding.time.nanoseconds
        }
        if finding.score > peak || findings == 0 {
            peak = max(peak, finding.score)
            attacker = PlainAddress(finding.attacker)
            victim = PlainAddress(finding.victim)
        }
        families |= finding.families
        findings &+= 1
        last = finding.time.nanoseconds
        lastEvidence = now
    }

    /// 0 to 100: the strength of the strongest finding, raised by every further kind of evidence.
    var risk: Int {
        let strength = 1 - PortableMath.exp(Double(-peak) / 8)
        let breadth = 1 - PortableMath.exp(-Double(families.nonzeroBitCount) / 3)
        return min(100, Int((100 * (0.75 * strength + 0.25 * breadth)).rounded()))
    }
}

/// An address in words without gaps between them.
struct PlainAddress {
    private var high: UInt64 = 0
    private var low: UInt64 = 0
    private var isIPv6: UInt64 = 0

    init() {}

    init(_ address: IPAddress) {
        high = address.high
        low = address.low
        isIPv6 = address.isIPv6 ? 1 : 0
    }

    var address: IPAddress { IPAddress(high: high, low: low, isIPv6: isIPv6 != 0) }
}
