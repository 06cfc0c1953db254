// A keyed table of what the detector remembers of one kind of entity.

import CLinux

/// Maps 64-bit keys to values of a fixed layout within a fixed memory.
///
/// A `KeyIndex` says where a key's value lies; values lie one behind the other in the order their keys came. So memory in
/// use, pages touched and address translations grow with what is remembered, not with what could be. Not for concurrent
/// use.
final class KeyTable<Value: BitwiseCopyable> {
    private let index: KeyIndex
    private let memory: ReservedMemory
    private let values: UnsafeMutablePointer<Value>
    private let initial: Value
    /// Values in use, from the first one on.
    @exclusivity(unchecked) private var used = 0

    /// - Parameters:
    ///   - capacity: most entries, a power of two and at least eight.
    ///   - initial: the value of a new entry.
    ///   - lifetime: ticks after which an entry may go without being missed.
    init(capacity: Int, initial: Value, lifetime: UInt32) {
        index = KeyIndex(capacity: capacity, lifetime: lifetime)
        memory = ReservedMemory(
            byteCount: capacity * MemoryLayout<Value>.stride, hugePagesFrom: ReservedMemory.hugePage)
        values = memory.base.bindMemory(to: Value.self, capacity: capacity)
        self.initial = initial
    }

    /// Places in use: those below it.
    var count: Int { used }

    /// Entries that were replaced before they expired.
    var shed: Int { index.shed }

    /// Asks for the memory that `find` and `insert` look at first, to have it when the key's turn comes.
    @inline(__always)
    func prefetch(_ key: UInt64) { index.prefetch(key) }

    /// Asks for the value of a key that is there, after `prefetch` had its time.
    @inline(__always)
    func prefetchValue(_ key: UInt64) {
        guard let place = find(key) else { return }
        let value = UnsafeRawPointer(values + place)
        var offset = 0
        while offset < MemoryLayout<Value>.stride {
            lepton_prefetch_write(value + offset)
            offset += 64
        }
    }

    /// The place of a key, nil when it is unknown. Leaves its age as it is.
    @inline(__always)
    func find(_ key: UInt64) -> Int? {
        index.find(key).map { Int(index[$0]) }
    }

    /// The place of a key, after entering it if it is unknown.
    @inline(__always)
    func insert(_ key: UInt64, _ now: UInt32) -> (place: Int, isNew: Bool) {
        let (entry, outcome) = index.enter(key, now)
        if outcome == .known { return (Int(index[entry]), false) }
        if outcome == .added {
            index[entry] = UInt32(truncatingIfNeeded: used)
            used &+= 1
        }
        let place = Int(index[entry])
        values[place] = initial
        return (place, true)
    }

    /// The value at a place that `find` or `insert` gave; valid until its key is replaced by another one.
    @inline(__always)
    subscript(place: Int) -> Value {
        _read {
            precondition(place >= 0 && place < used)
            yield values[place]
        }
        _modify {
            precondition(place >= 0 && place < used)
            yield &values[place]
        }
    }

    /// Saves the entries, or takes them up into an empty table, at the same places.
    func exchange(_ archive: ModelArchive) {
        archive.exchange(count: &used, atMost: index.capacity)
        index.exchange(archive, wordsBelow: UInt64(used))
        archive.exchange(values, count: used)
    }
}
