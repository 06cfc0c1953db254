// A backlog on disk, which a crash leaves as it was.

import Glibc
import Synchronization

/// Messages in the segments of a folder: an append-only log (Rosenblum and Ousterhout, The Design and Implementation of a
/// Log-Structured File System, 1992), cut off at its beginning as messages arrive.
///
/// What was appended survives the end of the process at once, and the end of the machine after a second. A record that was
/// half written when the process died is recognised by its checksum, dropped and counted. After a restart everything is
/// read again that the cursor does not know to have arrived: at least once.
public final class SpoolBacklog: Backlog {
    private struct State {
        /// Segments in order, the last one being written; ends are positions.
        var segments: [(base: UInt64, end: UInt64)] = []
        var confirmed: UInt64 = 0
        var kept: UInt64 = 0
        var writer: Int32 = -1
        var reader: (base: UInt64, descriptor: Int32) = (0, -1)
        var torn: UInt64 = 0
        var isDirty = false
        var lastSync = 0
        var failure: OutputError?

        var end: UInt64 { segments.last?.end ?? confirmed }
        var used: Int { Int(end - (segments.first?.base ?? end)) }
    }

    private let folder: SpoolFolder
    private let room: BacklogRoom
    private let segmentLimit: UInt64
    private let state = Mutex(State())

    /// Opens a spool, with what an earlier run has left in it.
    ///
    /// - Parameters:
    ///   - path: its folder, made when it is missing.
    ///   - limit: bytes that it may take on disk.
    public init(path: String, limit: Int) throws(OutputError) {
        folder = try SpoolFolder(path)
        room = BacklogRoom(limit: limit)
        segmentLimit = UInt64(max(64 << 10, min(limit / 16, 16 << 20)))
        state.withLock { recover(&$0) }
    }

    deinit {
        state.withLock { state in
            if state.writer >= 0 { Glibc.close(state.writer) }
            if state.reader.descriptor >= 0 { Glibc.close(state.reader.descriptor) }
        }
    }

    public var confirmed: UInt64 { state.withLock { $0.confirmed } }
    public var end: UInt64 { state.withLock { $0.end } }
    public var byteCount: Int { state.withLock { Int($0.end - $0.confirmed) } }
    public var tornRecords: UInt64 { state.withLock { $0.torn } }

    /// Why messages could not be kept last; nil while all is well.
    public var failure: OutputError? { state.withLock { $0.failure } }

    // MARK: Opening

    private func recover(_ state: inout State) {
        for base in folder.segments() {
            let path = folder.segmentPath(base)
            guard let bytes = Self.content(of: path) else { continue }
            var place = 0
            scan: while place < bytes.count {
                switch SpoolRecord.find(in: bytes[place...]) {
                case .record(_, _, let size): place += size
                case .incomplete, .damage: break scan
                }
            }
            if place < bytes.count {
                // Nothing after a torn record was ever read, so nothing of it is missed.
                state.torn += 1
                truncate(path, off_t(place))
            }
            state.segments.append((base, base + UInt64(place)))
        }
        let first = state.segments.first?.base ?? 0
        state.confirmed = max(folder.cursor() ?? first, first)
        // Positions never repeat: a new segment begins behind everything that was.
        let next = max(state.segments.last?.end ?? 0, state.confirmed)
        dropConfirmed(&state)
        state.kept = state.confirmed
        if state.segments.last?.end != next || state.segments.isEmpty { state.segments.append((next, next)) }
    }

    private static func content(of path: String) -> [UInt8]? {
        guard let file = fopen(path, "re") else { return nil }
        defer { fclose(file) }
        var status = stat()
        guard fstat(fileno(file), &status) == 0 else { return nil }
        return [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
            count = fread(buffer.baseAddress, 1, buffer.count, file)
        }
    }

    // MARK: Writing

    public func append(_ messages: borrowing MessageBuffer) -> ShedMessages {
        var shed = ShedMessages()
        var bytes: [UInt8] = []
        var taken = ShedMessages()
        state.withLock { state in
            for (index, note) in messages.notes.enumerated() {
                messages.withMessage(index) { message in
                    let size = SpoolRecord.size(of: message.count)
                    guard room.takes(size, used: state.used + bytes.count, isAlert: note.isAlert) else {
                        return shed.count(isAlert: note.isAlert)
                    }
                    SpoolRecord.append(message, isAlert: note.isAlert, to: &bytes)
                    taken.count(isAlert: note.isAlert)
                }
            }
            guard !bytes.isEmpty else { return }
            if let error = write(bytes, &state) {
                state.failure = error
                shed.messages += taken.messages
                shed.alerts += taken.alerts
            } else {
                state.failure = nil
            }
        }
        return shed
    }

