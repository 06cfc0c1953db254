// Fuzz target: DNS messages, over UDP and TCP, on its ports and off.

import FuzzSupport

@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    Dialogue.run(FuzzInput(data, size), services: [.udp(53), .tcp(53), .udp(5353), .udp(40_053)])
    return 0
}
