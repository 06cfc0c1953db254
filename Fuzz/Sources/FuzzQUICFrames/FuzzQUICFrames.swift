// Fuzz target: what stands in QUIC Initial packets once they are opened: frames, and handshakes put together from them.

import FuzzSupport

@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    var input = FuzzInput(data, size)
    // Sealed here: no change to a sealed packet would pass its authentication.
    let datagrams = SealedDatagrams.dialogue(from: &input)
    datagrams.withUnsafeBufferPointer { bytes in
        Dialogue.run(FuzzInput(bytes.baseAddress, bytes.count), services: [.udp(4433)])
    }
    return 0
}
