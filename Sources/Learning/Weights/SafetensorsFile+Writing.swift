// From tensors to bytes.

extension SafetensorsFile {
    /// The file's bytes. The same tensors and metadata always give the same bytes.
    public var bytes: [UInt8] {
        var header = "{"
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }.map { "\(Self.quoted($0.key)):\(Self.quoted($0.value))" }
            header += "\(Self.quoted(Self.metadataKey)):{\(pairs.joined(separator: ","))}"
        }
        var end = 0
        for tensor in tensors {
            let start = end
            end += tensor.values.count * 4
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            header += header.utf8.count > 1 ? "," : ""
            header += "\(Self.quoted(tensor.name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],"
            header += "\"data_offsets\":[\(start),\(end)]}"
        }
        header += "}"
        header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)

        var bytes: [UInt8] = []
        bytes.reserveCapacity(8 + header.utf8.count + end)
        var length = UInt64(header.utf8.count)
        for _ in 0..<8 {
            bytes.append(UInt8(truncatingIfNeeded: length))
            length >>= 8
        }
        bytes += header.utf8
        for tensor in tensors {
            for value in tensor.values {
                let pattern = value.bitPattern
                bytes.append(UInt8(truncatingIfNeeded: pattern))
                bytes.append(UInt8(truncatingIfNeeded: pattern >> 8))
                bytes.append(UInt8(truncatingIfNeeded: pattern >> 16))
                bytes.append(UInt8(truncatingIfNeeded: pattern >> 24))
            }
        }
        return bytes
    }

    /// A JSON string.
    private static func quoted(_ text: String) -> String {
        let digits = Array("0123456789abcdef")
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                result += "\\"
                result.unicodeScalars.append(scalar)
            case "\u{0}"..<"\u{20}":
                result += "\\u00"
                result.append(digits[Int(scalar.value >> 4)])
                result.append(digits[Int(scalar.value & 15)])
            default:
                result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
