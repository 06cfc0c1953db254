// A packet as libndpi wants it: one IP header, one transport header, the payload.

#if NDPI
    import NetTypes

    /// Room for a packet that is put together anew from what the decoder found.
    ///
    /// libndpi reads IP and transport headers by itself. Tunnels, options, extension headers and the length of what was not
    /// captured would be read twice, and differently; here they are gone, and no stage has to keep their places.
    struct RebuiltPacket: ~Copyable {
        private static let capacity = 65_535
        private static let longestHeaders = 40 + 20

        private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 8)
        private var used = 0

        deinit {
            room.deallocate()
        }

        /// Puts a TCP or UDP packet together; the bytes are valid until the next one.
        mutating func rebuild(_ packet: borrowing PacketSummary) -> UnsafeRawBufferPointer {
            used = 0
            let payload = packet.payload.prefix(Self.capacity - Self.longestHeaders)
            let isTCP = packet.key.transport == IPProtocol.tcp
            let length = (isTCP ? 20 : 8) + payload.count
            if packet.key.isIPv6 { appendIPv6(packet, length) } else { appendIPv4(packet, length) }
            append(packet.source.port)
            append(packet.destination.port)
            if isTCP {
                append(packet.sequence)
                append(packet.acknowledgment)
                append(UInt8(5 << 4))
                append(packet.tcpFlags.rawValue)
                append(packet.window)
                append(UInt32(0))
            } else {
                append(UInt16(length))
                append(UInt16(0))
            }
            UnsafeMutableRawBufferPointer(rebasing: room[used...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: payload))
            used += payload.count
            return UnsafeRawBufferPointer(rebasing: room[..<used])
        }

        /// RFC 791, without options and checksum: nobody looks at it.
        private mutating func appendIPv4(_ packet: borrowing PacketSummary, _ length: Int) {
            append(UInt8(0x45))
            append(packet.trafficClass)
            append(UInt16(20 + length))
            append(UInt32(0))
            append(packet.timeToLive)
            append(packet.key.transport)
            append(UInt16(0))
            append(UInt32(truncatingIfNeeded: packet.source.address.low))
            append(UInt32(truncatingIfNeeded: packet.destination.address.low))
        }

        /// RFC 8200, without extension headers.
        private mutating func appendIPv6(_ packet: borrowing PacketSummary, _ length: Int) {
            append(UInt32(6) << 28 | UInt32(packet.trafficClass) << 20)
            append(UInt16(length))
            append(packet.key.transport)
            append(packet.timeToLive)
            append(packet.source.address.high)
            append(packet.source.address.low)
            append(packet.destination.address.high)
            append(packet.destination.address.low)
        }

        /// In network byte order.
        private mutating func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.bigEndian) { bytes in
                UnsafeMutableRawBufferPointer(rebasing: room[used...]).copyMemory(from: bytes)
                used += bytes.count
            }
        }
    }
#endif
