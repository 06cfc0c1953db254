// Slots and segment buffers of the application tracker.

import NetTypes

extension ApplicationTracker {
    /// The state behind a handle.
    func pointer(_ handle: UInt32) -> UnsafeMutablePointer<ApplicationSlot> {
        slots[handle].baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: ApplicationSlot.self)
    }

    /// A fresh slot; nil, and counted, when all are in use.
    func openSlot() -> UInt32? {
        guard let handle = slots.allocate() else {
            counters.shed += 1
            return nil
        }
        let memory = slots[handle].baseAddress.unsafelyUnwrapped
        memory.bindMemory(to: ApplicationSlot.self, capacity: 1).initialize(to: ApplicationSlot())
        return handle
    }

    /// Frees a slot and everything it holds.
    func release(_ handle: UInt32) {
        releaseMessages(pointer(handle))
        slots.release(handle)
    }

    /// Ends parsing of a flow. Its slot stays only if payload heads are wanted.
    func settle(_ handle: UInt32) -> UInt32 {
        guard interests.contains(.payloadHeads) else {
            release(handle)
            return FlowDetails.applicationOver
        }
        let state = pointer(handle)
        releaseMessages(state)
        state.pointee.flags.insert(.over)
        return state.pointee.headsAreFull ? handle | Self.settledBit : handle
    }

    /// Gives back segment buffers and waiting records.
    private func releaseMessages(_ state: UnsafeMutablePointer<ApplicationSlot>) {
        dropKept(&state.pointee.toServer)
        dropKept(&state.pointee.toClient)
        while state.pointee.firstPending != 0 { removeFirstPending(state) }
    }

    /// Keeps the payload head of a flow that nothing else is kept of.
    ///
    /// - Parameter isOver: whether the flow needs no packets once its heads are full.
    /// - Returns: the slot, `applicationOver` when none was free.
    func keepHead(slot: UInt32, packet: borrowing PacketSummary, toServer: Bool, isOver: Bool) -> UInt32 {
        guard let handle = slot != 0 ? slot : openSlot() else { return FlowDetails.applicationOver }
        let state = pointer(handle)
        state.pointee.appendHead(ApplicationReader(packet.payload), toServer: toServer)
        return isOver && state.pointee.headsAreFull ? handle | Self.settledBit : handle
    }

    // MARK: Segment buffers

    /// The bytes kept of a message that goes on in a later segment.
    func kept(_ direction: borrowing StreamDirection) -> ApplicationReader {
        guard direction.buffer != 0 else { return .empty }
        let bytes = segments[direction.buffer]
        return ApplicationReader(UnsafeRawBufferPointer(rebasing: bytes[..<Int(direction.filled)]))
    }

    /// Moves bytes into the direction's segment buffer until it holds `limit` bytes or is full.
    ///
    /// - Returns: false, and counted, when no buffer was free.
    func keep(_ bytes: inout ApplicationReader, upTo limit: Int, in direction: inout StreamDirection) -> Bool {
        if direction.buffer == 0 {
            guard let handle = segments.allocate() else {
                counters.buffersExhausted += 1
                return false
            }
            direction.buffer = handle
            direction.filled = 0
        }
        let room = min(limit, Self.segmentLength) - Int(direction.filled)
        let taken = bytes.takeAvailable(room).unread
        UnsafeMutableRawBufferPointer(rebasing: segments[direction.buffer][Int(direction.filled)...])
            .copyMemory(from: taken)
        direction.filled += UInt16(taken.count)
        return true
    }

    /// Frees the direction's segment buffer, if it has one.
    func dropKept(_ direction: inout StreamDirection) {
        guard direction.buffer != 0 else { return }
        segments.release(direction.buffer)
        direction.buffer = 0
        direction.filled = 0
    }

    /// Takes the next message whose length stands in its first bytes, from a packet or put together in the direction's
    /// segment buffer. The caller calls `dropKept` when it has read the message.
    ///
    /// A message longer than a segment buffer is handed out cut, and the rest of it is passed over by the next calls.
    ///
    /// - Parameters:
    ///   - bytes: what has arrived.
    ///   - total: length of the message from its first bytes, header included; nil when those are not there yet.
    ///   - headerLength: how many bytes `total` needs.
    ///   - direction: where the message travels.
    /// - Returns: nil when more has to arrive.
    func nextMessage(
        _ bytes: inout ApplicationReader, headerLength: Int, in direction: inout StreamDirection,
        total: (ApplicationReader) -> Int?
    ) -> (message: ApplicationReader, isCut: Bool)? {
        if direction.skipped > 0 {
            let passed = bytes.takeAvailable(Int(min(direction.skipped, UInt64(bytes.remaining))))
            direction.skipped -= UInt64(passed.length)
        }
        if direction.buffer == 0, let length = total(bytes), let message = bytes.take(length) {
            return (message, false)
        }
        while true {
            let collected = kept(direction)
            let length = total(collected)
            if let length, collected.length >= min(length, Self.segmentLength) {
                direction.skipped = UInt64(length - collected.length)
                return (collected, collected.length < length)
            }
            if bytes.isAtEnd { return nil }
            guard keep(&bytes, upTo: length ?? max(headerLength, collected.length + 1), in: &direction) else {
                // Without a buffer the message is read as far as this packet holds it.
                guard let length = total(bytes) else {
                    _ = bytes.skip(bytes.remaining)
                    direction.flags.insert(.lost)
                    return nil
                }
                let message = bytes.takeAvailable(length)
                direction.skipped = UInt64(length - message.length)
                return (message, true)
            }
        }
    }
}
