// The judges of logs: what is sound passes, and each fault is found.

import Testing

@testable import Appliance

@Suite("Conformance of logs")
struct ConformanceTests {
    private func faults(_ format: Conformance.Format, _ line: String) -> [String] {
        var conformance = Conformance(format)
        var found: [String] = []
        conformance.judge(Array((line + "\n").utf8)) { found.append("\($0): \($1)") }
        return found
    }

    private static let eve =
        #"{"timestamp":"2026-01-15T09:30:12.123456+0000","event_type":"flow","src_ip":"10.0.0.5","src_port":40112,"#
        + #""dest_ip":"10.0.0.9","dest_port":22,"proto":"TCP","community_id":"1:EXGxOhS6MNZ/VnXBOlKE5hFN6cw=","#
        + #""flow":{"pkts_toserver":1,"start":"2026-01-15T09:30:02.000001+0000","end":"2026-01-15T09:30:12.100000+0000","#
        + #""age":10}}"#
    private static let ecs =
        #"{"@timestamp":"2026-01-15T09:30:12.123456Z","ecs":{"version":"9.5.0"},"event":{"kind":"event","#
        + #""category":["network"],"type":["connection"]},"source":{"ip":"10.0.0.5","mac":"02-00-00-00-00-05"}}"#
    private static let ocsf =
        #"{"time":1768469412123,"category_uid":4,"class_uid":4001,"activity_id":2,"type_uid":400102,"severity_id":1,"#
        + #""metadata":{"version":"1.8.0","product":{}},"src_endpoint":{"ip":"10.0.0.5","port":1},"#
        + #""connection_info":{"direction_id":3}}"#
    private static let cef = #"CEF:0|a|b|1|7|x \| y|5|src=10.0.0.5 cs1=a\=b cs1Label=c msg=two words"#
    private static let syslog = #"<134>1 2026-01-15T09:30:12.123456Z host app - flow [x@1 a="b\]c"] text"#

    @Test(
        "Sound lines have no fault",
        arguments: [
            (Conformance.Format.eve, eve), (.ecs, ecs), (.ocsf, ocsf), (.cef, cef), (.rfc5424, syslog),
            (.rfc5424, "<0>1 - - - - - - \u{feff}Größe"),
        ])
    func sound(_ format: Conformance.Format, _ line: String) {
        #expect(faults(format, line) == [])
    }

    @Test(
        "Each fault is found where one was put",
        arguments: [
            (Conformance.Format.eve, eve, "+0000\",\"event", "Z\",\"event", "has not the form"),
            (.eve, eve, "\"proto\"", "\"protocol\"", "has no member 'protocol'"),
            (.eve, eve, "40112", "99999", "is no port"), (.eve, eve, "40112", "\"1\"", "is no port"),
            (.eve, eve, "10.0.0.5", "10.0.0.05", "no canonical address"),
            (.eve, eve, "\"age\":10", "\"age\":11", "whole seconds"),
            (.eve, eve, "\"pkts_toserver\":1", "\"pkts_toserver\":-1", "no counter"),
            (.eve, eve, "\"pkts_toserver\":1", "\"pkts_toserver\":1e3", "no counter"),
            (.eve, eve, "EXGx", "EXGy", "by the addresses"),
            (.eve, eve, "\"age\":10", "\"age\":10,\"age\":10", "occurs twice"),
            (.ecs, ecs, "\"connection\"", "\"allowedx\"", "belongs to none"),
            (.ecs, ecs, "02-00", "02:00", "wrong type or form"),
            (.ecs, ecs, "\"mac\"", "\"hw\"", "no field 'source.hw'"),
            (.ecs, ecs, "[\"network\"]", "\"network\"", "wrong type"),
            (.ocsf, ocsf, "400102", "400101", "type_uid"), (.ocsf, ocsf, "1768469412123", "\"now\"", "no counter"),
            (.ocsf, ocsf, "\"direction_id\":3", "\"x\":3", "direction_id"),
            (.ocsf, ocsf, "\"severity_id\"", "\"severities\"", "severity_id"),
            (.cef, cef, #"a\=b"#, "a=b", "escape"), (.cef, cef, "|5|", "|11|", "severity"),
            (.cef, cef, "cs1Label=c ", "", "no label"),
            (.cef, cef, "10.0.0.5", "nobody", "no address"), (.cef, cef, "msg=", "note=", "not expected"),
            (.rfc5424, syslog, "<134>", "<192>", "<0> to <191>"), (.rfc5424, syslog, "<134>", "<034>", "<0> to <191>"),
            (.rfc5424, syslog, #"b\]c"#, "b]c", "malformed"), (.rfc5424, syslog, ".123456Z", ".1234567Z", "timestamp"),
            (.rfc5424, syslog, "text", "Größe", "byte order mark"),
        ])
    func faulty(_ format: Conformance.Format, _ line: String, _ old: String, _ new: String, _ words: String) {
        let changed = line.replacing(old, with: new)
        #expect(changed != line)
        let found = faults(format, changed)
        #expect(found.contains { $0.contains(words) }, "\(found)")
    }
}
