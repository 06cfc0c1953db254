// A JSON value of which only the text of its scalars matters.

/// A parsed JSON value.
enum JSONValue: Decodable, Sendable {
    /// A string as it is, a number or boolean as text; null is empty.
    case scalar(String)
    case array([JSONValue])
    case object([String: JSONValue])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let members = try? container.decode([String: JSONValue].self) {
            self = .object(members)
        } else if let elements = try? container.decode([JSONValue].self) {
            self = .array(elements)
        } else if let text = try? container.decode(String.self) {
            self = .scalar(text)
        } else if let truth = try? container.decode(Bool.self) {
            self = .scalar(String(truth))
        } else if let number = try? container.decode(Int64.self) {
            self = .scalar(String(number))
        } else {
            self = .scalar("")
        }
    }

    /// The scalars at a dotted path; an array stands for each of its elements.
    func texts(at path: ArraySlice<Substring>) -> [String] {
        switch self {
        case .array(let elements): elements.flatMap { $0.texts(at: path) }
        case .scalar(let text): path.isEmpty ? [text] : []
        case .object(let members):
            path.first.flatMap { members[String($0)] }.map { $0.texts(at: path.dropFirst()) } ?? []
        }
    }

    /// The first scalar at a dotted path.
    func text(_ path: String) -> String? {
        texts(at: path.split(separator: ".")[...]).first
    }
}
