// A strict reader of the JSON that a weights file's header may hold, and of no other.

/// Reads one header: an object of tensor entries and at most one object of free text. Every departure from the format is
/// an error with its place.
struct SafetensorsHeaderParser {
    private var json: JSONCursor

    /// A parser of the given range of a file's bytes.
    init(_ bytes: [UInt8], from start: Int, to end: Int) {
        json = JSONCursor(bytes, from: start, to: end)
    }

    mutating func parse() throws(LearningError) -> SafetensorsHeader {
        var header = SafetensorsHeader()
        var names: Set<String> = []
        guard json.peek == UInt8(ascii: "{") else { throw json.fault("the header does not begin with '{'") }
        try json.members { (parser: inout JSONCursor, key: String, offset: Int) throws(LearningError) in
            guard names.insert(key).inserted else {
                throw LearningError(.malformedHeader, "'\(key)' is there twice", offset: offset)
            }
            if key == SafetensorsFile.metadataKey {
                header.metadata = try Self.metadata(&parser)
            } else {
                header.tensors.append(try Self.entry(&parser, name: key, offset: offset))
            }
        }
        try json.finish()
        return header
    }

    private static func metadata(_ json: inout JSONCursor) throws(LearningError) -> [String: String] {
        var metadata: [String: String] = [:]
        try json.members { (json: inout JSONCursor, key: String, offset: Int) throws(LearningError) in
            let value = try json.string()
            guard metadata.updateValue(value, forKey: key) == nil else {
                throw LearningError(.malformedHeader, "'\(key)' is there twice", offset: offset)
            }
        }
        return metadata
    }

    private static func entry(
        _ json: inout JSONCursor, name: String, offset: Int
    ) throws(LearningError) -> SafetensorsHeader.Entry {
        var entry = SafetensorsHeader.Entry(name: name, offset: offset)
        var seen: Set<String> = []
        try json.members { (json: inout JSONCursor, key: String, offset: Int) throws(LearningError) in
            guard seen.insert(key).inserted else {
                throw LearningError(.malformedHeader, "'\(key)' is there twice", offset: offset)
            }
            switch key {
            case "dtype": entry.elementType = try json.string()
            case "shape": entry.shape = try json.numbers()
            case "data_offsets":
                let offsets = try json.numbers()
                guard offsets.count == 2 else {
                    throw LearningError(.malformedHeader, "'data_offsets' are two numbers", offset: offset)
                }
                entry.begin = offsets[0]
                entry.end = offsets[1]
            default:
                throw LearningError(.malformedHeader, "'\(key)' is not known in a tensor", offset: offset)
            }
        }
        guard seen.count == 3 else {
            throw LearningError(
                .malformedHeader, "tensor '\(name)' needs 'dtype', 'shape' and 'data_offsets'", offset: offset)
        }
        return entry
    }
}
