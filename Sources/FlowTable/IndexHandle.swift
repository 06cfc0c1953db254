// The only code that points into the flow index.

import CLinux
import Synchronization

/// The index of one shard: buckets of one cache line, open addressing over neighbouring buckets.
///
/// A bucket holds seven entries and a count of keys that were pushed past it. An entry is one word: the low half of the
/// key's hash, and the record's index + 1; zero is empty. A key lies in its home bucket or one of the next
/// `probeLimit - 1`, and past a bucket only if that bucket's count says so. Only the shard's owner writes; any number of
/// threads may probe at the same time, and must compare the record's key with theirs.
struct IndexHandle {
    /// Most buckets that a key may lie in: bounds the cost of any lookup.
    static let probeLimit = 8
    static let entriesPerBucket = 7

    let base: UnsafeMutableRawPointer
    let bucketCount: UInt64

    @inline(__always)
    private func word(_ bucket: Int, _ entry: Int) -> UnsafeMutablePointer<Atomic<UInt64>> {
        (base + ((bucket << 6) + (entry << 3))).assumingMemoryBound(to: Atomic<UInt64>.self)
    }

    /// The bucket where a hash belongs. Uses the bits between the shard's and the tag's as far as they go.
    @inline(__always)
    func home(_ hash: UInt64) -> Int {
        Int(truncatingIfNeeded: (((hash >> 26) & 0xffff_ffff) &* bucketCount) >> 32)
    }

    @inline(__always)
    func prefetch(_ hash: UInt64) {
        lepton_prefetch_read(base + (home(hash) << 6))
    }

    @inline(__always)
    private func following(_ bucket: Int) -> Int {
        bucket + 1 == Int(truncatingIfNeeded: bucketCount) ? 0 : bucket + 1
    }

    /// The first record whose tag equals the hash's and for which `matches` is true.
    @inline(__always)
    func find(_ hash: UInt64, where matches: (Int) -> Bool) -> Int? {
        let tag = UInt64(UInt32(truncatingIfNeeded: hash))
        var bucket = home(hash)
        for _ in 0..<Self.probeLimit {
            for entry in 0..<Self.entriesPerBucket {
                let value = word(bucket, entry).pointee.load(ordering: .acquiring)
                if value & 0xffff_ffff == tag, value != 0, value >> 32 != 0, matches(Int(value >> 32) - 1) {
                    return Int(value >> 32) - 1
                }
            }
            if word(bucket, Self.entriesPerBucket).pointee.load(ordering: .relaxed) == 0 { return nil }
            bucket = following(bucket)
        }
        return nil
    }

    /// The record, plus one, of an entry with the hash's tag in its home bucket, without comparing keys; zero when there
    /// is none. Good enough to prefetch. Without branches: which entry it is nobody can foresee.
    @inline(__always)
    func guess(_ hash: UInt64) -> UInt32 {
        let tag = UInt32(truncatingIfNeeded: hash)
        let bucket = home(hash)
        var record: UInt32 = 0
        for entry in 0..<Self.entriesPerBucket {
            let value = word(bucket, entry).pointee.load(ordering: .relaxed)
            record = UInt32(truncatingIfNeeded: value) == tag ? UInt32(truncatingIfNeeded: value >> 32) : record
        }
        return record
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
                if value != 0 { body(Int(value >> 32) - 1) }
            }
            bucket = following(bucket)
        }
    }

    /// Adds an entry. Owner only; requires `hasRoom`.
    func insert(_ hash: UInt64, _ record: Int) {
        let value = UInt64(UInt32(truncatingIfNeeded: hash)) | UInt64(record + 1) << 32
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
        let value = UInt64(UInt32(truncatingIfNeeded: hash)) | UInt64(record + 1) << 32
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
