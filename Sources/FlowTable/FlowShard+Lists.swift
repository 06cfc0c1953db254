// Linking flows by time, expiring and evicting them.

import NetTypes

extension FlowShard {
    /// In `previous`: the flow is the first of the list whose position the lower bits hold.
    private static let headMark: UInt32 = 0x8000_0000

    /// Links a flow under the second it was last seen in. Owner.
    func link(_ record: Int, _ timeoutClass: TimeoutClass, lastSeen: Int64) {
        let kind = Int(timeoutClass.rawValue)
        // Packets out of time order may lie before what has fallen due, or after the clock: into the nearest list.
        let earliest = second - timeLists.timeouts[kind]
        let when = min(max(lastSeen, earliest), second)
        if timeLists.counts[kind] == 0 || when < timeLists.oldest[kind] { timeLists.oldest[kind] = when }
        let list = timeLists.list(kind, when)
        let flow = handle(record)
        let following = timeLists[list]
        flow.store(following, Field.next)
        flow.store(Self.headMark | UInt32(list), Field.previous)
        flow.store(timeoutClass.rawValue, Field.timeoutClass)
        if following != 0 { handle(Int(following) - 1).store(UInt32(record + 1), Field.previous) }
        timeLists[list] = UInt32(record + 1)
        timeLists.counts[kind] += 1
    }

    /// Takes a flow out of its list. Owner.
    func unlink(_ record: Int) {
        let identity = handle(record).identity
        let next = identity.pointee.next
        let previous = identity.pointee.previous
        if previous & Self.headMark != 0 {
            timeLists[Int(previous & ~Self.headMark)] = next
        } else {
            handle(Int(previous) - 1).store(next, Field.next)
        }
        if next != 0 { handle(Int(next) - 1).store(previous, Field.previous) }
        timeLists.counts[Int(identity.pointee.timeoutClass)] -= 1
    }

    /// The class a flow belongs to now.
    func currentClass(_ flow: RecordHandle) -> TimeoutClass {
        let identity = flow.identity
        return TimeoutClass.of(
            identity.pointee.key.transport, identity.pointee.tcpState,
            answered: identity.pointee.status.contains(.answered))
    }

    /// Asks for the memory of the flows that are the first to be looked at when packet time reaches a second. Most lists
    /// hold one flow or none, so this hides most of the waiting. Owner.
    func prepare(_ time: Timestamp) {
        for position in 0..<TimeoutClass.count where timeLists.counts[position] > 0 {
            let due = time.seconds - timeLists.timeouts[position] - 1
            let list = timeLists.list(position, due)
            guard !timeLists.isEmpty(list), timeLists.oldest[position] >= due - 1 else { continue }
            handle(Int(timeLists[list]) - 1).prefetchWhole()
        }
    }

    /// Moves packet time on to `newSecond` and ends the flows whose idle timeout has passed. Owner.
    func expire(until newSecond: Int64, at time: Timestamp, _ context: borrowing ShardContext) {
        second = max(second, newSecond)
        for position in 0..<TimeoutClass.count where timeLists.counts[position] > 0 {
            let due = second - timeLists.timeouts[position] - 1
            // One round visits every list, so a long silence costs no more than that.
            let earliest = due - timeLists.span(position) + 1
            if timeLists.oldest[position] < earliest { timeLists.oldest[position] = earliest }
            while timeLists.counts[position] > 0, timeLists.oldest[position] <= due {
                let listSecond = timeLists.oldest[position]
                let list = timeLists.list(position, listSecond)
                while !timeLists.isEmpty(list) {
                    let record = Int(timeLists[list]) - 1
                    let following = handle(record).identity.pointee.next
                    if following != 0 { handle(Int(following) - 1).prefetchWhole() }
                    if relinkIfSeenSince(record, listSecond, position) { continue }
                    close(record, .idleTimeout, at: time, context)
                }
                // The only flow of a class, linked anew, has moved the mark to its list already.
                if timeLists.oldest[position] == listSecond { timeLists.oldest[position] += 1 }
            }
        }
    }

    /// Looks at the head of a list again: links it anew when it was seen since or changed its class. Owner.
    private func relinkIfSeenSince(_ record: Int, _ listSecond: Int64, _ kind: Int) -> Bool {
        let flow = handle(record)
        let lastSeen = Timestamp(nanoseconds: flow.lastSeen).seconds
        let current = currentClass(flow)
        let timeout = timeLists.timeouts[Int(current.rawValue)]
        let isOver = lastSeen + timeout < second
        if isOver || (Int(current.rawValue) == kind && lastSeen <= listSecond) { return false }
        unlink(record)
        link(record, current, lastSeen: lastSeen)
        return true
    }

    /// Ends one flow to make room: an unanswered one if there is any, else the least recently seen. Owner.
    func evict(at time: Timestamp, _ context: borrowing ShardContext) {
        if evictOldest(of: TimeoutClass.unanswered, .evictedUnanswered, at: time, context) { return }
        _ = evictOldest(of: TimeoutClass.answered, .evictedOldest, at: time, context)
    }

    private func evictOldest(
        of kinds: Range<Int>, _ reason: FlowEndReason, at time: Timestamp, _ context: borrowing ShardContext
    ) -> Bool {
        while true {
            var oldest: Int?
            for kind in kinds where timeLists.counts[kind] > 0 {
                while timeLists.isEmpty(timeLists.list(kind, timeLists.oldest[kind])), timeLists.oldest[kind] < second {
                    timeLists.oldest[kind] += 1
                }
                if oldest == nil || timeLists.oldest[kind] < timeLists.oldest[oldest!] { oldest = kind }
            }
            guard let oldest else { return false }
            let listSecond = timeLists.oldest[oldest]
            let record = Int(timeLists[timeLists.list(oldest, listSecond)]) - 1
            let flow = handle(record)
            let current = currentClass(flow)
            let lastSeen = min(Timestamp(nanoseconds: flow.lastSeen).seconds, second)
            if Int(current.rawValue) == oldest, lastSeen <= listSecond {
                close(record, reason, at: time, context)
                return true
            }
            unlink(record)
            link(record, current, lastSeen: lastSeen)
        }
    }
}
