// Tests: alerts in EVE whose figures are out of all bounds.

import Foundation
import NetTypes
import Testing

@testable import Outputs

@Suite("EVE alerts")
struct EVEAlertTests {
    private func line(scores: [Double]) -> [UInt8] {
        let alert = Alert(
            time: Timestamp(seconds: 1), source: IPAddress(v4: 1), target: IPAddress(v4: 2), sourcePort: 0,
            targetPort: 0, transport: 0, flow: nil, signatureID: 1, signature: "s", category: "c", severity: 1,
            technique: ("T1", "t"), tactic: ("TA1", "ta"), references: [], incident: 1, stage: .opened, alertCount: 1,
            risk: 1, score: 1, threshold: 1,
            contributions: scores.map { Alert.Contribution(feature: "f", value: 1, expected: 1, score: $0) },
            counterfactuals: [])
        var json = JSONWriter()
        EVERenderer(EVEOptions()).render(alert, tunnel: nil, into: &json)
        return json.buffer.withBytes { Array($0) }
    }

    /// The greatest and smallest score that is written: as many millionths as 64 bits hold.
    @Test(
        "Scores beyond what a line can hold are written as the bound on their side, and so is their sum",
        arguments: [
            ([1e300, 1e300], "9223372036854.775807"), ([-1e300, -1e300], "-9223372036854.775808"),
            ([.infinity], "9223372036854.775807"), ([0.25, -1.5], "-1.25"),
        ])
    func bounds(_ scores: [Double], _ sum: String) throws {
        let line = line(scores: scores)
        // As text: a parser would round what a double cannot hold.
        #expect(String(decoding: line, as: UTF8.self).contains("\"score\":\(sum),\"threshold\":1,"))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
        let context = (object["alert"] as? [String: Any])?["context"] as? [String: Any]
        let contributions = (context?["leptonnet"] as? [String: Any])?["contributions"] as? [Any]
        #expect(contributions?.count == scores.count)
    }
}