    /// Adds records to the last segment, all or none.
    private func write(_ bytes: [UInt8], _ state: inout State) -> OutputError? {
        let last = state.segments[state.segments.count - 1]
        if last.end - last.base >= segmentLimit {
            if state.writer >= 0 { Glibc.close(state.writer) }
            state.writer = -1
            state.segments.append((last.end, last.end))
        }
        let place = state.segments.count - 1
        let (base, end) = state.segments[place]
        let path = folder.segmentPath(base)
        if state.writer < 0 { state.writer = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600) }
        guard state.writer >= 0 else { return .cannotOpen(path, errno: errno) }
        let start = off_t(end - base)
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(state.writer, $0.baseAddress! + done, $0.count - done, start + off_t(done))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let code = errno
                _ = ftruncate(state.writer, start)
                return .cannotOpen(path, errno: code)
            }
            done += count
        }
        state.segments[place].end = end + UInt64(bytes.count)
        state.isDirty = true
        return nil
    }

    // MARK: Reading

    public func read(from position: UInt64, atMost limit: Int, into messages: inout MessageBuffer) -> UInt64 {
        var next = position
        var chunk: [UInt8] = []
        state.withLock { state in
            guard let segment = state.segments.first(where: { $0.end > position }) else { return }
            next = max(next, segment.base)
            // At least one whole record: its length is found in what is read first.
            chunk = bytes(of: segment, from: next, atMost: limit, &state)
            if case .incomplete = SpoolRecord.find(in: chunk[...]) {
                let rest = Int(segment.end - next)
                chunk = bytes(of: segment, from: next, atMost: min(rest, SpoolRecord.maximumLength), &state)
            }
        }
        var place = 0
        while place < chunk.count {
            guard case .record(let message, let isAlert, let size) = SpoolRecord.find(in: chunk[place...]) else {
                break
            }
            chunk[message].withUnsafeBytes { messages.append($0, isAlert: isAlert) }
            place += size
        }
        if place == 0, !chunk.isEmpty {
            // The disk has changed what was written: the rest of the segment is lost.
            return state.withLock { state in
                state.torn += 1
                return state.segments.first { $0.base > next }?.base ?? state.end
            }
        }
        return next + UInt64(place)
    }

    private func bytes(
        of segment: (base: UInt64, end: UInt64), from position: UInt64, atMost limit: Int, _ state: inout State
    ) -> [UInt8] {
        if state.reader.base != segment.base || state.reader.descriptor < 0 {
            if state.reader.descriptor >= 0 { Glibc.close(state.reader.descriptor) }
            state.reader = (segment.base, open(folder.segmentPath(segment.base), O_RDONLY | O_CLOEXEC))
        }
        let descriptor = state.reader.descriptor
        return [UInt8](unsafeUninitializedCapacity: min(limit, Int(segment.end - position))) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, off_t(position - segment.base)))
        }
    }

    // MARK: Confirming

    /// On disk nothing makes way before it has arrived.
    public func note(sent position: UInt64) {}

    public func confirm(_ position: UInt64) {
        state.withLock { state in
            guard position > state.confirmed else { return }
            state.confirmed = min(position, state.end)
            dropConfirmed(&state)
        }
    }

    /// Removes segments that have arrived; the last one stays to be written on.
    private func dropConfirmed(_ state: inout State) {
        while state.segments.count > 1, state.segments[0].end <= state.confirmed {
            unlink(folder.segmentPath(state.segments.removeFirst().base))
        }
    }

    public func attend() {
        let now = time(nil)
        state.withLock { state in
            guard now != state.lastSync else { return }
            state.lastSync = now
            keep(&state)
        }
    }

    public func close() {
        state.withLock { keep(&$0) }
    }

    private func keep(_ state: inout State) {
        if state.isDirty, state.writer >= 0 { fdatasync(state.writer) }
        state.isDirty = false
        guard state.kept != state.confirmed else { return }
        folder.keep(cursor: state.confirmed)
        state.kept = state.confirmed
    }
}
