// Filters that the kernel runs.

import CLinux
import CPcap
import Glibc
import NetTypes

/// A classic BPF program for a packet socket, made by libpcap.
///
/// It is compiled for the interface itself, because an expression about VLANs has to look at what the kernel keeps
/// beside the packet: it takes the tag off before a filter sees it.
final class KernelFilter: @unchecked Sendable {
    private let program: UnsafeMutablePointer<bpf_program>

    /// - Parameters:
    ///   - expression: nil or empty lets everything pass.
    ///   - snapLength: how much of a packet is kept, which is what a filter's verdict says.
    /// - Throws: `badFilter` with libpcap's words.
    init(_ expression: String?, interface: String, snapLength: Int) throws(CaptureError) {
        var words = [CChar](repeating: 0, count: Int(PCAP_ERRBUF_SIZE))
        guard let handle = pcap_create(interface, &words) else {
            throw CaptureError(.unreadable, path: interface, "cannot be opened: \(Self.text(words))")
        }
        defer { pcap_close(handle) }
        pcap_set_snaplen(handle, Int32(snapLength))
        // The handle only compiles: it needs no ring worth its name.
        pcap_set_buffer_size(handle, 1 << 16)
        let status = pcap_activate(handle)
        guard status >= 0 else {
            let mend = status == PCAP_ERROR_PERM_DENIED ? "; capturing needs root or CAP_NET_RAW" : ""
            throw CaptureError(
                .unreadable, path: interface, "cannot be opened: \(String(cString: pcap_geterr(handle)))\(mend)")
        }
        // A local until it is sound: `deinit` also runs when an initializer throws after the last property was set.
        let compiled = UnsafeMutablePointer<bpf_program>.allocate(capacity: 1)
        guard pcap_compile(handle, compiled, expression ?? "", 1, PCAP_NETMASK_UNKNOWN) == 0 else {
            let fault = String(cString: pcap_geterr(handle))
            compiled.deallocate()
            throw CaptureError(
                code: .badFilter, path: interface,
                message: "filter '\(expression ?? "")' does not compile: \(fault); see pcap-filter(7)")
        }
        program = compiled
    }

    deinit {
        pcap_freecode(program)
        program.deallocate()
    }

    /// Attaches the program to a packet socket in place of the one before. Returns 0, or an error number.
    func attach(to socket: Int32) -> Int32 {
        lepton_attach_filter(socket, program.pointee.bf_insns, UInt16(program.pointee.bf_len))
    }

    private static func text(_ words: [CChar]) -> String {
        String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
