// Fuzz target: SSH banners.

import FuzzSupport

@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    Dialogue.run(FuzzInput(data, size), services: [.tcp(22), .tcp(2222), .tcp(443), .tcp(53)])
    return 0
}
