// The request methods by which HTTP/1 is recognised.

/// Methods of RFC 9110, WebDAV (RFC 4918 and relatives) and a few that common software sends.
enum HTTPMethod {
    private static let names: InlineArray<26, StaticString> = [
        "GET", "POST", "HEAD", "PUT", "OPTIONS", "DELETE", "CONNECT", "PATCH", "TRACE", "PROPFIND", "PROPPATCH",
        "MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "REPORT", "SEARCH", "SUBSCRIBE", "UNSUBSCRIBE", "NOTIFY",
        "M-SEARCH", "BITS_POST", "CCM_POST", "RPC_IN_DATA", "RPC_OUT_DATA",
    ]

    static func isKnown(_ word: ApplicationReader) -> Bool {
        for index in names.indices {
            let name = names[index]
            if word.remaining == name.utf8CodeUnitCount, word.starts(with: name) { return true }
        }
        return false
    }

    /// Whether bytes begin with a method and a space; nil when they end before that can be told.
    static func begins(_ bytes: ApplicationReader) -> Bool? {
        guard let first = bytes.peek() else { return nil }
        // All methods begin with one of these letters; most other traffic does not.
        guard first >= UInt8(ascii: "B"), first <= UInt8(ascii: "U") else { return false }
        var mayFollow = false
        for index in names.indices {
            let name = names[index]
            let common = bytes.commonPrefix(with: name)
            if common == name.utf8CodeUnitCount {
                guard let next = bytes.peek(common) else {
                    mayFollow = true
                    continue
                }
                if next == UInt8(ascii: " ") { return true }
            } else if common == bytes.remaining {
                mayFollow = true
            }
        }
        return mayFollow ? nil : false
    }
}
