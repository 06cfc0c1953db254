// The models that may be switched on: each tells strange points from ordinary ones.

import Learning
import Testing

@testable import Anomaly

@Suite("Models of ordinary traffic")
struct ModelTests {
    /// Points of two clusters in a few coordinates, all else constant, as flow shapes are.
    private static func ordinary(_ random: inout RandomSource) -> SIMD32<Float> {
        var point = SIMD32<Float>(repeating: 1)
        let side: Float = random.chance(0.5) ? 3 : -2
        let common = Float(random.normal())
        for coordinate in 0..<12 {
            point[coordinate] = side + common * Float(coordinate % 3) * 0.3 + Float(random.normal()) * 0.1
        }
        return point
    }

    /// Such a point with coordinates that ordinary ones never combine.
    private static func strange(_ random: inout RandomSource) -> SIMD32<Float> {
        var point = ordinary(&random)
        for coordinate in 0..<6 { point[coordinate] = random.chance(0.5) ? 8 : -7 }
        return point
    }

    private static func model(_ kind: DetectionModel) -> (any OutlierModel)? {
        switch kind {
        case .trees: HalfSpaceTrees(seed: 1)
        case .autoencoders: AutoencoderEnsemble(seed: 1)
        case .subspace: PrincipalSubspace()
        case .density: DensityClusters()
        case .sequence: nil
        }
    }

    @Test(
        "Strange points score above nearly all ordinary ones",
        arguments: [
            DetectionModel.trees, .autoencoders, .subspace, .density,
        ])
    func tellsApart(kind: DetectionModel) throws {
        let model = try #require(Self.model(kind))
        var random = RandomSource(seed: 9)
        #expect(model.score(Self.strange(&random)) == 0)
        for step in 0..<1500 { model.learn(Self.ordinary(&random), UInt32(70_000 + step)) }
        let calm = (0..<400).map { _ in model.score(Self.ordinary(&random)) }.sorted()
        let odd = (0..<100).map { _ in model.score(Self.strange(&random)) }
        #expect(odd.count { $0 > calm[395] } >= 90)
        #expect(calm.allSatisfy { $0 >= 0 && $0.isFinite })
    }

    @Test(
        "The same points give the same scores",
        arguments: [
            DetectionModel.trees, .autoencoders, .subspace, .density,
        ])
    func deterministic(kind: DetectionModel) throws {
        let scores = try (0..<2).map { _ in
            let model = try #require(Self.model(kind))
            var random = RandomSource(seed: 4)
            for step in 0..<900 { model.learn(Self.ordinary(&random), UInt32(70_000 + step)) }
            return (0..<20).map { _ in model.score(Self.strange(&random)) }
        }
        #expect(scores[0] == scores[1])
    }

    @Test("The principal subspace finds the directions a stream varies in")
    func subspace() {
        let model = PrincipalSubspace()
        var random = RandomSource(seed: 2)
        for step in 0..<4000 {
            var point = SIMD32<Float>()
            let (first, second) = (Float(random.normal()) * 3, Float(random.normal()))
            for coordinate in 0..<32 {
                point[coordinate] =
                    first * (coordinate < 16 ? 0.25 : 0) + second * (coordinate < 16 ? 0 : 0.25)
                    + Float(random.normal()) * 0.01
            }
            model.learn(point, UInt32(step))
        }
        var inside = SIMD32<Float>(repeating: 0)
        for coordinate in 0..<16 { inside[coordinate] = 0.5 }
        var outside = inside
        outside[0] = -0.5
        #expect(model.residual(inside) < 0.1)
        #expect(model.residual(outside) > 0.8)
        #expect(model.project(inside).count == PrincipalSubspace.dimensions)
    }

    @Test("Density clusters forget what has not been seen for long")
    func forgets() {
        let model = DensityClusters()
        let old = SIMD32<Float>(repeating: 0)
        let new = SIMD32<Float>(repeating: 4)
        for step in 0..<60 { model.learn(old, UInt32(step)) }
        #expect(model.score(old) < 0.1)
        // A day later, with more clusters than there is room for.
        for step in 0..<400 {
            var point = new
            point[step % 32] += Float(step) * 2
            model.learn(point, UInt32(24 * 3600 * 16 + step))
        }
        #expect(model.clusters.count <= 192)
        #expect(!model.clusters.contains { ($0.centre * $0.centre).sum() < 1 })
    }

    @Test("Coordinates that vary together are grouped")
    func groups() throws {
        var random = RandomSource(seed: 6)
        let points = (0..<300).map { _ -> SIMD32<Float> in
            let factors = (0..<8).map { _ in Float(random.normal()) }
            var point = SIMD32<Float>()
            for coordinate in 0..<32 { point[coordinate] = factors[coordinate / 4] + Float(random.normal()) * 0.1 }
            return point
        }
        let groups = CoordinateMap(points, mostInputs: 4).groups
        #expect(groups.flatMap(\.self).sorted() == Array(0..<32))
        #expect(groups.count == 8)
        #expect(groups.allSatisfy { group in Set(group.map { $0 / 4 }).count == 1 })
    }

    @Test("A minute that breaks a host's rhythm is farther from its forecast than one that keeps it")
    func forecast() {
        let forecast = MinuteForecast()
        func minute(_ phase: Int) -> [Float] { (0..<8).map { ($0 + phase) % 4 == 0 ? 2 : 0.2 } }
        func series(_ phase: Int) -> [Float] { (0..<MinuteForecast.length).flatMap { minute(phase + $0) } }
        #expect(forecast.score(series: series(0), minute: minute(MinuteForecast.length)) == 0)
        for phase in 0..<200 { forecast.add(series: series(phase), minute: minute(phase + MinuteForecast.length)) }
        for _ in 0..<4 { forecast.train() }
        let kept = forecast.score(series: series(1), minute: minute(1 + MinuteForecast.length))
        let broken = forecast.score(series: series(1), minute: minute(3 + MinuteForecast.length))
        #expect(broken > 3 * kept)
    }
}
