// Fuzz target: Modbus, S7 and MQTT.

import FuzzSupport

@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    Dialogue.run(FuzzInput(data, size), services: [.tcp(502), .tcp(102), .tcp(1883), .tcp(8883)])
    return 0
}
