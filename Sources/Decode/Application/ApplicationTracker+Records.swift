// Records on their way from the parsers to the event stream.

import NetTypes

/// What stands at the beginning of a block that holds a waiting record; its fields follow.
struct PendingHeader {
    struct Flags: OptionSet {
        let rawValue: UInt8
        /// Something is missing from the record.
        static let partial = Flags(rawValue: 1)
        static let headRequest = Flags(rawValue: 2)
        static let connect = Flags(rawValue: 4)
    }

    static let length = 16

    /// Handle of the flow's next waiting record; zero at the end.
    var next: UInt32 = 0
    /// Bytes of fields.
    var count: UInt16 = 0
    var flags: Flags = []
}

extension ApplicationTracker {
    /// Room at the end of a block for the mark of an incomplete record.
    private static let markLength = 4

    /// Writes and publishes a record that is complete at once; nothing when `write` wrote nothing.
    func publish(
        _ application: ApplicationProtocol, at time: Timestamp, snapshot: () -> FlowRecord,
        _ write: (inout FieldWriter) -> MessageVerdict
    ) {
        let block = scratch[scratchHandle]
        var fields = FieldWriter(UnsafeMutableRawBufferPointer(rebasing: block[..<(block.count - Self.markLength)]))
        let verdict = write(&fields)
        count(verdict, of: application)
        publish(
            application, block, count: fields.count, isPartial: fields.overflowed || verdict != .whole, time, snapshot)
    }

    private func publish(
        _ application: ApplicationProtocol, _ block: UnsafeMutableRawBufferPointer, count: Int, isPartial: Bool,
        _ time: Timestamp, _ snapshot: () -> FlowRecord
    ) {
        guard count > 0 else { return }
        var fields = FieldWriter(block, count: count)
        if isPartial { fields.append(.truncated, UInt8(1)) }
        events.append(
            application, of: snapshot(), fields: UnsafeRawBufferPointer(rebasing: block[..<fields.count]), at: time)
        counters.records[Int(application.rawValue)] += 1
    }

    /// Counts how a message was read.
    func count(_ verdict: MessageVerdict, of application: ApplicationProtocol) {
        if verdict == .malformed { counters.malformed[Int(application.rawValue)] += 1 }
    }

    // MARK: Waiting records

    /// Opens a record at the end of the flow's queue; nil, and counted, when none is free.
    func openPending(_ state: UnsafeMutablePointer<ApplicationSlot>) -> UInt32? {
        guard let handle = pendings.allocate() else {
            counters.pendingExhausted += 1
            return nil
        }
        header(handle).initialize(to: PendingHeader())
        if state.pointee.lastPending != 0 {
            header(state.pointee.lastPending).pointee.next = handle
        } else {
            state.pointee.firstPending = handle
        }
        state.pointee.lastPending = handle
        state.pointee.pendingCount += 1
        return handle
    }

    func header(_ handle: UInt32) -> UnsafeMutablePointer<PendingHeader> {
        pendings[handle].baseAddress.unsafelyUnwrapped.bindMemory(to: PendingHeader.self, capacity: 1)
    }

    private func fieldBytes(_ handle: UInt32) -> UnsafeMutableRawBufferPointer {
        UnsafeMutableRawBufferPointer(rebasing: pendings[handle][PendingHeader.length...])
    }

    /// Appends fields to a waiting record.
    ///
    /// - Parameter write: writes fields and says how that went; nil takes back what it wrote.
    func write(
        _ application: ApplicationProtocol, to handle: UInt32, _ write: (inout FieldWriter) -> MessageVerdict?
    ) {
        let block = fieldBytes(handle)
        let header = header(handle)
        var fields = FieldWriter(
            UnsafeMutableRawBufferPointer(rebasing: block[..<(block.count - Self.markLength)]),
            count: Int(header.pointee.count))
        guard let verdict = write(&fields) else { return }
        count(verdict, of: application)
        if fields.overflowed || verdict != .whole { header.pointee.flags.insert(.partial) }
        header.pointee.count = UInt16(fields.count)
    }

    /// Publishes the record that has waited longest.
    func publishFirstPending(
        _ state: UnsafeMutablePointer<ApplicationSlot>, at time: Timestamp, snapshot: () -> FlowRecord
    ) {
        let handle = state.pointee.firstPending
        guard handle != 0 else { return }
        let header = header(handle).pointee
        publish(
            state.pointee.application, fieldBytes(handle), count: Int(header.count),
            isPartial: header.flags.contains(.partial), time, snapshot)
        removeFirstPending(state)
    }

    func removeFirstPending(_ state: UnsafeMutablePointer<ApplicationSlot>) {
        let handle = state.pointee.firstPending
        state.pointee.firstPending = header(handle).pointee.next
        if state.pointee.firstPending == 0 { state.pointee.lastPending = 0 }
        state.pointee.pendingCount -= 1
        pendings.release(handle)
    }
}
