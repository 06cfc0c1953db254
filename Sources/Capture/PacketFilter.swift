// BPF expressions, by libpcap.

import CPcap
import NetTypes

/// A filter expression of pcap-filter(7), compiled once for every link type it meets.
///
/// One thread at a time may call it; the sources of one merge share it.
public final class PacketFilter: @unchecked Sendable {
    /// What a program for one link type is.
    private struct Program {
        let linkType: LinkType
        /// Nil when the expression has no meaning for the link type: then nothing matches.
        var code: UnsafeMutablePointer<bpf_program>?
        /// libpcap's words when `code` is nil.
        var fault = ""
    }

    /// The expression as the user wrote it.
    public let expression: String
    private var programs: [Program] = []
    /// Index in `programs` of the link type seen last.
    private var recent = 0

    /// - Parameter expression: an expression such as `tcp port 443`; empty matches every packet.
    public init(_ expression: String) {
        self.expression = expression
    }

    deinit {
        for program in programs {
            guard let code = program.code else { continue }
            pcap_freecode(code)
            code.deallocate()
        }
    }

    /// Compiles the expression for a link type, unless that was done before.
    ///
    /// - Throws: `badFilter` with libpcap's words, every time the link type is asked for.
    func prepare(for linkType: LinkType, path: String) throws(CaptureError) {
        let index: Int
        if let known = programs.firstIndex(where: { $0.linkType == linkType }) {
            index = known
        } else {
            index = programs.count
            programs.append(compile(for: linkType))
        }
        guard programs[index].code == nil else { return }
        throw CaptureError(
            code: .badFilter, path: path,
            message: "filter '\(expression)' does not compile for link type \(linkType.label): "
                + "\(programs[index].fault); see pcap-filter(7)")
    }

    private func compile(for linkType: LinkType) -> Program {
        guard let handle = pcap_open_dead(linkType.dataLink, Int32(CaptureLimits.frameLength)) else {
            preconditionFailure("libpcap refuses to start: out of memory")
        }
        defer { pcap_close(handle) }
        let code = UnsafeMutablePointer<bpf_program>.allocate(capacity: 1)
        guard pcap_compile(handle, code, expression, 1, PCAP_NETMASK_UNKNOWN) == 0 else {
            code.deallocate()
            return Program(linkType: linkType, fault: String(cString: pcap_geterr(handle)))
        }
        return Program(linkType: linkType, code: code)
    }

    /// Whether a packet matches. Its link type must have been prepared.
    func matches(_ bytes: UnsafeRawBufferPointer, wireLength: UInt32, linkType: LinkType) -> Bool {
        if programs[recent].linkType != linkType {
            guard let index = programs.firstIndex(where: { $0.linkType == linkType }) else {
                preconditionFailure("filter used for a link type it was not prepared for")
            }
            recent = index
        }
        guard let code = programs[recent].code else { return false }
        // libpcap never reads behind the captured length; an empty packet still needs an address.
        var nothing: UInt8 = 0
        guard let start = bytes.bindMemory(to: UInt8.self).baseAddress else {
            return bpf_filter(code.pointee.bf_insns, &nothing, wireLength, 0) != 0
        }
        return bpf_filter(code.pointee.bf_insns, start, wireLength, UInt32(bytes.count)) != 0
    }
}
