// EVE `anomaly` events: packets that could not be decoded to their end.

import NetTypes

extension EVERenderer {
    func render(_ message: FaultMessage, at time: Timestamp, into json: inout JSONWriter) {
        begin("anomaly", at: time, flowID: nil, into: &json)
        if message.hasKey {
            let key = message.key
            // A fault in front of the ports leaves them zero.
            let hasPorts = Self.hasPorts(key.transport) && (key.firstPort | key.secondPort) != 0
            let first = (address: key.firstAddress, port: key.firstPort)
            let second = (address: key.secondAddress, port: key.secondPort)
            let (source, destination) = message.sourceIsFirst ? (first, second) : (second, first)
            writeVLANs(of: key, into: &json)
            json.member("src_ip", source.address)
            if hasPorts { json.member("src_port", source.port) }
            json.member("dest_ip", destination.address)
            if hasPorts { json.member("dest_port", destination.port) }
            writeProtocol(of: key, into: &json)
            if key.tunnelDepth > 0 {
                json.beginObject("tunnel")
                json.member("depth", key.tunnelDepth)
                json.endObject()
            }
        }
        json.beginObject("anomaly")
        json.member("type", "decode")
        json.write(key: "event")
        json.buffer.append("\"decoder.")
        json.buffer.append(message.fault.name)
        json.buffer.append(UInt8(ascii: "\""))
        json.endObject()
        writeIdentity(into: &json)
        json.endLine()
    }
}
