// A change of what is ordinary, for the operator.

import NetTypes

/// Says that traffic which nobody objected to has become stranger or more ordinary than the traffic learned from. The
/// calibration follows within minutes; that it had to is what the operator should know.
public struct Drift: Sendable, Equatable {
    public let time: Timestamp
    /// Mean score of ordinary flow records before and after.
    public let before: Double
    public let after: Double
}
