// Addresses and times in JSON.

import NetTypes
import Pseudonyms

extension LineBuffer {
    /// Appends the canonical text of an address: dotted quad, or RFC 5952.
    @inline(__always)
    mutating func append(_ address: IPAddress) {
        if address.isIPv6 {
            address.withText { append($0) }
        } else {
            append(ipv4: UInt32(truncatingIfNeeded: address.low))
        }
    }

    /// Appends a dotted quad.
    mutating func append(ipv4 bits: UInt32) {
        append(atMost: 15) { cursor in
            cursor.put(octet: bits >> 24)
            cursor.put(UInt8(ascii: "."))
            cursor.put(octet: bits >> 16 & 255)
            cursor.put(UInt8(ascii: "."))
            cursor.put(octet: bits >> 8 & 255)
            cursor.put(UInt8(ascii: "."))
            cursor.put(octet: bits & 255)
        }
    }

    /// Appends a hardware address in lower case with colons.
    mutating func append(_ address: MACAddress) {
        append(atMost: 17) { cursor in
            cursor.put(hexadecimal: address[0])
            for index in 1..<6 {
                cursor.put(UInt8(ascii: ":"))
                cursor.put(hexadecimal: address[index])
            }
        }
    }

    /// Appends date and time of day without a zone, 2026-01-15T09:30:12, and a fraction of `microseconds` if given.
    @inline(__always)
    mutating func append(_ time: CivilTime, microseconds: Int? = nil) {
        append(atMost: 26) { cursor in
            cursor.put(four: time.year)
            cursor.put(UInt8(ascii: "-"))
            cursor.put(pair: time.month)
            cursor.put(UInt8(ascii: "-"))
            cursor.put(pair: time.day)
            cursor.put(UInt8(ascii: "T"))
            cursor.put(pair: time.hour)
            cursor.put(UInt8(ascii: ":"))
            cursor.put(pair: time.minute)
            cursor.put(UInt8(ascii: ":"))
            cursor.put(pair: time.second)
            guard let microseconds else { return }
            cursor.put(UInt8(ascii: "."))
            let upper = microseconds / 10_000
            cursor.put(pair: upper)
            cursor.put(four: microseconds - upper * 10_000)
        }
    }
}

extension JSONWriter {
    /// What is written for an address.
    @inline(__always)
    func shown(_ address: IPAddress) -> IPAddress {
        pseudonyms.map { $0.pseudonym(of: address) } ?? address
    }

    /// What is written for a hardware address.
    @inline(__always)
    func shown(_ address: MACAddress) -> MACAddress {
        pseudonyms.map { $0.pseudonym(of: address) } ?? address
    }

    /// An IP address.
    @inline(__always)
    public mutating func member(_ key: StaticString, _ value: IPAddress) {
        write(key: key)
        quote(value)
    }

    /// A quoted IP address.
    @inline(__always)
    mutating func quote(_ value: IPAddress) {
        buffer.append(UInt8(ascii: "\""))
        buffer.append(shown(value))
        buffer.append(UInt8(ascii: "\""))
    }

    /// An IP address as an element of an array.
    public mutating func element(_ value: IPAddress) {
        separate()
        quote(value)
    }

    /// A hardware address.
    public mutating func member(_ key: StaticString, _ value: MACAddress) {
        write(key: key)
        buffer.append(UInt8(ascii: "\""))
        buffer.append(shown(value))
        buffer.append(UInt8(ascii: "\""))
    }

    /// A moment in EVE's form, with microseconds (truncated) and a zone without a colon:
    /// 2026-01-15T09:30:12.123456+0000.
    public mutating func member(_ key: StaticString, _ value: Timestamp) {
        write(key: key)
        let seconds = value.seconds
        buffer.append(UInt8(ascii: "\""))
        let microseconds = Int(value.nanoseconds &- seconds &* 1_000_000_000) / 1000
        buffer.append(calendar.time(of: seconds), microseconds: microseconds)
        buffer.append("+0000\"")
    }

    /// A moment in the form of ISO 8601 and RFC 3339, with microseconds (truncated): 2026-01-15T09:30:12.123456Z.
    mutating func member(_ key: StaticString, zulu value: Timestamp) {
        write(key: key)
        buffer.append(UInt8(ascii: "\""))
        append(zulu: value)
        buffer.append(UInt8(ascii: "\""))
    }

    /// A moment in the form of RFC 3339.
    mutating func append(zulu value: Timestamp) {
        buffer.append(calendar.time(of: value.seconds), microseconds: Int(value.subsecond / 1000))
        buffer.append(UInt8(ascii: "Z"))
    }

    /// A moment in whole milliseconds since the epoch, rounded towards the past.
    mutating func member(_ key: StaticString, milliseconds value: Timestamp) {
        write(key: key)
        buffer.append(decimal: value.milliseconds)
    }
}

extension Timestamp {
    /// Whole milliseconds since the epoch, rounded towards the past.
    var milliseconds: Int64 { seconds &* 1000 &+ subsecond / 1_000_000 }
}
