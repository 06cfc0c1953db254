// What one forward pass costs.

import Glibc
import Learning
import Testing

@Suite("Cost of a forward pass", .serialized)
struct ForwardCostTests {
    /// 130 inputs, two layers of 128 units and 24 actions.
    private static let policy = Sequential([
        Dense(inputs: 130, outputs: 128), Activation(.rectifier, count: 128), Dense(inputs: 128, outputs: 128),
        Activation(.rectifier, count: 128), DuelingHead(inputs: 128, actions: 24),
    ])

    private static let everyLayer = Sequential([
        Convolution1D(positions: 10, inputs: 3, outputs: 8, kernel: 3, paddingBefore: 2),
        Activation(.rectifier, count: 80),
        Pooling(.maximum, positions: 10, channels: 8, window: 2), GRU(positions: 5, inputs: 8, units: 9),
        Activation(.tanh, count: 9), Dense(inputs: 9, outputs: 12), Activation(.sigmoid, count: 12),
        DuelingHead(inputs: 12, hidden: 6, actions: 4), Softmax(count: 4),
    ])

    /// The count of allocations kept by a preloaded library, see Reference/check-allocations.sh; nil without it.
    private static let allocationCount: (@convention(c) () -> Int)? =
        dlsym(nil, "learning_allocation_count").map {
            unsafeBitCast($0, to: (@convention(c) () -> Int).self)
        }

    @Test("10,000 forward passes allocate nothing", .enabled(if: allocationCount != nil))
    func allocations() throws {
        let count = try #require(Self.allocationCount)
        for network in [Self.policy, Self.everyLayer] {
            let model = Model(network, seed: 1)
            let execution = Execution(network, batchCapacity: 2)
            execution.forward(model, batch: 2)
            let before = count()
            for _ in 0..<10_000 { execution.forward(model, batch: 2) }
            #expect(count() - before == 0)
        }
    }

    #if !DEBUG
        @Test("A network of 130-128-128 units and 24 actions takes less than 50 µs")
        func time() {
            let model = Model(Self.policy, seed: 1)
            let execution = Execution(Self.policy)
            var random = RandomSource(seed: 1)
            execution.input.copy((0..<130).map { _ in Float(random.normal()) })
            let clock = ContinuousClock()
            var times = (0..<41).map { _ in
                clock.measure { for _ in 0..<200 { execution.forward(model) } } / 200
            }
            times.sort()
            if MeasurementReport.isWanted { print("forward pass: median \(times[20]), best \(times[0])") }
            #expect(times[20] < .microseconds(50))
        }
    #endif
}
