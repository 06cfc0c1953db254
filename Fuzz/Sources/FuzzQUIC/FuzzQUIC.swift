// Fuzz target: QUIC hellos, also spread over packets, and SNMP.

import FuzzSupport

@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    Dialogue.run(FuzzInput(data, size), services: [.udp(4433), .udp(4434), .udp(161), .udp(443)])
    return 0
}
