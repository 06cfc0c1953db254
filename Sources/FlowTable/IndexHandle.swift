// The only code that points into the flow index.

import CLinux
import Synchronization

/// The index of one shard: buckets of one cache line, open addressing over neighbouring buckets.
///
/// A bucket holds 15 entries and a count of keys that were pushed past it. An entry is half a word: the record's index
/// plus one in as many low bits as the shard's capacity takes, bits of the key's hash, called the tag, in the others; zero
/// is empty. Small entries keep the index of a million flows in a processor's shared cache. A key lies in its home bucket
/// or one of the next `probeLimit - 1`, and past a bucket only if that bucket's count says so. Only the shard's owner
/// writes; any number of threads may probe at the same time, and must compare the record's key with theirs.
struct IndexHandle {
    /// Most buckets that a key may lie in: bounds the cost of any lookup.
    static let probeLimit = 8
    static let entriesPerBucket = 15
    /// At this load a sixteenth of the buckets push keys on.
    static let recordsPerBucket = 10
    static let bucketBytes = 64
    /// Most bits of a record's index: what is left for the tag still tells 255 of 256 strangers apart.
    static let recordBitsLimit = 24

    let base: UnsafeMutableRawPointer
    let bucketCount: UInt64
    /// Low bits of an entry that hold the record's index plus one.
    private let recordMask: UInt32
    private let recordBits: UInt32

    /// - Parameters:
    ///   - base: `bucketCount` buckets of zeros.
    ///   - capacity: most records of the shard, below 2²⁴.
    init(base: UnsafeMutableRawPointer, bucketCount: Int, capacity: Int) {
        self.base = base
        self.bucketCount = UInt64(bucketCount)
        recordBits = UInt32(Int.bitWidth - capacity.leadingZeroBitCount)
        precondition(recordBits <= Self.recordBitsLimit, "a shard holds fewer than 2^24 flows")
        recordMask = 1 << recordBits - 1
    }

    @inline(__always)
    private func word(_ bucket: Int, _ entry: Int) -> UnsafeMutablePointer<Atomic<UInt32>> {
        (base + ((bucket << 6) + (entry << 2))).assumingMemoryBound(to: Atomic<UInt32>.self)
    }

