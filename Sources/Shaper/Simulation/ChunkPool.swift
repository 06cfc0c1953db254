// Storage for everything that waits in queues, without allocation while packets move.

/// Bytes that entered one queue in one substep.
struct Chunk: Sendable {
    /// Bits by the lane of their true class.
    var bits = ClassVector()
    /// The substep in which they entered.
    var entered: Int32 = 0
    /// The next chunk of the queue or of the free list; negative at the end.
    var next: Int32 = -1
}

/// A first-in-first-out queue whose chunks live in a `ChunkPool`.
struct ChunkQueue: Sendable {
    fileprivate(set) var head: Int32 = -1
    fileprivate(set) var tail: Int32 = -1
    /// Bits that wait.
    fileprivate(set) var backlog = 0.0
}

/// A fixed number of chunks shared by all queues of a simulator.
///
/// Every bit keeps the substep in which it came, so that its delay is exact to the substep. Should the pool run dry,
/// new bits join the last chunk of their queue and take its time stamp: their delay is then overstated, never understated.
struct ChunkPool: Sendable {
    private var chunks: [Chunk]
    private var free: Int32
    /// Substeps' worth of arrivals that had to share a chunk because the pool was dry.
    private(set) var merged = 0

    init(capacity: Int) {
        chunks = (0..<capacity).map { index in
            Chunk(next: index + 1 < capacity ? Int32(index + 1) : -1)
        }
        free = capacity > 0 ? 0 : -1
    }

    /// When the oldest bits of the queue came; nil if it is empty.
    func oldest(of queue: ChunkQueue) -> Int32? {
        queue.head < 0 ? nil : chunks[Int(queue.head)].entered
    }

    /// Puts bits at the end of a queue. Chunks of one queue must come in the order of time.
    mutating func append(_ bits: ClassVector, at substep: Int32, to queue: inout ChunkQueue) {
        let total = bits.sum()
        guard total > 0 else { return }
        queue.backlog += total
        if queue.tail >= 0, chunks[Int(queue.tail)].entered == substep || free < 0 {
            if chunks[Int(queue.tail)].entered != substep { merged += 1 }
            chunks[Int(queue.tail)].bits += bits
            return
        }
        precondition(free >= 0, "A pool has at least one chunk for each queue that can be in use")
        let index = free
        free = chunks[Int(index)].next
        chunks[Int(index)] = Chunk(bits: bits, entered: substep, next: -1)
        if queue.tail >= 0 { chunks[Int(queue.tail)].next = index } else { queue.head = index }
        queue.tail = index
    }

    /// Takes up to `amount` bits from the front of a queue and hands over each part with the substep in which it came.
    /// A chunk that is served in part gives the same share of each class.
    @inline(__always)
    mutating func take(
        _ amount: Double, from queue: inout ChunkQueue, _ receive: (ClassVector, Int32) -> Void
    ) {
        var left = amount
        while left > 1e-9, queue.head >= 0 {
            let index = Int(queue.head)
            let bits = chunks[index].bits
            let total = bits.sum()
            if total <= left + 1e-9 {
                receive(bits, chunks[index].entered)
                left -= total
                queue.backlog -= total
                queue.head = chunks[index].next
                chunks[index].next = free
                free = Int32(index)
                if queue.head < 0 {
                    queue.tail = -1
                    queue.backlog = 0
                }
            } else {
                let part = bits * (left / total)
                receive(part, chunks[index].entered)
                chunks[index].bits = bits - part
                queue.backlog -= left
                left = 0
            }
        }
    }
}
