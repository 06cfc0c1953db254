// The small estimators that features are made of.

import Learning
import Testing

@testable import Anomaly

@Suite("Estimators of behaviour")
struct EvidenceTests {
    private func walk(success: Double, contacts: Int, seed: UInt64, network: inout ContactWalk) -> Float {
        var random = RandomSource(seed: seed)
        var walk = ContactWalk()
        for _ in 0..<contacts {
            walk.note(isAnswered: random.chance(success), network: &network, learns: true)
        }
        return walk.height
    }

    @Test("First contacts of a scanner walk up however slowly, those of a host that knows its peers do not")
    func contacts() {
        var network = ContactWalk()
        for seed in 0..<UInt64(20) { #expect(walk(success: 0.95, contacts: 200, seed: seed, network: &network) < 8) }
        for seed in 0..<UInt64(20) {
            #expect(walk(success: 0.05, contacts: 25, seed: 100 + seed, network: &network) > 8)
        }
    }

    private func regularity(_ gaps: [Float]) -> Float {
        var kept = InlineArray<12, Float>(repeating: 0)
        for (index, gap) in gaps.enumerated() { kept[index] = gap }
        return StartTimes.regularity(&kept, count: gaps.count)
    }

    @Test("A beacon is regular though some beats are missing and the others jitter; browsing is not")
    func beacons() {
        #expect(regularity([60, 60, 60, 60, 60, 60, 60, 60]) > 0.7)
        #expect(regularity([60, 60, 120, 60, 180, 60, 60, 60]) > 0.65)
        #expect(regularity([57, 63, 60, 121, 55, 64, 59, 61]) > 0.5)
        var random = RandomSource(seed: 3)
        var sum: Float = 0
        for _ in 0..<50 { sum += regularity((0..<11).map { _ in Float(random.exponential(mean: 60)) }) }
        #expect(sum / 50 < 0.25)
        #expect(regularity([60, 60, 60]) == 0)
        #expect(regularity([1, 1, 1, 1, 1, 1]) == 0)
    }

    @Test("Made-up names are stranger than names like those that resolve")
    func names() {
        var model = LabelModel()
        let syllables = [
            "mail", "net", "shop", "cloud", "data", "web", "home", "play", "blue", "star", "media", "bank",
        ]
        var random = RandomSource(seed: 5)
        func chosen() -> String { (0..<2).map { _ in syllables[random.below(syllables.count)] }.joined() }
        func madeUp() -> String { String((0..<12).map { _ in Character(UnicodeScalar(UInt8(97 + random.below(26)))) }) }
        func strangeness(_ name: String) -> Float { Array(name.utf8).withUnsafeBytes { model.strangeness($0) } }
        #expect(strangeness("qzxkvbwjqpzx") == 0)
        for _ in 0..<300 { Array(chosen().utf8).withUnsafeBytes { model.learn($0) } }
        let ordinary = (0..<50).map { _ in strangeness(chosen()) }.reduce(0, +) / 50
        let strange = (0..<50).map { _ in strangeness(madeUp()) }.reduce(0, +) / 50
        #expect(strange > ordinary + 0.5)
    }

    @Test("A steady stream shows no change, a shifted one does, and the window is short")
    func drift() throws {
        var window = AdaptiveWindow()
        var random = RandomSource(seed: 8)
        for _ in 0..<20_000 {
            let change = window.add(random.uniform() * 0.4)
            #expect(change == nil)
        }
        var found: (before: Double, after: Double)?
        var needed = 0
        while found == nil, needed < 2000 {
            found = window.add(0.3 + random.uniform() * 0.4)
            needed += 1
        }
        let change = try #require(found)
        #expect(needed < 300)
        #expect(change.after > change.before + 0.05)
    }

    @Test("However slowly a count is raised, it stays worth two fifths of its logarithm")
    func poisoning() {
        var past = PastMaxima()
        var now: UInt32 = 70_000
        var worth: Float = 0
        for count in 1...500 {
            now += 120 * DetectorClock.ticksPerSecond
            let level = CountLogarithm.of(max(1, past.value(0, now)))
            worth = CountLogarithm.of(count) - 0.6 * level
            past.note(count, 0, now)
        }
        #expect(worth >= 0.4 * CountLogarithm.of(500))
    }

    @Test("Families that are kin count the strongest in full and the others half, whatever the order")
    func kin() {
        let (fan, failure, dns) = (4, 8, 10)
        var parts = FamilyParts()
        parts.set(fan, 2)
        parts.set(failure, 5)
        parts.set(dns, 3)
        #expect(parts.sum == 5 + 1 + 3)
        parts.set(failure, 1)
        #expect(parts.sum == 2 + 0.5 + 3)
        parts.set(fan, 0)
        #expect(parts.sum == 1 + 3)
        #expect(parts[failure] == 1)
    }
}