    /// The bucket where a hash belongs. Uses the bits between the shard's and the tag's.
    @inline(__always)
    func home(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: (((hash >> 26) & 0xffff_ffff) &* bucketCount) >> 32)
    }

    /// The upper part of the entries of a hash.
    @inline(__always)
    private func tag(_ hash: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: hash) << recordBits
    }

    @inline(__always)
    func prefetch(_ hash: UInt64) {
        lepton_prefetch_read(base + (home(hash) << 6))
    }

    @inline(__always)
    private func following(_ bucket: Int) -> Int {
        bucket &+ 1 == Int(truncatingIfNeeded: bucketCount) ? 0 : bucket &+ 1
    }

    /// The entries of a bucket that have the hash's tag, a bit each. Owner only.
    @inline(__always)
    private func matches(_ bucket: Int, _ hash: UInt64) -> UInt32 {
        lepton_match_words(base + (bucket << 6), tag(hash), ~recordMask) & (1 << Self.entriesPerBucket - 1)
    }

    /// The record of a bucket's entry, plus one; zero when the entry is empty.
    @inline(__always)
    private func record(_ bucket: Int, _ entry: Int) -> UInt32 {
        word(bucket, entry).pointee.load(ordering: .relaxed) & recordMask
    }

    /// The record of the key for which `matches` is true, among those with the hash's tag. Owner only.
    @inline(__always)
    func find(_ hash: UInt64, where isMatch: (Int) -> Bool) -> Int? {
        var bucket = home(hash)
        for _ in 0..<Self.probeLimit {
            var left = matches(bucket, hash)
            while left != 0 {
                let record = record(bucket, left.trailingZeroBitCount)
                if record != 0, isMatch(Int(record) &- 1) { return Int(record) &- 1 }
                left &= left &- 1
            }
            if word(bucket, Self.entriesPerBucket).pointee.load(ordering: .relaxed) == 0 { return nil }
            bucket = following(bucket)
        }
        return nil
    }

    /// The same for any thread, at any time.
    func findWhileOwned(_ hash: UInt64, where isMatch: (Int) -> Bool) -> Int? {
        let tag = tag(hash)
        var bucket = home(hash)
        for _ in 0..<Self.probeLimit {
            for entry in 0..<Self.entriesPerBucket {
                let value = word(bucket, entry).pointee.load(ordering: .acquiring)
                // An entry with this tag differs from it in the record's bits only.
                if value ^ tag <= recordMask, value & recordMask != 0, isMatch(Int(value & recordMask) &- 1) {
                    return Int(value & recordMask) &- 1
                }
            }
            if word(bucket, Self.entriesPerBucket).pointee.load(ordering: .relaxed) == 0 { return nil }
            bucket = following(bucket)
        }
        return nil
    }

    /// The record, plus one, of the first entry with the hash's tag in its home bucket, without comparing keys; zero when
    /// there is none. Good enough to prefetch. Without branches: which entry it is nobody can foresee. Owner only.
    @inline(__always)
    func guess(_ hash: UInt64) -> UInt32 {
        let bucket = home(hash)
        let found = matches(bucket, hash)
        // Without a match the count of pushed keys is read, and does not count.
        let record = record(bucket, (found | 1 << Self.entriesPerBucket).trailingZeroBitCount)
        return found != 0 ? record : 0
    }

    /// Whether an entry for the hash has room. Owner only.
    func hasRoom(_ hash: UInt64) -> Bool {
        var bucket = home(hash)
        for _ in 0..<Self.probeLimit {
            for entry in 0..<Self.entriesPerBucket where word(bucket, entry).pointee.load(ordering: .relaxed) == 0 {
                return true
            }
            bucket = following(bucket)
        }
        return false
    }

    /// Calls `body` with every record in the buckets where the hash may lie. Owner only.
    func forEachCandidate(_ hash: UInt64, _ body: (Int) -> Void) {
        var bucket = home(hash)
        for _ in 0..<Self.probeLimit {
            for entry in 0..<Self.entriesPerBucket {
                let value = word(bucket, entry).pointee.load(ordering: .relaxed)
                if value != 0 { body(Int(value & recordMask) - 1) }
            }
            bucket = following(bucket)
        }
    }

    /// Adds an entry. Owner only; requires `hasRoom`.
    func insert(_ hash: UInt64, _ record: Int) {
        let value = tag(hash) | UInt32(record + 1)
        var bucket = home(hash)
        for _ in 0..<Self.probeLimit {
            for entry in 0..<Self.entriesPerBucket where word(bucket, entry).pointee.load(ordering: .relaxed) == 0 {
                word(bucket, entry).pointee.store(value, ordering: .releasing)
                return
            }
            let pushed = word(bucket, Self.entriesPerBucket)
            pushed.pointee.store(pushed.pointee.load(ordering: .relaxed) + 1, ordering: .releasing)
            bucket = following(bucket)
        }
        preconditionFailure("no room in the flow index: hasRoom was not asked")
    }

    /// Removes an entry. Owner only; it must be there.
    func remove(_ hash: UInt64, _ record: Int) {
        let value = tag(hash) | UInt32(record + 1)
        var bucket = home(hash)
        for _ in 0..<Self.probeLimit {
            for entry in 0..<Self.entriesPerBucket where word(bucket, entry).pointee.load(ordering: .relaxed) == value {
                word(bucket, entry).pointee.store(0, ordering: .releasing)
                return
            }
            let pushed = word(bucket, Self.entriesPerBucket)
            pushed.pointee.store(pushed.pointee.load(ordering: .relaxed) - 1, ordering: .releasing)
            bucket = following(bucket)
        }
        preconditionFailure("the flow index does not hold the record to be removed")
    }
}
