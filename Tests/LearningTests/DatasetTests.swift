// Samples: splitting, labels and augmentation.

import Learning
import Testing

@Suite("Samples")
struct DatasetTests {
    private let data = Dataset(
        inputs: (0..<20).map { Float($0) }, inputCount: 2, labels: (0..<10).map { $0 % 3 }, classes: 3)

    @Test("A split in time keeps the order, a random one keeps every sample once")
    func splits() {
        let (before, after) = data.split(at: 7)
        #expect(before.count == 7 && after.count == 3)
        #expect(after.labels == [1, 2, 0])
        var random = RandomSource(seed: 1)
        let (training, validation) = data.split(share: 0.3, random: &random)
        #expect(training.count == 7 && validation.count == 3)
        #expect((training.labels + validation.labels).sorted() == data.labels.sorted())
    }

    @Test("Jitter and scaling have the deviation they were given")
    func noise() {
        var random = RandomSource(seed: 2)
        let noisy = FloatBuffer(count: 8_000)
        Augmentation.jitter(deviation: 0.5).apply(to: noisy, batch: 100, positions: 40, channels: 2, random: &random)
        #expect((noisy.norm / 8_000.0.squareRoot() - 0.5).magnitude < 0.02)

        let scaled = FloatBuffer([Float](repeating: 1, count: 8_000))
        Augmentation.scaling(deviation: 0.2).apply(to: scaled, batch: 1_000, positions: 4, channels: 2, random: &random)
        let values = scaled.values
        for sample in 0..<1_000 {
            for position in 1..<4 {
                #expect(values[sample * 8 + position * 2] == values[sample * 8])
            }
        }
        let deviation = (values.reduce(0) { $0 + Double($1 - 1) * Double($1 - 1) } / 8_000).squareRoot()
        #expect((deviation - 0.2).magnitude < 0.02)
    }

    @Test("Masking sets one run of at most the given length")
    func masking() {
        var random = RandomSource(seed: 3)
        var lengths: Set<Int> = []
        for _ in 0..<200 {
            let sample = FloatBuffer([Float](repeating: 1, count: 20))
            Augmentation.masking(longest: 4, fill: -9).apply(
                to: sample, batch: 1, positions: 10, channels: 2, random: &random)
            let masked = sample.values.indices.filter { sample[$0] == -9 }
            lengths.insert(masked.count / 2)
            if let first = masked.first {
                #expect(first % 2 == 0)
                #expect(masked == Array(first..<first + masked.count))
            }
        }
        #expect(lengths == [0, 1, 2, 3, 4])
    }

    @Test("A shift in time moves the sample either way and repeats its ends")
    func shift() {
        var random = RandomSource(seed: 4)
        var seen: Set<[Float]> = []
        for _ in 0..<100 {
            let sample = FloatBuffer([1, 2, 3, 4])
            Augmentation.timeShift(farthest: 2).apply(to: sample, batch: 1, positions: 4, channels: 1, random: &random)
            seen.insert(sample.values)
        }
        #expect(seen == [[1, 2, 3, 4], [1, 1, 2, 3], [1, 1, 1, 2], [2, 3, 4, 4], [3, 4, 4, 4]])
    }
}
