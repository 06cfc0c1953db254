// Fuzz target: pcapng files, mapped and streamed.

import FuzzSupport

@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    CaptureCheck.check(FuzzInput(data, size).rest)
    return 0
}
