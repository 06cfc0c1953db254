// Fuzz target: HTTP/1 exchanges.

import FuzzSupport

@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    Dialogue.run(FuzzInput(data, size), services: [.tcp(80), .tcp(8080), .tcp(3128), .tcp(443)])
    return 0
}
