// Fuzz target: DHCP messages.

import FuzzSupport

@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    Dialogue.run(FuzzInput(data, size), services: [.udp(67), .udp(68), .udp(4011), .udp(53)])
    return 0
}
