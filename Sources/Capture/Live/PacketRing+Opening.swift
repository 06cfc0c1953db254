// Opening a ring on an interface.

import CLinux
import Glibc
import NetTypes

extension PacketRing {
    /// Opens a packet socket with a ring and begins to capture.
    ///
    /// - Parameters:
    ///   - number: the interface's place among those captured.
    /// - Throws: a `CaptureError` that says what to do.
    static func open(
        _ name: String, number: UInt16, filter: KernelFilter, options: LiveCaptureOptions
    ) throws(CaptureError) -> PacketRing {
        let descriptor = Glibc.socket(AF_PACKET, Int32(SOCK_RAW.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw failure(name, errno) }
        do throws(CaptureError) {
            let interface = try look(up: name, descriptor)
            let blocks = try request(descriptor, name, options)
            let code = filter.attach(to: descriptor)
            guard code == 0 else { throw failure(name, code) }
            try bind(descriptor, name, interface.index)
            if options.isPromiscuous { try listenToAll(descriptor, name, interface.index) }
            let length = blocks * blockBytes
            let memory = mmap(nil, length, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
            guard let memory, memory != MAP_FAILED else { throw failure(name, errno) }
            return PacketRing(
                name: name, socket: descriptor, index: interface.index,
                linkType: LinkType(rawValue: UInt16(interface.link_type)), memory: memory, blockCount: blocks,
                interface: number)
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// What an interface is, checked for what can be captured.
    static func look(up name: String, _ descriptor: Int32) throws(CaptureError) -> lepton_interface {
        var found = lepton_interface()
        let code = lepton_interface_find(descriptor, name, &found)
        if code == ENODEV || code == ENAMETOOLONG {
            throw CaptureError(.notFound, path: name, "there is no such interface; `ip link` lists them")
        }
        guard code == 0 else { throw failure(name, code) }
        guard found.link_type >= 0 else {
            throw CaptureError(
                .unsupportedLinkType, path: name,
                "hardware of kind \(found.hardware) is not understood; capture on an Ethernet, loopback or tun interface"
            )
        }
        return found
    }

    private static func request(
        _ descriptor: Int32, _ name: String, _ options: LiveCaptureOptions
    ) throws(CaptureError) -> Int {
        try set(descriptor, SOL_PACKET, PACKET_VERSION, Int32(TPACKET_V3.rawValue), name)
        // Room for a VLAN tag in front of every frame.
        try set(descriptor, SOL_PACKET, PACKET_RESERVE, 4, name)
        // Times are taken when a packet arrives, not when this socket gets its copy: every capture on the machine then
        // sees the same time.
        try set(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, 1, name)
        let blocks = max(4, options.ringBytes / blockBytes)
        var request = tpacket_req3()
        request.tp_block_size = UInt32(blockBytes)
        request.tp_block_nr = UInt32(blocks)
        request.tp_frame_size = 2048
        request.tp_frame_nr = UInt32(blocks * (blockBytes / 2048))
        request.tp_retire_blk_tov = retirement
        let size = socklen_t(MemoryLayout<tpacket_req3>.size)
        guard setsockopt(descriptor, SOL_PACKET, PACKET_RX_RING, &request, size) == 0 else {
            throw errno == ENOMEM
                ? CaptureError(.unreadable, path: name, "no memory for a ring of \(blocks) MiB; name less (--ring)")
                : failure(name, errno)
        }
        return blocks
    }

    private static func bind(_ descriptor: Int32, _ name: String, _ index: Int32) throws(CaptureError) {
        var found = lepton_interface()
        if lepton_interface_find(descriptor, name, &found) == 0, found.is_loopback != 0 {
            // What leaves through the loopback comes in again: it is seen once.
            try set(descriptor, SOL_PACKET, PACKET_IGNORE_OUTGOING, 1, name)
        }
        var address = sockaddr_ll()
        address.sll_family = UInt16(AF_PACKET)
        address.sll_protocol = UInt16(ETH_P_ALL).bigEndian
        address.sll_ifindex = index
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_ll>.size))
            }
        }
        // An interface that is down is waited for.
        guard result == 0 || errno == ENETDOWN else { throw failure(name, errno) }
    }

    private static func listenToAll(_ descriptor: Int32, _ name: String, _ index: Int32) throws(CaptureError) {
        var request = packet_mreq()
        request.mr_ifindex = index
        request.mr_type = UInt16(PACKET_MR_PROMISC)
        let size = socklen_t(MemoryLayout<packet_mreq>.size)
        guard setsockopt(descriptor, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &request, size) == 0 else {
            throw failure(name, errno)
        }
    }

    private static func set(
        _ descriptor: Int32, _ level: Int32, _ option: Int32, _ value: Int32, _ name: String
    ) throws(CaptureError) {
        var value = value
        guard setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size)) == 0 else {
            throw failure(name, errno)
        }
    }

    private static func failure(_ name: String, _ code: Int32) -> CaptureError {
        let words = String(cString: strerror(code))
        let text = words.prefix(1).lowercased() + words.dropFirst()
        guard code == EPERM || code == EACCES else {
            return CaptureError(.unreadable, path: name, "cannot be captured on: \(text)")
        }
        return CaptureError(
            .unreadable, path: name,
            "capturing needs the capability CAP_NET_RAW; run as root, or as the service that the package installs")
    }
}
