// Fuzz target: lines of SMTP and FTP, which may turn to TLS, and connections through a proxy.

import FuzzSupport

@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    Dialogue.run(FuzzInput(data, size), services: [.tcp(25), .tcp(21), .tcp(3128), .tcp(587)])
    return 0
}
