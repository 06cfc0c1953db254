// Messages in every format: what they hold, how they are escaped, who is hidden in them.

import Foundation
import NetTypes
import Pseudonyms
import TestSupport
import Testing

@testable import Outputs

@Suite("Message formats")
struct MessageFormatTests {
    private func alert(_ signature: String = "LEPTON Test", category: String = "Potentially Bad Traffic") -> Alert {
        sampleAlert(sampleFlow(), signature, category: category)
    }

    private func kept(_ alert: Alert) -> KeptEvents {
        var annotations = FlowAnnotations()
        annotations.raise(alert)
        annotations.markAlerted()
        var keeper = EventKeeper(wanted: .all, AnnotationReader(annotations))
        keeper.keep(closed(sampleFlow()), at: 0)
        return keeper.finish()!
    }

    private func render(
        _ format: OutputFormat, _ kept: KeptEvents, header: SyslogHeader? = nil, limit: Int = .max,
        pseudonyms: [UInt8]? = nil
    ) -> [String] {
        var options = EVEOptions()
        options.host = "probe-1"
        let renderer = MessageRenderer(format, options, header: header, limit: limit, pseudonyms: pseudonyms)
        var buffer = MessageBuffer()
        var lines: [String] = []
        renderer.render(kept, into: &buffer) { _ in
        } handOn: { messages in
            for index in 0..<messages.count {
                lines.append(messages.withMessage(index) { String(decoding: $0, as: UTF8.self) })
            }
        }
        return lines
    }

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test("An alert and its flow become two messages with the same identifiers in every format")
    func identifiers() throws {
        let events = kept(alert())
        let eve = try render(.eve, events).map(object)
        let ecs = try render(.ecs, events).map(object)
        let ocsf = try render(.ocsf, events).map(object)
        let cef = render(.cef, events)
        let context = (eve[0]["alert"] as? [String: Any])?["context"] as? [String: Any]
        let first = (context?["leptonnet"] as? [String: Any])?["event_id"] as? String
        let bits = (eve[1]["metadata"] as? [String: Any])?["flowbits"] as? [String]
        let second = bits?.first?.replacingOccurrences(of: "leptonnet.event.", with: "")
        #expect(first?.count == 32 && second?.count == 32 && first != second)
        for (index, id) in [first, second].enumerated() {
            #expect((ecs[index]["event"] as? [String: Any])?["id"] as? String == id)
            #expect((ocsf[index]["metadata"] as? [String: Any])?["uid"] as? String == id)
            #expect(cef[index].contains("externalId=\(id ?? "none") "))
        }
    }

    @Test("Times have each format's form: nanoseconds become what it can hold, rounded towards the past")
    func times() throws {
        let events = kept(alert())
        let ecs = try object(render(.ecs, events)[1])
        #expect((ecs["event"] as? [String: Any])?["duration"] as? Int == 10_099_999_000)
        #expect((ecs["event"] as? [String: Any])?["start"] as? String == "2026-01-15T09:30:02.000001Z")
        let ocsf = try object(render(.ocsf, events)[1])
        #expect(ocsf["start_time"] as? Int == 1_768_469_402_000)
        #expect(ocsf["end_time"] as? Int == 1_768_469_412_100)
        #expect(render(.cef, events)[1].contains(" start=1768469402000 end=1768469412100 "))
    }

