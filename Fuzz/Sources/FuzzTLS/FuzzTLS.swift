// Fuzz target: TLS handshakes, and connections that turn to TLS.

import FuzzSupport

@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    Dialogue.run(FuzzInput(data, size), services: [.tcp(443), .tcp(25), .tcp(8080), .tcp(853)])
    return 0
}
