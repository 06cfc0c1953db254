// Events that will come soon, with the keys that they will ask for.

/// A queue of the parties of events that were announced and did not come yet.
struct ExpectedEvents {
    /// Most announced events.
    static let capacity = 32

    private var ring = [FlowKeys?](repeating: nil, count: Self.capacity)
    private var first = 0
    private(set) var count = 0

    mutating func append(_ keys: FlowKeys) {
        precondition(count < Self.capacity, "too many events announced")
        ring[(first &+ count) % Self.capacity] = keys
        count &+= 1
    }

    /// The keys of the event announced first, which has come.
    mutating func take() -> FlowKeys? {
        guard count > 0 else { return nil }
        defer {
            first = (first &+ 1) % Self.capacity
            count &-= 1
        }
        return ring[first]
    }

    /// The keys of the event that comes after `ahead` others.
    subscript(ahead: Int) -> FlowKeys? {
        ahead < count ? ring[(first &+ ahead) % Self.capacity] : nil
    }
}
