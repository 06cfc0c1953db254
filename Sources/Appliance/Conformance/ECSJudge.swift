// Judges ECS documents.

import Configuration
import NetTypes

/// ECS 9.5: fields that exist or stand under `leptonnet`, their types, values that are allowed, categories with their types.
struct ECSJudge: FormatJudge {
    /// Fields by path: k keyword, n integer, f number, i address, d date, t text, b flag; a capital for a list.
    private static let fields: [String: Character] = [
        "@timestamp": "d", "ecs.version": "k", "message": "t", "event.kind": "k", "event.category": "K",
        "event.type": "K", "event.action": "k", "event.module": "k", "event.provider": "k", "event.dataset": "k",
        "event.id": "k", "event.severity": "n", "event.risk_score": "f", "event.risk_score_norm": "f",
        "event.duration": "n", "event.start": "d", "event.end": "d", "event.reason": "k", "source.address": "k",
        "source.ip": "i", "source.port": "n", "source.bytes": "n", "source.packets": "n", "source.mac": "m",
        "destination.address": "k", "destination.ip": "i", "destination.port": "n", "destination.bytes": "n",
        "destination.packets": "n", "destination.mac": "m", "network.type": "k", "network.iana_number": "k",
        "network.transport": "k", "network.protocol": "k", "network.direction": "k", "network.bytes": "n",
        "network.packets": "n", "network.community_id": "k", "network.vlan.id": "k", "network.inner.vlan.id": "k",
        "observer.vendor": "k", "observer.product": "k", "observer.version": "k", "observer.type": "k",
        "observer.name": "k", "observer.ingress.interface.name": "k", "related.ip": "I", "rule.id": "k",
        "rule.name": "k", "rule.category": "k", "rule.ruleset": "k", "rule.reference": "k", "threat.framework": "k",
        "threat.tactic.id": "K", "threat.tactic.name": "K", "threat.technique.id": "K", "threat.technique.name": "K",
        "threat.technique.subtechnique.id": "K", "threat.technique.subtechnique.name": "K", "dns.type": "k",
        "dns.id": "k", "dns.question.name": "k", "dns.question.type": "k", "dns.response_code": "k",
        "dns.resolved_ip": "I", "tls.version": "k", "tls.version_protocol": "k", "tls.resumed": "b",
        "tls.next_protocol": "k", "tls.client.server_name": "k", "tls.client.ja3": "k", "tls.server.subject": "k",
        "tls.server.issuer": "k", "tls.server.ja3s": "k", "http.version": "k", "http.request.method": "k",
        "http.request.referrer": "k", "http.response.status_code": "n", "http.response.mime_type": "k",
        "url.domain": "k", "url.original": "k", "user_agent.original": "k",
    ]
    private static let kinds: Set<String> = [
        "alert", "asset", "enrichment", "event", "metric", "state", "pipeline_error",
    ]
    private static let types: [String: Set<String>] = [
        "network": ["access", "allowed", "connection", "denied", "end", "info", "protocol", "start"],
        "intrusion_detection": ["allowed", "denied", "info"],
    ]

    func judge(_ line: ArraySlice<UInt8>, _ result: inout LineJudge) {
        let value: StrictJSON
        do {
            value = try StrictJSON(line)
        } catch {
            return result.check("JSON", false, error.message)
        }
        result.requireKeys(["@timestamp", "ecs.version", "event.kind", "event.category", "event.type"], of: value)
        walk(value, "", &result)
        let kind = value["event.kind"]?.string ?? ""
        result.check("allowed values", Self.kinds.contains(kind), "event.kind '\(kind)' is none of ECS")
        let types = (value["event.type"]?.elements ?? []).compactMap(\.string)
        let categories = (value["event.category"]?.elements ?? []).compactMap(\.string)
        for category in categories {
            result.check("allowed values", Self.types[category] != nil, "event.category '\(category)' is not expected")
        }
        for type in types {
            let isPaired = categories.contains { Self.types[$0]?.contains(type) ?? false }
            result.check("categories and types", isPaired, "event.type '\(type)' belongs to none of the categories")
        }
        for path in ["source.port", "destination.port"] { result.port(path, of: value) }
    }

    private func walk(_ value: StrictJSON, _ path: String, _ result: inout LineJudge) {
        guard path != "leptonnet" else { return }
        if case .object(let members) = value, Self.fields[path] == nil {
            for (key, member) in members { walk(member, path.isEmpty ? key : "\(path).\(key)", &result) }
            return
        }
        guard let type = Self.fields[path] else {
            return result.check("known fields", false, "ECS has no field '\(path)' that is expected here")
        }
        result.check("known fields", true, "")
        let isFine =
            if type.isUppercase {
                value.elements.map { $0.allSatisfy { Self.matches($0, Character(type.lowercased())) } } ?? false
            } else {
                Self.matches(value, type)
            }
        result.check("types", isFine, "\(path) has the wrong type or form")
    }

    private static func matches(_ value: StrictJSON, _ type: Character) -> Bool {
        switch (type, value) {
        case ("k", .text), ("t", .text), ("b", .flag), ("f", .integer), ("f", .number): true
        case ("n", .integer(let number)): number >= 0
        case ("i", .text(let text)): IPAddress(text)?.description == text
        case ("d", .text(let text)): text.hasSuffix("Z") && MomentText.timestamp(text) != nil
        case ("m", .text(let text)): text.wholeMatch(of: #/[A-F0-9]{2}(-[A-F0-9]{2}){5,}/#) != nil
        default: false
        }
    }
}
