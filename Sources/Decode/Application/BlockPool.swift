// Fixed memory for what flows keep while their application bytes are followed.

/// Blocks of one size from one allocation made at the start.
///
/// A handle is a block's index + 1, so that zero can mean "none". Blocks are handed out in the order of their addresses
/// before freed ones are used again: pages that were never needed are never touched. One thread at a time.
struct BlockPool: ~Copyable {
    private let base: UnsafeMutableRawPointer
    let blockSize: Int
    let capacity: UInt32
    /// Blocks that were ever handed out.
    private var touched: UInt32 = 0
    /// Handle of the block freed last; each free block begins with the handle of the next.
    private var free: UInt32 = 0
    /// Blocks handed out now.
    private(set) var used: UInt32 = 0

    /// - Parameters:
    ///   - memory: bytes for all blocks; there is always at least one block.
    ///   - blockSize: bytes of a block, a multiple of 16.
    init(memory: Int, blockSize: Int) {
        precondition(blockSize > 0 && blockSize % 16 == 0, "blocks keep their alignment")
        self.blockSize = blockSize
        capacity = UInt32(max(1, min(memory / blockSize, 1 << 30)))
        base = UnsafeMutableRawPointer.allocate(byteCount: Int(capacity) * blockSize, alignment: 64)
    }

    deinit {
        base.deallocate()
    }

    /// A block with undefined contents; nil when all are in use.
    mutating func allocate() -> UInt32? {
        if free != 0 {
            let handle = free
            free = self[handle].load(as: UInt32.self)
            used &+= 1
            return handle
        }
        guard touched < capacity else { return nil }
        touched &+= 1
        used &+= 1
        return touched
    }

    mutating func release(_ handle: UInt32) {
        self[handle].storeBytes(of: free, as: UInt32.self)
        free = handle
        used &-= 1
    }

    /// The bytes of a block.
    subscript(handle: UInt32) -> UnsafeMutableRawBufferPointer {
        precondition(handle > 0 && handle <= touched, "not a block of this pool")
        return UnsafeMutableRawBufferPointer(start: base + Int(handle &- 1) * blockSize, count: blockSize)
    }
}
