// One interface of a live capture: its ring, and what becomes of it.

import CLinux
import Glibc
import NetTypes

/// Holds the ring of an interface, and opens a new one when the interface was away and has come back.
///
/// One thread at a time may call it.
final class InterfacePort {
    let name: String
    private let number: UInt16
    private let options: LiveCaptureOptions
    private var filter: KernelFilter
    /// Nil while the interface does not exist.
    private(set) var ring: PacketRing?
    /// The first lease that may hold frames of `ring`.
    private(set) var openedAt: UInt64 = 0
    /// Rings of interfaces that are gone, kept until nobody holds their frames: up to which lease.
    private var oldRings: [(ring: PacketRing, lease: UInt64)] = []
    private(set) var isUp = true
    private var isGone = false
    private var reopeningFailed = false
    /// A socket to ask about the interface.
    private let question: Int32

    init(_ name: String, number: UInt16, _ options: LiveCaptureOptions) throws(CaptureError) {
        self.name = name
        self.number = number
        self.options = options
        question = socket(AF_INET, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        do throws(CaptureError) {
            // First whether it is there and understood: the clearer message.
            isUp = try PacketRing.look(up: name, question).is_up != 0
            filter = try KernelFilter(options.filter, interface: name, snapLength: options.snapLength)
            ring = try PacketRing.open(name, number: number, filter: filter, options: options)
        } catch {
            close(question)
            throw error
        }
    }

    deinit {
        close(question)
    }

    /// What the operator should know before the first packet.
    var advice: [String] {
        var offload = lepton_offload()
        lepton_interface_offload(question, name, &offload)
        return (isUp ? [] : ["\(name): the interface is down; packets are awaited"])
            + InterfaceAdvice.lines(name, offload)
    }

    func replaceFilter(_ filter: KernelFilter) {
        self.filter = filter
        if let ring { _ = filter.attach(to: ring.socket) }
    }

    /// Takes an error off the socket, as the kernel leaves one when the interface goes down.
    func takeError() -> Bool {
        guard let ring else { return false }
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        return getsockopt(ring.socket, SOL_SOCKET, SO_ERROR, &code, &length) == 0 && code != 0
    }

    /// Packets offered to the ring and dropped for want of room since the last call.
    func takeCounters() -> (packets: UInt64, drops: UInt64) {
        guard let ring else { return (0, 0) }
        var packets: UInt32 = 0
        var drops: UInt32 = 0
        guard lepton_take_packet_counters(ring.socket, &packets, &drops) == 0 else { return (0, 0) }
        return (UInt64(packets), UInt64(drops))
    }

    /// Looks whether the interface is there and up; opens a ring when it has come back.
    ///
    /// - Parameter lease: the next lease.
    func check(lease: UInt64) -> (words: String, isLoss: Bool)? {
        _ = takeError()
        var found = lepton_interface()
        let exists = lepton_interface_find(question, name, &found) == 0
        if let ring, !exists || found.index != ring.index {
            if !isGone {
                isGone = true
                isUp = false
                return ("\(name): the interface is gone; its return is awaited", true)
            }
            // What it captured before is still to be read.
            guard ring.nextTime == nil else { return nil }
            oldRings.append((ring, lease))
            self.ring = nil
        }
        if ring == nil {
            guard exists else { return nil }
            do {
                ring = try PacketRing.open(name, number: number, filter: filter, options: options)
                openedAt = lease
                isGone = false
                reopeningFailed = false
                isUp = found.is_up != 0
                return ("\(name): the interface is back, capture goes on", false)
            } catch {
                // Said once: it is tried every second.
                defer { reopeningFailed = true }
                return reopeningFailed ? nil : ("\(error)", false)
            }
        }
        guard isUp != (found.is_up != 0) else { return nil }
        isUp.toggle()
        return isUp
            ? ("\(name): the interface is up again, capture goes on", false)
            : ("\(name): the interface went down; it is awaited", true)
    }

    /// Frees the rings whose frames nobody holds any more.
    func forgetOldRings(leasesReturned: UInt64) {
        if !oldRings.isEmpty { oldRings.removeAll { $0.lease <= leasesReturned } }
    }
}
