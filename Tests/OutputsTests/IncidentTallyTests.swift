// Tests of the incidents in the summary.

import NetTypes
import Testing

@testable import Outputs

@Suite("Incidents of a summary")
struct IncidentTallyTests {
    private func alert(
        _ incident: UInt64, risk: Int, count: Int = 1, signature: String = "LEPTON Scan", severity: UInt8 = 2
    ) -> Alert {
        Alert(
            time: Timestamp(seconds: 1_768_478_400 + Int64(count)), source: IPAddress("10.0.0.5")!,
            target: IPAddress("10.0.0.9")!, sourcePort: 50_000, targetPort: 22, transport: IPProtocol.tcp, flow: nil,
            signatureID: 1, signature: signature, category: "", severity: severity, technique: ("T1046", "Scan"),
            tactic: ("TA0007", "Discovery"), references: [], incident: incident, stage: count == 1 ? .opened : .updated,
            alertCount: count, risk: risk, score: 5, threshold: 4, contributions: [], counterfactuals: [])
    }

    private func report(_ tally: IncidentTally?, isLearning: Bool = false) -> SummaryReport {
        var totals = RunTotals(decode: DecodeCounters(), table: TableCounters(), first: nil, last: nil)
        totals.incidents = tally
        totals.isLearning = isLearning
        return TrafficSummary().report(totals)
    }

    @Test(
        "An incident's most severe alert speaks for it, though its risk goes on growing, and the riskiest incident comes first"
    )
    func order() {
        var tally = IncidentTally()
        tally.note(alert(0x6964_b9fc_0000_0001, risk: 40))
        tally.note(alert(0x6964_b9fc_0000_0002, risk: 60))
        tally.note(alert(0x6964_b9fc_0000_0001, risk: 80, count: 2, signature: "LEPTON Worm"))
        tally.note(alert(0x6964_b9fc_0000_0001, risk: 90, count: 3, signature: "LEPTON Later", severity: 3))
        let text = report(tally).text()
        #expect(
            text.contains(
                """
                Incidents
                  2 with 4 alerts
                  level     risk          opened  what, attacker → victim
                  high       90  01-15 12:00:01  Worm
                                                 10.0.0.5 → 10.0.0.9, 3 alerts, i-6964b9fc00000001
                  medium     60  01-15 12:00:01  Scan
                                                 10.0.0.5 → 10.0.0.9, 1 alert, i-6964b9fc00000002
                """), "\(text)")
    }

    @Test("Of too many incidents the least risky are forgotten, and all are counted")
    func bound() {
        var tally = IncidentTally()
        for number in 0..<1000 { tally.note(alert(UInt64(number), risk: number % 100)) }
        #expect(tally.count == 1000)
        let worst = tally.worst(IncidentTally.capacity)
        #expect(worst.count == IncidentTally.capacity)
        #expect(worst.allSatisfy { $0.risk >= 74 })
    }

    @Test("A run without incidents says whether the detector could have raised any")
    func none() {
        #expect(report(IncidentTally()).text().contains("Incidents\n  none\n"))
        #expect(report(IncidentTally(), isLearning: true).text().contains("only learned"))
        #expect(!report(nil).text().contains("Incidents"))
    }
}
