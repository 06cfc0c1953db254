// Figures against those of scikit-learn.

import Learning
import Testing

@Suite("Metrics")
struct MetricsTests {
    private func numbers(_ name: String) throws -> [Double] {
        try ReferenceFiles.lines("metrics.txt").first { $0[0] == name }?.dropFirst().compactMap { Double($0) } ?? []
    }

    @Test("Accuracy, precision, recall and F1 are scikit-learn's")
    func classification() throws {
        let matrix = ConfusionMatrix(
            truth: try numbers("truth").map { Int($0) }, predicted: try numbers("predicted").map { Int($0) }, classes: 4
        )
        #expect(isClose([matrix.accuracy], try numbers("accuracy")))
        #expect(isClose([matrix.macroF1], try numbers("macroF1")))
        #expect(isClose((0..<4).map(matrix.precision), try numbers("precision")))
        #expect(isClose((0..<4).map(matrix.recall), try numbers("recall")))
        #expect(isClose((0..<4).map(matrix.f1), try numbers("f1")))
    }

    @Test("The area under the curve, average precision and recall at a rate are scikit-learn's, with many ties")
    func ranking() throws {
        let ranking = ScoreRanking(scores: try numbers("scores"), labels: try numbers("labels").map { $0 == 1 })
        let areaUnderCurve = try #require(ranking.areaUnderCurve)
        #expect(isClose([areaUnderCurve], try numbers("areaUnderCurve")))
        let averagePrecision = try #require(ranking.averagePrecision)
        #expect(isClose([averagePrecision], try numbers("averagePrecision")))
        let recall = try #require(ranking.recall(falsePositiveRate: 0.1))
        #expect(isClose([recall], try numbers("recall10")))
    }

    private func isClose(_ values: [Double], _ reference: [Double]) -> Bool {
        values.count == reference.count && zip(values, reference).allSatisfy { ($0 - $1).magnitude < 1e-12 }
    }

    @Test("Without samples of both kinds there is no area, and ratios without samples are zero")
    func nothing() {
        #expect(ScoreRanking(scores: [1, 2], labels: [true, true]).areaUnderCurve == nil)
        #expect(ScoreRanking(scores: [], labels: []).averagePrecision == nil)
        #expect(ScoreRanking(scores: [1, 1], labels: [true, false]).areaUnderCurve == 0.5)
        #expect(ScoreRanking(scores: [1, 0], labels: [true, false]).recall(falsePositiveRate: 0) == 1)
        #expect(ScoreRanking(scores: [0, 1], labels: [true, false]).recall(falsePositiveRate: 0) == 0)
        let matrix = ConfusionMatrix(truth: [0, 0], predicted: [0, 0], classes: 2)
        #expect(matrix.precision(1) == 0 && matrix.recall(1) == 0 && matrix.f1(1) == 0)
    }
}
