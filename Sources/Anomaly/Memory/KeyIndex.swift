// The one keyed index that the detector remembers with: bounded, allocation-free, without hidden order.

import CLinux

/// Maps 64-bit keys to words of 32 bits within a fixed memory.
///
/// Set-associative, as a processor's cache: a key may lie in one of the eight places of its set, and when all are taken
/// the one that was used longest ago goes (Hennessy and Patterson, Computer Architecture, appendix B). A set is two cache
/// lines, one of keys, one of their ages and words. A key's highest bit chooses the half of the index it may lie in: what
/// strangers can invent as they like is kept in a half of its own (`foreign`), so that a flood of it displaces nothing
/// else. Keys must be well mixed (`KeyMixer`). Not for concurrent use.
final class KeyIndex {
    /// What became of a key that was entered.
    enum Entry {
        case known
        /// It took an empty place.
        case added
        /// It took the place of another key, whose word is still there.
        case replaced
    }

    @inline(__always)
    private static var ways: Int { 8 }
    @inline(__always)
    private static var agesOffset: Int { 64 }
    @inline(__always)
    private static var wordsOffset: Int { 96 }
    @inline(__always)
    private static var setSize: Int { 128 }

    private let setMask: UInt64
    private let memory: ReservedMemory
    private let sets: UnsafeMutableRawPointer
    /// An entry untouched for this many ticks has expired: replacing it loses nothing.
    private let lifetime: UInt32
    /// Entries that were replaced before they expired.
    @exclusivity(unchecked) private(set) var shed = 0

    /// - Parameters:
    ///   - capacity: most entries, a power of two and at least eight.
    ///   - lifetime: ticks after which an entry may go without being missed.
    init(capacity: Int, lifetime: UInt32) {
        precondition(capacity >= Self.ways && capacity & (capacity - 1) == 0, "capacity is no power of two")
        setMask = UInt64(capacity / Self.ways - 1)
        let size = capacity / Self.ways * Self.setSize
        // Keys come at random places. A large index is touched everywhere before it is filled by a hundredth.
        memory = ReservedMemory(byteCount: size, hugePagesFrom: size < ReservedMemory.hugePage ? size : 0)
        sets = memory.base
        self.lifetime = lifetime
    }

    /// Most entries.
    var capacity: Int { Int(setMask &+ 1) &* Self.ways }

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
    private func words(_ set: UnsafeMutableRawPointer) -> UnsafeMutablePointer<UInt32> {
        (set + Self.wordsOffset).assumingMemoryBound(to: UInt32.self)
    }

    /// Asks for the memory that `find` and `insert` look at, to have it when the key's turn comes.
    @inline(__always)
    func prefetch(_ key: UInt64) {
        let set = set(setIndex(key | 1))
        lepton_prefetch_write(set)
        lepton_prefetch_write(set + Self.agesOffset)
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

    /// The place of a key, after entering it if it is unknown; the word of a new key is zero.
    @inline(__always)
    func insert(_ key: UInt64, _ now: UInt32) -> (place: Int, isNew: Bool) {
        let (place, entry) = enter(key, now)
        if entry == .known { return (place, false) }
        self[place] = 0
        return (place, true)
    }

    /// The place of a key, after entering it if it is unknown; the word stays what it was.
    @inline(__always)
    func enter(_ key: UInt64, _ now: UInt32) -> (place: Int, entry: Entry) {
        let key = key | 1
        let index = setIndex(key)
        let set = set(index)
        let keys = keys(set)
        for way in 0..<Self.ways where keys[way] == key {
            ages(set)[way] = now
            return (index &* Self.ways &+ way, .known)
        }
        let way = vacate(set, now)
        let entry: Entry = keys[way] == 0 ? .added : .replaced
        keys[way] = key
        ages(set)[way] = now
        return (index &* Self.ways &+ way, entry)
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
        words(set)[way] = words(set)[last]
        keys[last] = 0
        return true
    }

    /// The word at a place that `find` or `insert` gave; valid until the next `insert` or `remove`.
    @inline(__always)
    subscript(place: Int) -> UInt32 {
        get {
            precondition(place >= 0 && place < capacity)
            return words(set(place >> 3))[place & 7]
        }
        set {
            precondition(place >= 0 && place < capacity)
            words(set(place >> 3))[place & 7] = newValue
        }
    }

    /// Saves the entries, or takes them up into an empty index.
    ///
    /// - Parameter limit: words at or above it are refused.
    func exchange(_ archive: ModelArchive, wordsBelow limit: UInt64 = 1 << 32) {
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
            archive.exchange(words(set), count: filled)
            guard (0..<filled).allSatisfy({ words(set)[$0] < limit }) else { return archive.refuse() }
            index += 1
        }
        archive.exchange(&shed)
    }
}
