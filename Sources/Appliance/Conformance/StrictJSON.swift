// JSON as a judge reads it.

/// A JSON value that keeps what lenient readers lose: whether a number is an integer, and keys that occur twice.
enum StrictJSON: Equatable {
    case null
    case flag(Bool)
    case integer(Int64)
    /// A number with fraction, with exponent or beyond 64 bits.
    case number(String)
    case text(String)
    case array([StrictJSON])
    case object([String: StrictJSON])

    /// Where and why text is no JSON.
    struct Fault: Error {
        var message: String
    }

    init(_ bytes: ArraySlice<UInt8>) throws(Fault) {
        self = try bytes.withUnsafeBufferPointer { bytes throws(Fault) in
            var reader = StrictJSONReader(bytes)
            return try reader.document()
        }
    }

    /// The value behind a path such as `alert.severity`; nil when there is none.
    subscript(path: String) -> StrictJSON? {
        if !path.utf8.contains(UInt8(ascii: ".")) { return members?[path] }
        var value = self
        for part in path.split(separator: ".") {
            guard case .object(let members) = value, let next = members[String(part)] else { return nil }
            value = next
        }
        return value
    }

    var members: [String: StrictJSON]? {
        if case .object(let members) = self { members } else { nil }
    }

    var elements: [StrictJSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    var string: String? {
        if case .text(let text) = self { text } else { nil }
    }

    var whole: Int64? {
        if case .integer(let value) = self { value } else { nil }
    }
}
