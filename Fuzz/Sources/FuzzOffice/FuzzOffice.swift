// Fuzz target: SMB, DCE/RPC and the opening of RDP.

import FuzzSupport

@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    Dialogue.run(FuzzInput(data, size), services: [.tcp(445), .tcp(3389), .tcp(135), .tcp(139)])
    return 0
}