    @Test(
        "Hostile text comes out of JSON as it went in, and of CEF unescaped",
        arguments: [
            "a|b=c\\d", "line\nbreak\rreturn", "\"quoted\"]", "ünï → 日本 \u{1F600}", "\u{202e}turned", "=|\\=|\\",
        ])
    func hostile(_ text: String) throws {
        let events = kept(alert(text, category: text))
        for header in [nil, SyslogHeader(host: "probe-1")] {
            for message in [render(.ecs, events, header: header)[0], render(.ocsf, events, header: header)[0]] {
                let start = try #require(message.firstIndex(of: "{"))
                if header != nil { #expect(message.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7f }) }
                let value = try object(String(message[start...]))
                #expect(value["message"] as? String == text)
            }
        }
        let cef = render(.cef, events)[0]
        #expect(!cef.contains("\n") && !cef.contains("\r") && !cef.unicodeScalars.contains("\u{202e}"))
        let value = cef.components(separatedBy: " cat=")[1].components(separatedBy: " act=")[0]
        let plain = value.replacingOccurrences(of: "\\\\", with: "\u{1}").replacingOccurrences(of: "\\=", with: "=")
            .replacingOccurrences(of: "\\n", with: "\n").replacingOccurrences(of: "\\r", with: "\r")
            .replacingOccurrences(of: "\u{1}", with: "\\")
        if !text.unicodeScalars.contains("\u{202e}") { #expect(plain == text) }
        // The name is the sixth field of the header, whatever bars it has; those after the seventh are the extension's.
        let bar = "\u{2}"
        let fields = cef.replacingOccurrences(of: "\\\\", with: "\u{1}").replacingOccurrences(of: "\\|", with: bar)
            .split(separator: "|", maxSplits: 7, omittingEmptySubsequences: false)
        #expect(fields.count == 8)
        let name = fields[5].replacingOccurrences(of: bar, with: "|").replacingOccurrences(of: "\u{1}", with: "\\")
        if text.allSatisfy({ $0.isASCII && !$0.isNewline }) { #expect(name == text) }
    }

    @Test("A syslog message carries priority, identifier and level; other characters than ASCII get a byte order mark")
    func syslog() {
        let header = SyslogHeader(facility: 16, host: "probe 1", application: "leptonnet", enterprise: 32473)
        let events = kept(alert("Größe"))
        let eve = render(.eve, events, header: header)[0]
        #expect(eve.hasPrefix("<131>1 2026-01-15T09:30:12.100000Z probe?1 leptonnet - alert [leptonnet@32473 id=\""))
        #expect(eve.contains("level=\"high\"] {\"timestamp\""))
        #expect(!eve.unicodeScalars.contains("\u{feff}"))
        #expect(render(.cef, events, header: header)[0].contains("] \u{feff}CEF:0|"))
        #expect(!render(.cef, kept(alert()), header: header)[0].unicodeScalars.contains("\u{feff}"))
    }

    @Test("Values of structured data have quotation mark, backslash and closing bracket escaped")
    func structuredData() {
        var buffer = LineBuffer()
        Array("a\"b\\c]d".utf8).withUnsafeBytes { buffer.append(structured: $0) }
        #expect(buffer.withBytes { String(decoding: $0, as: UTF8.self) } == "a\\\"b\\\\c\\]d")
    }

    @Test("A message that would be too long comes without its explanation; one that is too long even so is counted")
    func limits() throws {
        let events = kept(alert(String(repeating: "long ", count: 100)))
        let full = render(.eve, events)[0]
        let short = render(.eve, events, limit: full.utf8.count - 1)[0]
        #expect(short.utf8.count < full.utf8.count)
        #expect(!short.contains("contributions"))
        _ = try object(short)
        #expect(render(.eve, events, limit: 100).isEmpty)
    }

    @Test("Octet counting puts the length in bytes before each message, lines end each one")
    func framing() {
        var messages = MessageBuffer()
        for text in ["abc", "ünï"] { Array(text.utf8).withUnsafeBytes { messages.append($0, isAlert: false) } }
        var buffer = LineBuffer()
        MessageFraming.octets.append(messages, to: &buffer)
        #expect(buffer.withBytes { String(decoding: $0, as: UTF8.self) } == "3 abc5 ünï")
        buffer.clear()
        MessageFraming.lines.append(messages, to: &buffer)
        #expect(buffer.withBytes { String(decoding: $0, as: UTF8.self) } == "abc\nünï\n")
    }

    @Test("With pseudonyms no address of the flow stands in any message, and Community IDs are those of the pseudonyms")
    func pseudonyms() throws {
        let key = (0..<32).map { UInt8($0) }
        let hidden = AddressPseudonyms(key: key)
        let events = kept(alert("from 10.0.0.5 to 10-0-0-9.example"))
        for format in [OutputFormat.eve, .supplement, .ecs, .ocsf, .cef] {
            let plain = render(format, events)
            let messages = render(format, events, pseudonyms: key)
            #expect(messages.count == plain.count)
            for message in messages {
                #expect(!message.contains("10.0.0.5") && !message.contains("10.0.0.9") && !message.contains("10-0-0-9"))
            }
        }
        let line = try object(render(.eve, events, pseudonyms: key)[1])
        let source = try #require((line["src_ip"] as? String).flatMap { IPAddress($0) })
        #expect(source == hidden.pseudonym(of: try #require(IPAddress("10.0.0.5"))))
        let target = try #require((line["dest_ip"] as? String).flatMap { IPAddress($0) })
        let computed = CommunityID().digest(
            transport: 6, source: source, sourcePort: 40112, destination: target, destinationPort: 22)
        #expect(line["community_id"] as? String == CommunityID.text(computed))
    }

    @Test(
        "Addresses inside text are found in their usual clothes",
        arguments: [
            ("http://10.1.2.3:80/x", true), ("ip-10-1-2-3.ec2.internal", true), ("3.2.1.10.in-addr.arpa", true),
            ("version 1.2.3", false), ("10.1.2.3.4", true), ("[fe80::1]:443", true), ("2.1.10.in-addr.arpa", true),
            ("12:30:45", false), ("plain.example", false), ("300.1.2.3", false),
        ])
    func text(_ text: String, _ isFound: Bool) {
        let pseudonyms = AddressPseudonyms(key: (0..<32).map { UInt8($0) })
        let replaced = Array(text.utf8).withUnsafeBytes { AddressText.replace(in: $0, by: pseudonyms) }
        #expect((String(decoding: replaced, as: UTF8.self) != text) == isFound)
    }

    @Test("A part of a reverse zone gets the part of the whole address's pseudonym")
    func zones() {
        let pseudonyms = AddressPseudonyms(key: (0..<32).map { UInt8($0) })
        let shown = { (text: String) in
            String(
                decoding: Array(text.utf8).withUnsafeBytes { AddressText.replace(in: $0, by: pseudonyms) },
                as: UTF8.self)
        }
        let whole = shown("3.2.1.10.in-addr.arpa")
        #expect(whole.hasSuffix("." + shown("2.1.10.in-addr.arpa")))
        let address = pseudonyms.pseudonym(of: IPAddress("10.1.2.3")!).description
        #expect(whole == address.split(separator: ".").reversed().joined(separator: ".") + ".in-addr.arpa")
    }
}
