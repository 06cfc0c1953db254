// The one keyed table that the detector remembers with: bounded, allocation-free, without hidden order.

import Glibc

/// Maps 64-bit keys to values of a fixed layout within a fixed memory.
///
/// Set-associative, as a processor's cache: a key may lie in one of the eight places of its set, and when all are taken
/// the one that was used longest ago goes (Hennessy and Patterson, Computer Architecture, appendix B). Memory is reserved
/// at creation and touched as keys come. A key's highest bit chooses the half of the table it may lie in: what strangers
/// can invent as they like is kept in a half of its own (`foreign`), so that a flood of it displaces nothing else. Keys must be well mixed (`KeyMixer`). Not for concurrent use.
final class KeyTable<Value: BitwiseCopyable> {
    private static var ways: Int { 8 }

    private let setMask: UInt64
    private let keys: UnsafeMutablePointer<UInt64>
    private let stamps: UnsafeMutablePointer<UInt32>
    private let values: UnsafeMutablePointer<Value>
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
        setMask = UInt64(capacity / Self.ways - 1)
        keys = Self.reserve(capacity)
        stamps = Self.reserve(capacity)
        values = Self.reserve(capacity)
        self.initial = initial
        self.lifetime = lifetime
    }

    deinit {
        free(keys)
        free(stamps)
        free(values)
    }

    /// Zeroed memory that costs nothing until it is touched.
    private static func reserve<Element: BitwiseCopyable>(_ count: Int) -> UnsafeMutablePointer<Element> {
        guard let memory = calloc(count, MemoryLayout<Element>.stride) else {
            preconditionFailure("no memory for a table of \(count) entries")
        }
        return memory.bindMemory(to: Element.self, capacity: count)
    }

    /// The first place of the set that a key belongs to.
    @inline(__always)
    private func firstPlace(_ key: UInt64) -> Int {
        Int((key >> 1 & setMask >> 1) | (key >> 63) &* ((setMask &+ 1) >> 1)) &* Self.ways
    }

    /// The place of a key, nil when it is unknown. Leaves its age as it is.
    @inline(__always)
    func find(_ key: UInt64) -> Int? {
        let key = key | 1
        let first = firstPlace(key)
        for place in first..<(first &+ Self.ways) where keys[place] == key { return place }
        return nil
    }

    /// The place of a key, after entering it if it is unknown.
    @inline(__always)
    func insert(_ key: UInt64, _ now: UInt32) -> (place: Int, isNew: Bool) {
        let key = key | 1
        let first = firstPlace(key)
        var oldest = first
        for place in first..<(first &+ Self.ways) {
            if keys[place] == key {
                stamps[place] = now
                return (place, false)
            }
            if keys[place] == 0 {
                // Places of a set fill from the front: nothing lies behind an empty one.
                oldest = place
                break
            }
            if now &- stamps[place] > now &- stamps[oldest] { oldest = place }
        }
        if keys[oldest] != 0, now &- stamps[oldest] < lifetime { shed &+= 1 }
        keys[oldest] = key
        stamps[oldest] = now
        values[oldest] = initial
        return (oldest, true)
    }

    /// Forgets the entry at a place. Another one of the set may move there.
    func remove(_ key: UInt64) {
        guard let place = find(key) else { return }
        var last = (place | (Self.ways - 1))
        while last > place, keys[last] == 0 { last -= 1 }
        keys[place] = keys[last]
        stamps[place] = stamps[last]
        values[place] = values[last]
        keys[last] = 0
    }

    /// When the entry at a place was last inserted or found by `insert`.
    @inline(__always)
    func stamp(_ place: Int) -> UInt32 { stamps[place] }

    /// The value at a place that `find` or `insert` gave; valid until the next `insert` or `remove`.
    @inline(__always)
    subscript(place: Int) -> Value {
        _read {
            precondition(place >= 0 && place < Int(setMask &+ 1) &* Self.ways)
            yield values[place]
        }
        _modify {
            precondition(place >= 0 && place < Int(setMask &+ 1) &* Self.ways)
            yield &values[place]
        }
    }
}
