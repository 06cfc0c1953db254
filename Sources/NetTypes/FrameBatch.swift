// Frames on their way from a source to the decoder, many at a time.

/// Lends frames whose memory it needs back.
public protocol FrameLender: AnyObject, Sendable {
    /// The batch that was given `lease` holds its frames no more. Called in the order in which leases were given.
    func takeBack(_ lease: UInt64)
}

/// A reusable batch of frames, with room of its own for bytes that a source cannot lend.
///
/// One thread fills it, then any number of threads may read it, then one thread clears it; the caller orders these
/// phases.
public final class FrameBatch: @unchecked Sendable {
    /// Most frames a batch holds.
    public let capacity: Int
    /// Bytes of own storage, at most this many are copied in.
    public let storageCapacity: Int

    @usableFromInline let slots: UnsafeMutablePointer<Frame>
    @usableFromInline let storage: UnsafeMutablePointer<UInt8>
    @usableFromInline var storageUsed = 0
    /// Number of frames held.
    public private(set) var count = 0
    /// Whom to tell when the frames are gone.
    private var lender: (any FrameLender)?
    private var lease: UInt64 = 0

    /// - Parameters:
    ///   - capacity: most frames held.
    ///   - storageCapacity: bytes for copied frames; zero for sources that lend their bytes (memory-mapped files).
    public init(capacity: Int, storageCapacity: Int = 0) {
        self.capacity = capacity
        self.storageCapacity = storageCapacity
        slots = .allocate(capacity: capacity)
        storage = .allocate(capacity: max(storageCapacity, 1))
    }

    deinit {
        slots.deallocate()
        storage.deallocate()
    }

    /// Forgets all frames. Their bytes may be reused from now on.
    public func clear() {
        count = 0
        storageUsed = 0
        lender?.takeBack(lease)
        lender = nil
    }

    /// Notes that frames are lent until the batch is cleared; once between two clearings.
    public func note(lease: UInt64, of lender: any FrameLender) {
        precondition(self.lender == nil, "a batch has one lender at a time")
        self.lease = lease
        self.lender = lender
    }

    /// Whether another frame fits.
    @inlinable
    public var hasRoom: Bool { count < capacity }

    /// Number of copied bytes that still fit.
    @inlinable
    public var storageLeft: Int { storageCapacity - storageUsed }

    /// Adds a frame whose bytes outlive the batch's use of them. Requires `hasRoom`.
    @inline(__always)
    public func append(_ frame: Frame) {
        precondition(count < capacity, "frame batch is full")
        (slots + count).initialize(to: frame)
        count += 1
    }

    /// Copies the bytes and adds a frame over the copy; false when frames or bytes have no room.
    public func appendCopy(
        of bytes: UnsafeRawBufferPointer, wireLength: UInt32, time: Timestamp, linkType: LinkType,
        interface: UInt16 = 0
    ) -> Bool {
        guard count < capacity, bytes.count <= storageCapacity - storageUsed else { return false }
        let copy = storage + storageUsed
        if let start = bytes.baseAddress {
            UnsafeMutableRawPointer(copy).copyMemory(from: start, byteCount: bytes.count)
        }
        storageUsed += bytes.count
        append(
            Frame(
                base: UnsafePointer(copy), capturedLength: UInt32(bytes.count), wireLength: wireLength, time: time,
                linkType: linkType, interface: interface))
        return true
    }

    /// The frame at `index`, which must be below `count`.
    @inlinable
    public subscript(index: Int) -> Frame {
        slots[index]
    }
}
