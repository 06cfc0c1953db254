// The classes of a site file.

import Advice
import Configuration
import NetTypes

extension SiteFile {
    static func readClasses(_ node: ConfigurationNode, into site: inout Site) throws(ConfigurationError) {
        try node.allow(SiteClass.names)
        for (index, name) in SiteClass.names.enumerated() {
            guard let value = try node.value(name) else { continue }
            try value.allow(["guarantee", "ceiling", "dscp", "ports"])
            var entry = site.classes[index]
            if let part = try value.value("guarantee") { entry.guarantee = try part.share() }
            if let part = try value.value("ceiling") {
                entry.ceiling = try part.share()
                guard entry.ceiling >= entry.guarantee else { throw part.error("the ceiling is below the guarantee") }
            }
            entry.ceiling = max(entry.ceiling, entry.guarantee)
            if let part = try value.value("dscp") {
                entry.codePoints = []
                for element in try part.elements() { entry.codePoints.append(try element.codePoint()) }
            }
            if let part = try value.value("ports") {
                entry.services = []
                for element in try part.elements() { entry.services.append(try element.service()) }
                guard entry.services.count <= 64 else { throw part.error("at most 64 ports a class") }
            }
            site.classes[index] = entry
        }
        guard site.classes.reduce(0, { $0 + $1.guarantee }) <= 1_000_000 else {
            throw node.error("the guarantees of all classes add up to more than 100%")
        }
        var points: Set<UInt8> = []
        var services: Set<SiteClass.Service> = []
        for (name, entry) in zip(SiteClass.names, site.classes) {
            guard entry.codePoints.allSatisfy({ points.insert($0).inserted }),
                entry.services.allSatisfy({ services.insert($0).inserted })
            else { throw node.error("class '\(name)' claims a code point or port of a class before it") }
        }
    }
}

extension ConfigurationNode {
    /// The value of a key that must be there.
    func required(_ key: String) throws(ConfigurationError) -> ConfigurationNode {
        guard let value = try value(key) else { throw error("expected `\(key)` here") }
        return value
    }

    func address() throws(ConfigurationError) -> IPAddress {
        let text = try text()
        guard let address = IPAddress(text) else { throw error("'\(text)' is no IP address") }
        return address
    }

    func prefix() throws(ConfigurationError) -> IPPrefix {
        let text = try text()
        guard let prefix = IPPrefix(text) else {
            throw error("'\(text)' is neither an address nor a range such as 10.0.0.0/8 (bits after the length zero)")
        }
        return prefix
    }

    func prefixes() throws(ConfigurationError) -> [IPPrefix] {
        var prefixes: [IPPrefix] = []
        for element in try elements() { prefixes.append(try element.prefix()) }
        return prefixes
    }

    /// A differentiated services code point by name (RFC 2474, 2597, 3246, 5865, 8622) or number.
    fileprivate func codePoint() throws(ConfigurationError) -> UInt8 {
        let text = try text().lowercased()
        var names: [String: UInt8] = ["ef": 46, "va": 44, "le": 1]
        for selector in UInt8(0)..<8 { names["cs\(selector)"] = selector * 8 }
        for group in UInt8(1)...4 {
            for precedence in UInt8(1)...3 { names["af\(group)\(precedence)"] = group * 8 + precedence * 2 }
        }
        if let point = names[text] { return point }
        guard let point = UInt8(text), point < 64 else {
            throw error("'\(text)' is no code point; write for example ef, cs5, af41 or 0 to 63")
        }
        return point
    }

    fileprivate func service() throws(ConfigurationError) -> SiteClass.Service {
        let text = try text()
        let parts = text.split(separator: "/")
        guard parts.count == 2, let transport = ["tcp": IPProtocol.tcp, "udp": IPProtocol.udp][String(parts[0])],
            let port = UInt16(parts[1]), port > 0
        else { throw error("'\(text)' is no port; write for example tcp/443 or udp/5060") }
        return SiteClass.Service(transport: transport, port: port)
    }
}
