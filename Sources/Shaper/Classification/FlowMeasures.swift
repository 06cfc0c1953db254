// What a flow's first packets look like, as numbers that a person can write a rule about.

import NetTypes

/// Quantities of a flow's first eight packets. The main direction is the one that most of them go in.
public struct FlowMeasures: Sendable, Equatable {
    /// Packets that a flow is judged by.
    public static let packets = 8

    /// How many packets there were to judge by, eight at most.
    public var count = 0
    /// Median frame length in the main direction, in bytes.
    public var size = 0.0
    /// Median distance of those lengths from their median, relative to it.
    public var sizeSpread = 0.0
    /// Median time between two packets of the main direction, in milliseconds.
    public var gap = 0.0
    /// Median distance of those times from their median, relative to it.
    public var gapSpread = 0.0
    /// Frames of at least 1,200 bytes, by direction.
    public var fullUp = 0.0
    public var fullDown = 0.0
    /// Share of packets against the main direction.
    public var twoWay = 0.0

    private static let fullFrame: UInt16 = 1200

    /// Measures the first packets that a record holds.
    public init(_ flow: FlowRecord) {
        count = Int(min(UInt64(FlowMeasures.packets), flow.packets))
        guard count > 0 else { return }
        let directions = flow.details.firstDirections
        let down = (0..<count).reduce(0) { $0 + Int(directions >> UInt16($1) & 1) }
        let main: UInt16 = 2 * down > count ? 1 : 0
        var lengths: [Double] = []
        var gaps: [Double] = []
        var time = 0.0
        var last: Double?
        for index in 0..<count {
            let length = flow.firstPackets.lengths[index]
            let direction = directions >> UInt16(index) & 1
            time += Double(PackedGap(bits: flow.firstPackets.gaps[index]).nanoseconds) / 1e6
            if length >= FlowMeasures.fullFrame {
                if direction == 1 { fullDown += 1 } else { fullUp += 1 }
            }
            guard direction == main else { continue }
            lengths.append(Double(length))
            if let last { gaps.append(time - last) }
            last = time
        }
        twoWay = 1 - Double(lengths.count) / Double(count)
        (size, sizeSpread) = FlowMeasures.spread(lengths)
        (gap, gapSpread) = FlowMeasures.spread(gaps)
    }

    /// Median and median distance from it, relative to it. Both bear one outlier in eight, as greetings are.
    private static func spread(_ values: [Double]) -> (Double, Double) {
        let middle = median(values)
        return (middle, middle > 0 ? median(values.map { abs($0 - middle) }) / middle : 0)
    }

    private static func median(_ values: [Double]) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        return sorted[sorted.count / 2]
    }
}
