// The score from which on a finding opens an incident, from the operator's budget.

import Learning

/// Learns in the baseline how high ordinary findings reach, and sets the threshold that is exceeded as often as the
/// operator allows.
///
/// Findings above a low line are grouped as incidents would be; each group's peak is one sample. The number of peaks
/// above a line falls off exponentially (peaks over threshold, Siffer et al., KDD 2017). Few peaks make a poor estimate,
/// so rate and slope are drawn towards those of other networks with the weight of a few pseudo-observations.
struct IncidentThreshold {
    /// Findings below this are not worth grouping.
    static let floor: Float = 2.5

    private struct Group {
        var last: UInt32 = 0
        var peak: Float = 0
        var opened: UInt32 = 0
    }

    private let groups: KeyTable<Group>
    private let gap: UInt32
    private let incidentsPerHour: Double
    private var peaks: [(opened: UInt32, owner: UInt64, peak: Float)] = []
    private(set) var value: Float = .infinity
    /// From here on a finding bars its host from learning. It does not depend on the operator's budget: whoever wants to
    /// see more alerts must not thereby make the detector learn less, which would bring still more alerts.
    private(set) var guardLine: Float = .infinity

    init(gap: UInt32, incidentsPerHour: Double) {
        groups = KeyTable(capacity: 4096, initial: Group(), lifetime: gap)
        self.gap = gap
        self.incidentsPerHour = incidentsPerHour
    }

    /// Notes a finding of the baseline.
    mutating func note(_ score: Float, owner: UInt64, _ now: UInt32) {
        guard score >= Self.floor else { return }
        let place = groups.insert(owner, now).place
        if groups[place].last == 0 || now &- groups[place].last > gap {
            groups[place] = Group(last: now, peak: score, opened: now)
            if peaks.count < 4096 { peaks.append((now, owner, score)) }
        } else {
            groups[place].last = now
            if score > groups[place].peak {
                groups[place].peak = score
                let opened = groups[place].opened
                if let index = peaks.lastIndex(where: { $0.owner == owner && $0.opened == opened }) {
                    peaks[index].peak = score
                }
            }
        }
    }

    /// Sets the threshold from the peaks noted between two ticks.
    mutating func settle(from first: UInt32, to last: UInt32) {
        let hours = Double(max(0, DetectorClock.seconds(from: first, to: last))) / 3600
        let heights = peaks.filter { $0.opened >= first && $0.opened <= last }.map { Double($0.peak) }
        value = Float(Self.threshold(heights: heights, hours: hours, budget: incidentsPerHour))
        guardLine = Float(Self.threshold(heights: heights, hours: hours, budget: Self.guardedPerHour))
    }

    /// Findings an hour that may bar a host from learning though nothing is wrong.
    private static let guardedPerHour = 2.0

    /// Prior knowledge, from networks of other kinds: incidents an hour that reach `floor`, and how many units of score
    /// make them rarer by e.
    private static let priorRate = 18.0
    private static let priorScale = 1.9
    /// Weight of the prior: hours, and peaks.
    private static let priorHours = 0.5
    private static let priorPeaks = 6.0

    /// The score that is reached `budget` times an hour.
    static func threshold(heights: [Double], hours: Double, budget: Double) -> Double {
        let count = Double(heights.count)
        let rate = (count + priorRate * priorHours) / (hours + priorHours)
        let excess = heights.reduce(0) { $0 + ($1 - Double(floor)) }
        let scale = (excess + priorScale * priorPeaks) / (count + priorPeaks)
        let height = Double(floor) + scale * PortableMath.log(max(1, rate / max(0.01, budget)))
        return min(14, max(4, height))
    }

    /// Saves the peaks and the threshold, or takes them up.
    mutating func exchange(_ archive: ModelArchive) {
        groups.exchange(archive)
        var opened = peaks.map(\.opened)
        var owners = peaks.map(\.owner)
        var heights = peaks.map(\.peak)
        archive.exchange(&opened, atMost: 4096)
        archive.exchange(&owners, atMost: 4096)
        archive.exchange(&heights, atMost: 4096)
        archive.exchange(&value)
        archive.exchange(&guardLine)
        guard archive.isReading else { return }
        guard opened.count == owners.count, opened.count == heights.count else { return archive.refuse() }
        peaks = opened.indices.map { (opened[$0], owners[$0], heights[$0]) }
    }
}
