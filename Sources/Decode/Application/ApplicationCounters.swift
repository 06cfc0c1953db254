// What the application tracker counts.

import NetTypes

/// Counters of an application tracker.
public struct ApplicationCounters: Sendable {
    /// Flows that were not followed because all slots were in use.
    public var shed: UInt64 = 0
    /// Records that went out early or incomplete because all blocks for pending records were in use.
    public var pendingExhausted: UInt64 = 0
    /// Messages read incompletely because all segment buffers were in use.
    public var buffersExhausted: UInt64 = 0
    /// Messages of which a part was missing: a lost or reordered segment, or bytes cut by the snap length.
    public var incomplete: UInt64 = 0
    /// Messages that broke their protocol's rules, by `ApplicationProtocol.rawValue`.
    public var malformed: InlineArray<32, UInt64> = .init(repeating: 0)
    /// Records published, by `ApplicationProtocol.rawValue`.
    public var records: InlineArray<32, UInt64> = .init(repeating: 0)

    public init() {}
}
