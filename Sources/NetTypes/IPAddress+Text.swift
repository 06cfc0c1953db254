// Text form of IP addresses: reading configuration, writing summaries and logs.

extension IPAddress: CustomStringConvertible, LosslessStringConvertible {
    /// Canonical text: dotted quad, or RFC 5952 for IPv6.
    public var description: String {
        var text = [UInt8]()
        text.reserveCapacity(39)
        withText { text.append($0) }
        return String(decoding: text, as: UTF8.self)
    }

    /// Hands out the canonical text (RFC 5952 for IPv6) byte by byte, without allocating.
    @inlinable
    public func withText(_ emit: (UInt8) -> Void) {
        if isIPv6 {
            emitIPv6(emit)
        } else {
            let bits = UInt32(truncatingIfNeeded: low)
            Self.emitDecimal(UInt8(truncatingIfNeeded: bits >> 24), emit)
            for shift in stride(from: 16, through: 0, by: -8) {
                emit(UInt8(ascii: "."))
                Self.emitDecimal(UInt8(truncatingIfNeeded: bits >> shift), emit)
            }
        }
    }

    @inlinable
    static func emitDecimal(_ value: UInt8, _ emit: (UInt8) -> Void) {
        if value >= 100 { emit(48 + value / 100) }
        if value >= 10 { emit(48 + value / 10 % 10) }
        emit(48 + value % 10)
    }

    /// The 16-bit group at `index`, 0 to 7, most significant first.
    @inlinable
    func group(_ index: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> (48 - UInt64(index & 3) * 16))
    }

    @inlinable
    func emitIPv6(_ emit: (UInt8) -> Void) {
        // The longest run of at least two zero groups is written as "::"; the first one wins a tie.
        var best = (start: -1, length: 1)
        var index = 0
        while index < 8 {
            var length = 0
            while index + length < 8, group(index + length) == 0 { length += 1 }
            if length > best.length { best = (index, length) }
            index += max(length, 1)
        }
        index = 0
        while index < 8 {
            if index == best.start {
                emit(UInt8(ascii: ":"))
                emit(UInt8(ascii: ":"))
                index += best.length
                continue
            }
            if index > 0, index != best.start + best.length || best.start < 0 { emit(UInt8(ascii: ":")) }
            Self.emitHexadecimal(group(index), emit)
            index += 1
        }
    }

    @inlinable
    static func emitHexadecimal(_ value: UInt16, _ emit: (UInt8) -> Void) {
        var started = false
        for shift in stride(from: 12, through: 0, by: -4) {
            let nibble = UInt8(truncatingIfNeeded: value >> shift & 15)
            if nibble != 0 || started || shift == 0 {
                started = true
                emit(nibble < 10 ? 48 + nibble : 87 + nibble)
            }
        }
    }

    /// Reads a dotted quad or an IPv6 address, with or without an embedded dotted quad; nil for anything else.
    public init?(_ text: String) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            guard let words = Self.parseIPv6(text) else { return nil }
            self.init(high: words.0, low: words.1, isIPv6: true)
        } else {
            guard let bits = Self.parseIPv4(text[...]) else { return nil }
            self.init(v4: bits)
        }
    }

    static func parseIPv4(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard part.count <= 3, part.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }), let value = UInt8(part) else {
                return nil
            }
            bits = bits << 8 | UInt32(value)
        }
        return bits
    }

    static func parseIPv6(_ text: String) -> (UInt64, UInt64)? {
        let halves = text.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count <= 2, let head = parseGroups(halves[0]) else { return nil }
        var groups = head
        if halves.count == 2 {
            guard let tail = parseGroups(halves[1]), head.count + tail.count < 8 else { return nil }
            groups += [UInt16](repeating: 0, count: 8 - head.count - tail.count) + tail
        }
        guard groups.count == 8 else { return nil }
        func word(_ slice: ArraySlice<UInt16>) -> UInt64 { slice.reduce(0) { $0 << 16 | UInt64($1) } }
        return (word(groups[..<4]), word(groups[4...]))
    }

    private static func parseGroups(_ text: Substring) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups = [UInt16]()
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if part.contains("."), index == parts.count - 1, let bits = parseIPv4(part) {
                groups += [UInt16(truncatingIfNeeded: bits >> 16), UInt16(truncatingIfNeeded: bits)]
            } else {
                guard part.count <= 4, part.utf8.allSatisfy({ $0 != 43 && $0 != 45 }),
                    let value = UInt16(part, radix: 16)
                else { return nil }
                groups.append(value)
            }
        }
        return groups.count <= 8 ? groups : nil
    }
}
