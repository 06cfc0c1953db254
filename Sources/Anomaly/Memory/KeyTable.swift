// The one keyed table that the detector remembers with: bounded, allocation-free, without hidden order.

import CLinux

/// Maps 64-bit keys to values of a fixed layout within a fixed memory.
///
/// Set-associative, as a processor's cache: a key may lie in one of the eight places of its set, and when all are taken
/// the one that was used longest ago goes (Hennessy and Patterson, Computer Architecture, appendix B). A set is one
/// block of memory that begins with a cache line of keys, followed by their ages and values, so that a look costs one
/// address translation and neighbouring lines. Memory is reserved at creation and touched as keys come. A key's highest
/// bit chooses the half of the table it may lie in: what strangers can invent as they like is kept in a half of its own
/// (`foreign`), so that a flood of it displaces nothing else. Keys must be well mixed (`KeyMixer`). Not for concurrent
/// use.
final class KeyTable<Value: BitwiseCopyable> {
    @inline(__always)
    private static var ways: Int { 8 }
    @inline(__always)
    private static var line: Int { 64 }
    /// Where ages and values lie in a set: behind eight keys, and behind eight ages.
    @inline(__always)
    private static var agesOffset: Int { ways * MemoryLayout<UInt64>.stride }
    @inline(__always)
    private static var valuesOffset: Int { agesOffset + ways * MemoryLayout<UInt32>.stride }
    @inline(__always)
    private static var setSize: Int {
        (valuesOffset + ways * MemoryLayout<Value>.stride + line - 1) / line * line
    }

    private let setMask: UInt64
    private let memory: UnsafeMutablePointer<UInt64>
    /// `memory` from its first whole cache line on.
    private let sets: UnsafeMutableRawPointer
    private let initial: Value
    /// An entry untouched for this many ticks has expired: replacing it loses nothing.
    private let lifetime: UInt32
    /// Entries that were replaced before they expired.
    @exclusivity(unchecked) private(set) var shed = 0

    /// - Parameters:
    ///   - capacity: most entries, a power of two and at least eight.
    ///   - initial: the value of a new entry.
    ///   - lifetime: ticks after which an entry may go without being missed.
    init(capacity: Int, initial: Value, lifetime: UInt32) {
        precondition(capacity >= Self.ways && capacity & (capacity - 1) == 0, "capacity is no power of two")
        precondition(MemoryLayout<Value>.alignment <= 32, "values need more alignment than a set gives")
        setMask = UInt64(capacity / Self.ways - 1)
        let size = capacity / Self.ways * Self.setSize + Self.line
        memory = ZeroedMemory.reserve(size / MemoryLayout<UInt64>.stride)
        sets = UnsafeMutableRawPointer(memory).alignedUp(toMultipleOf: Self.line)
        self.initial = initial
        self.lifetime = lifetime
    }

    deinit {
        ZeroedMemory.release(memory)
    }

    /// The number of the set that a key belongs to.
    @inline(__always)
    private func setIndex(_ key: UInt64) -> Int {
        Int(truncatingIfNeeded: (key >> 1 & setMask >> 1) | (key >> 63) &* ((setMask &+ 1) >> 1))
    }

    @inline(__always)
    private func set(_ index: Int) -> UnsafeMutableRawPointer { sets + index &* Self.setSize }

    @inline(__always)
    private func keys(_ set: UnsafeMutableRawPointer) -> UnsafeMutablePointer<UInt64> {
        set.assumingMemoryBound(to: UInt64.self)
    }

    @inline(__always)
    private func ages(_ set: UnsafeMutableRawPointer) -> UnsafeMutablePointer<UInt32> {
        (set + Self.agesOffset).assumingMemoryBound(to: UInt32.self)
    }

    @inline(__always)
    private func values(_ set: UnsafeMutableRawPointer) -> UnsafeMutablePointer<Value> {
        (set + Self.valuesOffset).assumingMemoryBound(to: Value.self)
    }

