// Messages between rendering and arrival.

/// Keeps messages in order until they are known to have arrived, within bounds.
///
/// Positions grow with every byte; one thread appends, another one reads and confirms, any may ask. When there is no room
/// for a message it is shed. The last eighth of the room is for alerts alone.
public protocol Backlog: AnyObject, Sendable {
    /// Adds messages. Returns how many found no room.
    func append(_ messages: borrowing MessageBuffer) -> ShedMessages

    /// Where the first message stands that is not known to have arrived.
    var confirmed: UInt64 { get }

    /// Where the next message will stand.
    var end: UInt64 { get }

    /// Bytes of messages that are not known to have arrived.
    var byteCount: Int { get }

    /// Half-written records that a crash had left.
    var tornRecords: UInt64 { get }

    /// Reads messages from a position on, at least one if there is any, and stops after `limit` bytes.
    /// - Returns: the position behind them.
    func read(from position: UInt64, atMost limit: Int, into messages: inout MessageBuffer) -> UInt64

    /// Notes that everything before a position was sent: it may make way for what is new when room is short, though nobody knows
    /// yet whether it has arrived.
    func note(sent position: UInt64)

    /// Notes that everything before a position has arrived.
    func confirm(_ position: UInt64)

    /// Called about once a second.
    func attend()

    /// Puts what is to outlive the process in its place.
    func close()
}

/// How many messages found no room.
public struct ShedMessages: Sendable, Equatable {
    public var messages = 0
    public var alerts = 0

    public init() {}

    mutating func count(isAlert: Bool) {
        messages += 1
        if isAlert { alerts += 1 }
    }

    public static func + (left: ShedMessages, right: ShedMessages) -> ShedMessages {
        var sum = left
        sum.messages += right.messages
        sum.alerts += right.alerts
        return sum
    }

    public static func - (left: ShedMessages, right: ShedMessages) -> ShedMessages {
        var rest = left
        rest.messages -= right.messages
        rest.alerts -= right.alerts
        return rest
    }
}

/// Who may use how much of a bounded room.
struct BacklogRoom: Sendable {
    let limit: Int

    /// Whether a message of `count` bytes may be added to `used` bytes.
    func takes(_ count: Int, used: Int, isAlert: Bool) -> Bool {
        used + count <= (isAlert ? limit : limit - limit / 8)
    }
}
