// Judges CEF lines.

import NetTypes

/// CEF 0: seven header fields, escapes, keys that exist, types of their values, labels of custom fields.
struct CEFJudge: FormatJudge {
    private static let integers: Set<String> = [
        "spt", "dpt", "cnt", "in", "out", "rt", "start", "end", "deviceDirection", "cn1", "cn2", "cn3",
    ]
    private static let addresses: Set<String> = ["src", "dst", "c6a1", "c6a2", "c6a3", "c6a4"]
    private static let texts: Set<String> = [
        "smac", "dmac", "shost", "dhost", "proto", "app", "act", "cat", "externalId", "deviceExternalId", "dvc",
        "dvchost",
        "deviceInboundInterface", "msg", "reason", "outcome", "request", "fname", "suser", "duser", "cs1", "cs2", "cs3",
        "cs4", "cs5", "cs6",
    ]

    func judge(_ line: ArraySlice<UInt8>, _ result: inout LineJudge) {
        guard let text = String(validating: line, as: UTF8.self) else {
            return result.check("UTF-8", false, "the line is not UTF-8")
        }
        result.check(
            "UTF-8", !text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7f },
            "control characters stand in the line")
        let header = Self.header(text)
        result.check("header", header != nil, "there are not seven header fields after CEF:0")
        guard let header else { return }
        result.check(
            "header", Int(header.fields[5]).map { (0...10).contains($0) } ?? false,
            "the severity is no number from 0 to 10")
        guard let pairs = Self.pairs(header.rest) else {
            return result.check("escapes", false, "an escape is unknown, or an equals sign is not escaped")
        }
        result.check("escapes", true, "")
        var seen: Set<String> = []
        for (key, value) in pairs {
            result.check("keys", seen.insert(key).inserted, "the key '\(key)' occurs twice")
            judge(key, value, &result)
        }
        for key in seen where key.wholeMatch(of: #/(cs|cn|cfp|c6a)[1-6]/#) != nil {
            result.check("labels", seen.contains(key + "Label"), "\(key) has no label")
        }
    }

    private func judge(_ key: String, _ value: String, _ result: inout LineJudge) {
        result.check("values", !value.isEmpty, "\(key) is empty")
        if Self.integers.contains(key) {
            result.check("types", Int64(value) != nil, "\(key) is no integer")
        } else if Self.addresses.contains(key) {
            result.check("types", IPAddress(value) != nil, "\(key) is no address")
        } else if key.hasPrefix("cfp"), !key.hasSuffix("Label") {
            result.check("types", Double(value) != nil, "\(key) is no number")
        } else {
            let isLabel = key.wholeMatch(of: #/(cs|cn|cfp|c6a)[1-6]Label/#) != nil
            result.check("keys", Self.texts.contains(key) || isLabel, "the key '\(key)' is not expected")
        }
    }

    /// The six fields after the version, and what follows them.
    private static func header(_ text: String) -> (fields: [String], rest: Substring)? {
        guard text.hasPrefix("CEF:0|") else { return nil }
        var rest = text.dropFirst(6)
        var fields: [String] = []
        while fields.count < 6 {
            var field = ""
            while let character = rest.first, character != "|" {
                rest = rest.dropFirst()
                guard character == "\\" else {
                    field.append(character)
                    continue
                }
                guard let escaped = rest.first, escaped == "|" || escaped == "\\" else { return nil }
                rest = rest.dropFirst()
                field.append(escaped)
            }
            guard !rest.isEmpty else { return nil }
            rest = rest.dropFirst()
            fields.append(field)
        }
        return (fields, rest)
    }

    /// Keys and values of the extension; nil when an escape is wrong.
    private static func pairs(_ text: Substring) -> [(String, String)]? {
        var pairs: [(String, String)] = []
        var rest = text
        while !rest.isEmpty {
            guard let equals = rest.firstIndex(of: "=") else { return nil }
            let key = String(rest[..<equals])
            guard !key.isEmpty, key.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) }) else { return nil }
            rest = rest[rest.index(after: equals)...]
            // A value ends before a space, a word and an equals sign.
            let next = rest.firstMatch(of: #/ [A-Za-z0-9]+=/#)?.range.lowerBound ?? rest.endIndex
            guard let value = unescaped(rest[..<next]) else { return nil }
            pairs.append((key, value))
            rest = next == rest.endIndex ? "" : rest[rest.index(after: next)...]
        }
        return pairs
    }

    private static func unescaped(_ text: Substring) -> String? {
        var result = ""
        var isEscaped = false
        for character in text {
            if isEscaped {
                switch character {
                case "\\", "=": result.append(character)
                case "n": result.append("\n")
                case "r": result.append("\r")
                default: return nil
                }
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else if character == "=" {
                return nil
            } else {
                result.append(character)
            }
        }
        return isEscaped ? nil : result
    }
}
