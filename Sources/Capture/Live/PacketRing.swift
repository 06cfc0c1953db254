// The kernel's ring of captured packets, as far as one interface goes.

import CLinux
import Glibc
import NetTypes

/// A packet socket with a receive ring in blocks (packet(7), TPACKET_V3).
///
/// The kernel fills a block with packets and hands it over when it is full or `retirement` after its first packet. Its
/// frames are lent out as they lie there; the block goes back to the kernel when `giveBack` says that nobody holds one
/// any more. The module's one owner of ring memory. One thread at a time may call it.
final class PacketRing: @unchecked Sendable {
    /// Milliseconds after which the kernel hands over a block that is not full: the wait for a single packet.
    static let retirement: UInt32 = 20
    static let blockBytes = 1 << 20

    let name: String
    let socket: Int32
    /// The interface's number in the kernel.
    let index: Int32
    let linkType: LinkType
    let blockCount: Int
    private let memory: UnsafeMutableRawPointer
    private let interface: UInt16

    /// Blocks read to their end since the start.
    private(set) var blocksRead: UInt64 = 0
    /// Blocks given back to the kernel since the start.
    private var blocksReturned: UInt64 = 0
    /// Frames of the block being read that were not read yet, and the first of them.
    private var framesLeft: UInt32 = 0
    private var next: UnsafeMutableRawPointer

    /// Takes over a bound socket and the mapping of its ring.
    init(
        name: String, socket: Int32, index: Int32, linkType: LinkType, memory: UnsafeMutableRawPointer,
        blockCount: Int, interface: UInt16
    ) {
        self.name = name
        self.socket = socket
        self.index = index
        self.linkType = linkType
        self.memory = memory
        self.blockCount = blockCount
        self.interface = interface
        next = memory
    }

    deinit {
        munmap(memory, blockCount * Self.blockBytes)
        close(socket)
    }

    // MARK: Blocks

    private func block(_ number: UInt64) -> UnsafeMutableRawPointer {
        memory + Int(number % UInt64(blockCount)) * Self.blockBytes
    }

    private func status(of block: UnsafeMutableRawPointer) -> UnsafeMutablePointer<UInt32> {
        (block + Self.statusOffset).assumingMemoryBound(to: UInt32.self)
    }

    /// Where a block's status word lies: behind its version and the offset of private data.
    private static let statusOffset = MemoryLayout<tpacket_block_desc>.offset(of: \.hdr)!

    private func isReady(_ number: UInt64) -> Bool {
        lepton_load_acquire(status(of: block(number))) & UInt32(TP_STATUS_USER) != 0
    }

    /// Whether a frame can be read; finds the first one of the next block when needed.
    @inline(__always)
    private func prepare() -> Bool {
        framesLeft > 0 || openBlock()
    }

    private func openBlock() -> Bool {
        // All blocks may be lent out: the next one is then the first that is still out.
        while blocksRead - blocksReturned < UInt64(blockCount), isReady(blocksRead) {
            let start = block(blocksRead)
            let header = start.assumingMemoryBound(to: tpacket_block_desc.self).pointee.hdr.bh1
            if header.num_pkts > 0 {
                framesLeft = header.num_pkts
                next = start + Int(header.offset_to_first_pkt)
                return true
            }
            blocksRead += 1
        }
        return false
    }

    /// Blocks read and not given back.
    var blocksLent: Int { Int(blocksRead - blocksReturned) }

    /// Hands blocks back to the kernel, all before `limit`.
    func giveBack(before limit: UInt64) {
        while blocksReturned < limit {
            lepton_store_release(status(of: block(blocksReturned)), UInt32(TP_STATUS_KERNEL))
            blocksReturned += 1
        }
    }

    /// Eighths of the ring that wait to be read.
    var backlog: Int {
        for eighths in stride(from: 8, to: 0, by: -1) {
            // A ring of less than eight blocks has no block for the smaller parts.
            let depth = UInt64(blockCount * eighths / 8)
            guard depth > 0 else { break }
            let ahead = blocksRead + depth - 1
            if ahead - blocksReturned < UInt64(blockCount), isReady(ahead) { return eighths }
        }
        return 0
    }

    // MARK: Frames

    /// When the next frame was captured; nil when none is there.
    var nextTime: Int64? {
        guard prepare() else { return nil }
        let header = next.assumingMemoryBound(to: tpacket3_hdr.self)
        return Int64(header.pointee.tp_sec) * 1_000_000_000 + Int64(header.pointee.tp_nsec)
    }

    /// Lends frames to a batch until it is full, no frame is there, or the next one is later than `horizon`, or so much
    /// is lent that the kernel would run short of blocks.
    ///
    /// - Parameters:
    ///   - horizon: nanoseconds since the epoch, by the kernel's clock.
    ///   - shift: nanoseconds added to every time.
    func fill(_ batch: FrameBatch, through horizon: Int64, shift: Int64) {
        let lendable = max(1, blockCount / 4)
        while batch.hasRoom, prepare() {
            if blocksLent > lendable { return }
            let header = next.assumingMemoryBound(to: tpacket3_hdr.self)
            let time = Int64(header.pointee.tp_sec) &* 1_000_000_000 &+ Int64(header.pointee.tp_nsec)
            guard time <= horizon else { return }
            lend(header, time &+ shift, to: batch)
            framesLeft -= 1
            if framesLeft == 0 {
                blocksRead += 1
            } else {
                next += Int(header.pointee.tp_next_offset)
            }
        }
    }

    @inline(__always)
    private func lend(_ header: UnsafeMutablePointer<tpacket3_hdr>, _ time: Int64, to batch: FrameBatch) {
        var start = UnsafeMutableRawPointer(header) + Int(header.pointee.tp_mac)
        var captured = header.pointee.tp_snaplen
        var wire = header.pointee.tp_len
        if header.pointee.tp_status & UInt32(TP_STATUS_VLAN_VALID) != 0, captured >= 12 {
            start = putBackTag(header, start)
            captured += 4
            wire += 4
        }
        batch.append(
            Frame(
                base: UnsafePointer(start.assumingMemoryBound(to: UInt8.self)), capturedLength: captured,
                wireLength: wire, time: Timestamp(nanoseconds: time), linkType: linkType, interface: interface))
    }

    /// Puts the VLAN tag back that the kernel took off: between the addresses and the type, into the room that
    /// PACKET_RESERVE left in front. Returns where the frame begins now.
    @inline(never)
    private func putBackTag(
        _ header: UnsafeMutablePointer<tpacket3_hdr>, _ start: UnsafeMutableRawPointer
    ) -> UnsafeMutableRawPointer {
        let hasType = header.pointee.tp_status & UInt32(TP_STATUS_VLAN_TPID_VALID) != 0
        let type = hasType ? header.pointee.hv1.tp_vlan_tpid : UInt16(ETH_P_8021Q)
        let tag = UInt16(truncatingIfNeeded: header.pointee.hv1.tp_vlan_tci)
        let moved = start - 4
        memmove(moved, start, 12)
        (moved + 12).storeBytes(of: type.bigEndian, as: UInt16.self)
        (moved + 14).storeBytes(of: tag.bigEndian, as: UInt16.self)
        return moved
    }
}