    /// Asks for the memory that `find` and `insert` look at first, to have it when the key's turn comes.
    @inline(__always)
    func prefetch(_ key: UInt64) {
        let set = set(setIndex(key | 1))
        lepton_prefetch_write(set)
        lepton_prefetch_write(set + Self.line)
    }

    /// Asks for the value of a key that is there, after `prefetch` had its time.
    @inline(__always)
    func prefetchValue(_ key: UInt64) {
        guard let place = find(key) else { return }
        let value = UnsafeRawPointer(values(set(place >> 3)) + (place & 7))
        var offset = 0
        while offset < MemoryLayout<Value>.stride {
            lepton_prefetch_write(value + offset)
            offset += Self.line
        }
    }

    /// The place of a key, nil when it is unknown. Leaves its age as it is.
    @inline(__always)
    func find(_ key: UInt64) -> Int? {
        let key = key | 1
        let index = setIndex(key)
        let keys = keys(set(index))
        for way in 0..<Self.ways where keys[way] == key { return index &* Self.ways &+ way }
        return nil
    }

    /// The place of a key, after entering it if it is unknown.
    @inline(__always)
    func insert(_ key: UInt64, _ now: UInt32) -> (place: Int, isNew: Bool) {
        let key = key | 1
        let index = setIndex(key)
        let set = set(index)
        let keys = keys(set)
        for way in 0..<Self.ways where keys[way] == key {
            ages(set)[way] = now
            return (index &* Self.ways &+ way, false)
        }
        let way = vacate(set, now)
        keys[way] = key
        ages(set)[way] = now
        values(set)[way] = initial
        return (index &* Self.ways &+ way, true)
    }

    /// A free place of a set: an empty one, or that of the entry used longest ago.
    private func vacate(_ set: UnsafeMutableRawPointer, _ now: UInt32) -> Int {
        let keys = keys(set)
        let ages = ages(set)
        var oldest = 0
        for way in 0..<Self.ways {
            // Places of a set fill from the front: nothing lies behind an empty one.
            if keys[way] == 0 { return way }
            if now &- ages[way] > now &- ages[oldest] { oldest = way }
        }
        if now &- ages[oldest] < lifetime { shed &+= 1 }
        return oldest
    }

    /// Forgets a key; false when it is unknown. Another entry of the set may move to its place.
    @discardableResult
    func remove(_ key: UInt64) -> Bool {
        guard let place = find(key) else { return false }
        let set = set(place >> 3)
        let keys = keys(set)
        let way = place & 7
        var last = Self.ways - 1
        while last > way, keys[last] == 0 { last -= 1 }
        keys[way] = keys[last]
        ages(set)[way] = ages(set)[last]
        values(set)[way] = values(set)[last]
        keys[last] = 0
        return true
    }

    /// The value at a place that `find` or `insert` gave; valid until the next `insert` or `remove`.
    @inline(__always)
    subscript(place: Int) -> Value {
        _read {
            precondition(place >= 0 && place < Int(setMask &+ 1) &* Self.ways)
            yield values(set(place >> 3))[place & 7]
        }
        _modify {
            precondition(place >= 0 && place < Int(setMask &+ 1) &* Self.ways)
            yield &values(set(place >> 3))[place & 7]
        }
    }

    /// Saves the entries, or takes them up into an empty table.
    func exchange(_ archive: ModelArchive) {
        let setCount = Int(setMask &+ 1)
        var used = archive.isReading ? 0 : (0..<setCount).count { keys(set($0))[0] != 0 }
        archive.exchange(count: &used, atMost: setCount)
        var index = 0
        for _ in 0..<used {
            if !archive.isReading { while keys(set(index))[0] == 0 { index += 1 } }
            archive.exchange(count: &index, atMost: setCount - 1)
            guard archive.isSound else { return }
            let set = set(index)
            var filled = (0..<Self.ways).count { keys(set)[$0] != 0 }
            archive.exchange(count: &filled, atMost: Self.ways)
            archive.exchange(keys(set), count: filled)
            archive.exchange(ages(set), count: filled)
            archive.exchange(values(set), count: filled)
            index += 1
        }
        archive.exchange(&shed)
    }
}
