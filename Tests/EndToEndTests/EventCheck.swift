// A check of a case: how many events have the given values.

/// Values that an event must have, by dotted path, and how many events of the log must have them all.
struct EventCheck: Decodable, Sendable, CustomStringConvertible {
    let count: Int
    let values: [String: String]

    init(from decoder: any Decoder) throws {
        var texts = try decoder.singleValueContainer().decode([String: String].self)
        guard let count = texts.removeValue(forKey: "count").flatMap({ Int($0) }) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a check needs an integer 'count'"))
        }
        self.count = count
        values = texts
    }

    var description: String {
        values.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
    }

    /// Whether an event has all the values.
    func matches(_ event: JSONValue) -> Bool {
        values.allSatisfy { path, value in
            event.texts(at: path.split(separator: ".")[...]).contains(value)
        }
    }
}
