// Judges OCSF events.

import NetTypes

/// OCSF 1.8, the classes 2004 and 4001: what they require, what they know, and how identifiers follow from each other.
struct OCSFJudge: FormatJudge {
    private static let base: Set<String> = [
        "activity_id", "activity_name", "category_uid", "category_name", "class_uid", "class_name", "type_uid",
        "type_name",
        "severity_id", "severity", "time", "metadata", "message", "start_time", "end_time", "duration", "count",
        "status_id", "status", "unmapped", "enrichments", "observables", "raw_data", "timezone_offset",
    ]
    private static let finding: Set<String> = [
        "finding_info", "evidences", "anomaly_analyses", "is_alert", "confidence_id", "risk_score", "risk_level_id",
        "remediation", "resources", "comment", "impact_id", "device",
    ]
    private static let activity: Set<String> = [
        "src_endpoint", "dst_endpoint", "connection_info", "traffic", "app_name", "proxy", "tls", "url", "device",
        "is_src_dst_assignment_known",
    ]

    func judge(_ line: ArraySlice<UInt8>, _ result: inout LineJudge) {
        let value: StrictJSON
        do {
            value = try StrictJSON(line)
        } catch {
            return result.check("JSON", false, error.message)
        }
        result.requireKeys(
            [
                "activity_id", "category_uid", "class_uid", "type_uid", "severity_id", "time", "metadata.version",
                "metadata.product",
            ],
            of: value)
        let classID = value["class_uid"]?.whole ?? 0
        let activity = value["activity_id"]?.whole ?? -1
        result.check("identifiers", [2004, 4001].contains(classID), "class_uid \(classID) is neither 2004 nor 4001")
        result.check("identifiers", value["category_uid"]?.whole == classID / 1000, "category_uid is not the class's")
        result.check(
            "identifiers", value["type_uid"]?.whole == classID * 100 + activity,
            "type_uid is not class_uid * 100 + activity_id")
        result.allow(Self.base.union(classID == 2004 ? Self.finding : Self.activity), in: value, of: "class \(classID)")
        for path in ["time", "start_time", "end_time"] { result.counter(path, of: value) }
        result.check(
            "allowed values", value["severity_id"]?.whole.map { (0...6).contains($0) || $0 == 99 } ?? false,
            "severity_id is none of OCSF")
        if classID == 2004 { finding(value, &result) } else { network(value, &result) }
    }

    private func finding(_ value: StrictJSON, _ result: inout LineJudge) {
        result.requireKeys(["finding_info.uid"], of: value)
        result.check(
            "allowed values", value["activity_id"]?.whole.map { (0...3).contains($0) } ?? false,
            "activity_id is none of 2004")
        for evidence in value["evidences"]?.elements ?? [] { endpoints(evidence, &result) }
    }

    private func network(_ value: StrictJSON, _ result: inout LineJudge) {
        result.check(
            "required members", value["src_endpoint"] != nil || value["dst_endpoint"] != nil,
            "neither endpoint is there")
        result.check(
            "allowed values", value["activity_id"]?.whole.map { (0...7).contains($0) } ?? false,
            "activity_id is none of 4001")
        endpoints(value, &result)
        for name in ["bytes", "bytes_in", "bytes_out", "packets", "packets_in", "packets_out"] {
            result.counter("traffic.\(name)", of: value)
        }
        if let all = value["traffic.bytes"]?.whole, let into = value["traffic.bytes_in"]?.whole,
            let out = value["traffic.bytes_out"]?.whole
        {
            result.check("sums", all == into + out, "traffic.bytes is not the sum of both directions")
        }
    }

    private func endpoints(_ value: StrictJSON, _ result: inout LineJudge) {
        for side in ["src_endpoint", "dst_endpoint"] {
            result.address("\(side).ip", of: value)
            result.port("\(side).port", of: value)
        }
        if value["connection_info"] != nil {
            result.check(
                "allowed values", value["connection_info.direction_id"]?.whole.map { (0...3).contains($0) } ?? false,
                "connection_info.direction_id is missing or none of OCSF")
        }
    }
}
