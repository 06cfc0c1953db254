// Moves records from a parser into a batch: lent from a mapping, copied from a stream.

import NetTypes

/// The part that the readers of all file formats share: the way from parsed records to frames, the filter, damage and
/// progress.
struct RecordReader {
    /// Milliseconds a stream may be silent before the frames at hand are delivered.
    private static let patience: Int32 = 100
    /// Bytes asked for ahead of the record walk. Where the next record header lies is known only from this one, so
    /// without it every header costs a trip to memory; the decoder finds its bytes in the cache as well.
    private static let prefetchDistance = 2048

    let path: String
    let input: CaptureInput
    private let filter: PacketFilter?
    /// The link type for which the filter was prepared last.
    private var filterLinkType: LinkType?
    private(set) var damage: [CaptureDamage] = []
    private var isFinished = false
    /// A record that found no room in the batch; its bytes are still in the stream's window.
    private var pending: CaptureRecord?

    init(path: String, input: CaptureInput, filter: PacketFilter?) {
        self.path = path
        self.input = input
        self.filter = filter
    }

    /// Whether frames borrow the mapping's bytes.
    var lendsBytes: Bool {
        if case .mapped = input { true } else { false }
    }

    /// Bytes of the file consumed and their total. For a compressed file both count compressed bytes.
    func progress(at position: Int) -> (done: Int, total: Int)? {
        switch input {
        case .mapped(let file):
            return (min(position, file.size), file.size)
        case .streamed(let buffer):
            let descriptor = buffer.stream.descriptor
            return descriptor.isRegular && descriptor.size > 0
                ? (min(descriptor.consumed, descriptor.size), descriptor.size) : nil
        }
    }

    /// Compiles the filter for every link type the parser will meet before its first packet, as far as that can be seen
    /// now; for Ethernet when none can, so that a misspelt expression is found early.
    func prepareFilter(for parser: some RecordParser) throws(CaptureError) {
        guard let filter else { return }
        var scout = parser
        _ = scout.next(in: input.window)
        let linkTypes = scout.linkTypes.filter(\.isSupported)
        for linkType in linkTypes.isEmpty ? [.ethernet] : linkTypes {
            try filter.prepare(for: linkType, path: path)
        }
    }

    /// Fills the batch. Generic over the parser, and concrete in its callers, so that the parser's walk inlines.
    mutating func read(from parser: inout some RecordParser, into batch: FrameBatch) -> SourceState {
        guard !isFinished else { return .finished }
        switch input {
        case .mapped(let file): return lend(from: &parser, file, into: batch)
        case .streamed(let buffer): return copy(from: &parser, buffer, into: batch)
        }
    }

    private mutating func lend(
        from parser: inout some RecordParser, _ file: MappedFile, into batch: FrameBatch
    ) -> SourceState {
        var walk = parser
        defer { parser = walk }
        while batch.hasRoom {
            guard let limit = file.prepare(from: walk.position) else {
                return finish(at: walk.position, "the disk cannot read the file from here on")
            }
            let window = file.window
            var prefetched = walk.position
            while batch.hasRoom, walk.position < limit {
                switch walk.next(in: window) {
                case .record(let record):
                    prefetched = max(prefetched, walk.position)
                    window.prefetch(from: &prefetched, to: walk.position &+ Self.prefetchDistance)
                    if filter == nil || matchesFilter(record, in: window) {
                        batch.append(window.frame(of: record))
                    }
                case .end:
                    return finish()
                case .damage(let offset, let reason):
                    return finish(at: offset, reason.description)
                case .needs:
                    preconditionFailure("a parser asks for more than the whole file")
                }
            }
        }
        return .open
    }

    private mutating func copy(
        from parser: inout some RecordParser, _ buffer: StreamBuffer, into batch: FrameBatch
    ) -> SourceState {
        var window = buffer.window
        if let record = pending {
            guard deliver(record, in: window, into: batch) else { return stateWithoutRoom(for: record, batch) }
            pending = nil
        }
        while batch.hasRoom {
            switch parser.next(in: window) {
            case .record(let record):
                guard filter == nil || matchesFilter(record, in: window) else { continue }
                guard deliver(record, in: window, into: batch) else {
                    pending = record
                    return stateWithoutRoom(for: record, batch)
                }
            case .needs(let limit):
                let outcome = buffer.fill(keepFrom: parser.position, upTo: limit, patience: Self.patience)
                window = buffer.window
                if outcome == .waiting { return .open }
            case .end:
                // A stream that breaks off between two records is damaged all the same.
                if let fault = buffer.fault { return finish(at: parser.position, fault) }
                return finish()
            case .damage(let offset, let reason):
                let isCutByFault = buffer.fault != nil && reason.isCut
                return finish(at: offset, isCutByFault ? buffer.fault ?? "" : reason.description)
            }
        }
        return .open
    }

    private func deliver(_ record: CaptureRecord, in window: ByteWindow, into batch: FrameBatch) -> Bool {
        batch.appendCopy(
            of: window.bytes(of: record), wireLength: record.wireLength, time: record.time, linkType: record.linkType,
            interface: record.interface)
    }

    private mutating func stateWithoutRoom(for record: CaptureRecord, _ batch: FrameBatch) -> SourceState {
        let length = Int(record.capturedLength)
        guard length > batch.storageCapacity else { return .open }
        let reason = DamageReason.batchTooSmall(length: length, storage: batch.storageCapacity)
        return finish(at: record.offset, reason.description)
    }

    /// Whether the filter lets a record pass. Link types that cannot be decoded pass unseen, to be counted as such.
    private mutating func matchesFilter(_ record: CaptureRecord, in window: ByteWindow) -> Bool {
        guard let filter, record.linkType.isSupported else { return true }
        if record.linkType != filterLinkType {
            filterLinkType = record.linkType
            do throws(CaptureError) {
                try filter.prepare(for: record.linkType, path: path)
            } catch {
                let reason = "packets of this link type are left out: \(error.message)"
                if !damage.contains(where: { $0.reason == reason }) {
                    damage.append(CaptureDamage(path: path, offset: record.offset, reason: reason))
                }
            }
        }
        return filter.matches(
            window.bytes(of: record), wireLength: record.wireLength, linkType: record.linkType)
    }

    private mutating func finish() -> SourceState {
        isFinished = true
        return .finished
    }

    private mutating func finish(at offset: Int, _ reason: String) -> SourceState {
        damage.append(CaptureDamage(path: path, offset: offset, reason: reason))
        return finish()
    }
}
