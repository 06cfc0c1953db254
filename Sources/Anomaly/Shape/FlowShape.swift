// A flow record as a point in space.

import Learning
import NetTypes

/// Thirty-two numbers that describe a flow's sizes, timing and outcome, scaled so that a difference of 1 is noticeable.
struct FlowShape: Equatable {
    static let width = 32
    let values: SIMD32<Float>

    init(_ flow: FlowRecord) {
        var values = InlineArray<32, Float>(repeating: 0)
        let (up, down) = (flow.toServer, flow.toClient)
        let packets = Float(flow.packets)
        var place = 0
        func add(_ value: Float) {
            values[place] = value
            place += 1
        }
        func add(_ direction: DirectionStatistics, since first: Int64) {
            add(Self.logarithm(direction.payloadBytes) * 0.5)
            add(Self.logarithm(UInt64(direction.packets)) * 0.8)
            add(Self.logarithm(UInt64(direction.lengthMaximum)) * 0.7)
            let length = direction.length
            add(Self.logarithm(UInt64(length.mean)) * 0.7)
            add(Self.logarithm(UInt64(length.deviation)) * 0.4)
            let gaps = direction.packets > 1 ? direction.gaps(since: first) : (0, 0)
            add(Self.logarithm(UInt64(max(0, gaps.0) / 1e6)) * 0.25)
            add(Self.logarithm(UInt64(max(0, gaps.1) / 1e6)) * 0.25)
        }
        add(up, since: flow.details.firstToServer)
        add(down, since: flow.details.firstToClient)
        for index in 0..<8 {
            let length = Self.lengthLogarithm(flow.firstPackets.lengths[index])
            add(flow.details.firstDirections >> UInt16(index) & 1 == 0 ? length * 0.35 : -length * 0.35)
        }
        let seconds = Float(flow.end.nanoseconds - flow.start.nanoseconds) / 1e9
        add(AnomalyDetector.logarithm(seconds) * 0.6)
        add((Float(up.payloadBytes) + 1) / (Float(up.payloadBytes) + Float(down.payloadBytes) + 2) * 1.5)
        add(Float(Self.differentLengths(flow)) / max(1, min(packets, 16)) * 1.5)
        let isTCP = flow.key.transport == IPProtocol.tcp
        add(isTCP ? (down.flags.contains(.syn) ? 2 : 0) : (down.packets > 0 ? 2 : 0))
        add(down.flags.contains(.rst) ? 2 : 0)
        add(up.flags.contains(.rst) ? 1.5 : 0)
        add((up.flags.contains(.fin) ? 1 : 0) + (down.flags.contains(.fin) ? 1 : 0))
        add(up.flags.contains(.syn) ? 2 : 0)
        add(flow.identity.status.contains(.continued) ? 2 : 0)
        add(up.flags.contains(.psh) ? 1 : 0)
        self.values = unsafeBitCast(values, to: SIMD32<Float>.self)
    }

    /// ln(1 + x), looked up for the lengths of ordinary frames.
    @inline(__always)
    private static func lengthLogarithm(_ length: UInt16) -> Float {
        Int(length) < lengthLogarithms.count
            ? lengthLogarithms[Int(length)] : Float(PortableMath.logOnePlus(Double(length)))
    }

    private static let lengthLogarithms = (0..<1600).map { Float(PortableMath.logOnePlus(Double($0))) }

    /// A shape in numbers that people know.
    static func describe(_ values: SIMD32<Float>, distance: Float, flows: Int) -> Alert.Neighbour {
        func undo(_ place: Int, _ factor: Float) -> Double {
            max(0, PortableMath.exp(Double(values[place] / factor)) - 1)
        }
        return Alert.Neighbour(
            distance: Double(distance), flows: flows, packetsToServer: undo(1, 0.8), packetsToClient: undo(8, 0.8),
            bytesToServer: undo(0, 0.5), bytesToClient: undo(7, 0.5), seconds: undo(22, 0.6))
    }

    var head: ShapeHead { ShapeHead(of: values) }

    /// How many different lengths the first packets have.
    static func differentLengths(_ flow: FlowRecord) -> Int {
        var different = 0
        for index in 0..<FirstPackets.limit {
            let length = flow.firstPackets.lengths[index]
            if length == 0 { break }
            var earlier = index
            while earlier > 0, flow.firstPackets.lengths[earlier - 1] != length { earlier -= 1 }
            if earlier == 0 { different += 1 }
        }
        return different
    }

    /// The squared Euclidean distance, or nil as soon as it is not below `limit`.
    @inline(__always)
    func squaredDistance(_ other: SIMD32<Float>, below limit: Float) -> Float? {
        let low = values.lowHalf - other.lowHalf
        var sum = Self.sumOfSquares(low)
        if sum >= limit { return nil }
        sum += Self.sumOfSquares(values.highHalf - other.highHalf)
        return sum < limit ? sum : nil
    }

    /// Added in pairs, which takes a quarter of the steps of adding one after the other.
    @inline(__always)
    private static func sumOfSquares(_ numbers: SIMD16<Float>) -> Float {
        let squares = numbers * numbers
        let eight = squares.lowHalf + squares.highHalf
        let four = eight.lowHalf + eight.highHalf
        let two = four.lowHalf + four.highHalf
        return two.x + two.y
    }

    private static func logarithm(_ value: UInt64) -> Float {
        value < 4096 ? CountLogarithm.of(Int(value) + 1) : Float(PortableMath.log(Double(value + 1)))
    }
}
