// A backlog that a crash forgets.

import Synchronization

/// Messages in memory. When room is short, those that were sent but are not known to have arrived make way first.
public final class MemoryBacklog: Backlog {
    private struct Chunk {
        var base: UInt64
        var messages: [(bytes: [UInt8], isAlert: Bool)]
        var end: UInt64
    }

    private struct State {
        var chunks: [Chunk] = []
        var confirmed: UInt64 = 0
        var sent: UInt64 = 0
        var end: UInt64 = 0

        /// Bytes that are in memory.
        var used: Int { Int(end - (chunks.first?.base ?? end)) }
    }

    /// What a message takes beside its bytes.
    private static let overhead: UInt64 = 48

    private let room: BacklogRoom
    private let state = Mutex(State())

    /// - Parameter limit: bytes that may wait.
    public init(limit: Int) {
        room = BacklogRoom(limit: limit)
    }

    public var confirmed: UInt64 { state.withLock { $0.confirmed } }
    public var end: UInt64 { state.withLock { $0.end } }
    public var byteCount: Int { state.withLock { Int($0.end - $0.confirmed) } }
    public var tornRecords: UInt64 { 0 }

    public func append(_ messages: borrowing MessageBuffer) -> ShedMessages {
        var shed = ShedMessages()
        state.withLock { state in
            var chunk = Chunk(base: state.end, messages: [], end: state.end)
            for (index, note) in messages.notes.enumerated() {
                let bytes = messages.withMessage(index) { Array($0) }
                let size = UInt64(bytes.count) + Self.overhead
                let added = Int(chunk.end + size - state.end)
                while !room.takes(added, used: state.used, isAlert: note.isAlert), let oldest = state.chunks.first,
                    oldest.end <= state.sent
                {
                    state.chunks.removeFirst()
                    state.confirmed = max(state.confirmed, oldest.end)
                }
                guard room.takes(added, used: state.used, isAlert: note.isAlert) else {
                    shed.count(isAlert: note.isAlert)
                    continue
                }
                chunk.messages.append((bytes, note.isAlert))
                chunk.end += size
            }
            guard !chunk.messages.isEmpty else { return }
            state.end = chunk.end
            state.chunks.append(chunk)
        }
        return shed
    }

    public func read(from position: UInt64, atMost limit: Int, into messages: inout MessageBuffer) -> UInt64 {
        let (found, next) = state.withLock { state in
            var found: [(bytes: [UInt8], isAlert: Bool)] = []
            var next = max(position, state.chunks.first?.base ?? state.end)
            var taken = 0
            for chunk in state.chunks where chunk.end > next {
                var place = chunk.base
                for message in chunk.messages {
                    let size = UInt64(message.bytes.count) + Self.overhead
                    if place >= next {
                        guard found.isEmpty || taken + Int(size) <= limit else { break }
                        found.append(message)
                        taken += Int(size)
                        next = place + size
                    }
                    place += size
                }
                if taken >= limit || next < chunk.end { break }
            }
            return (found, next)
        }
        for message in found { message.bytes.withUnsafeBytes { messages.append($0, isAlert: message.isAlert) } }
        return next
    }

    public func note(sent position: UInt64) {
        state.withLock { $0.sent = max($0.sent, position) }
    }

    public func confirm(_ position: UInt64) {
        state.withLock { state in
            state.confirmed = max(state.confirmed, position)
            while let oldest = state.chunks.first, oldest.end <= state.confirmed { state.chunks.removeFirst() }
        }
    }

    public func attend() {}
    public func close() {}
}
