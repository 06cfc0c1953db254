// A few seconds of real traffic, small enough to travel with a recommendation.

import NetTypes

/// Streams of packets to try a rule on.
public struct TrafficSample: Codable, Sendable, Hashable {
    /// Packets of one direction of a flow.
    public struct Stream: Codable, Sendable, Hashable {
        public var source: IPPrefix
        public var destination: IPPrefix
        public var transport: UInt8
        public var sourcePort: UInt16
        public var destinationPort: UInt16
        /// Differentiated services code point, 0 to 63.
        public var codePoint: UInt8
        /// Packets and IP bytes in each second.
        public var packets: [Int]
        public var bytes: [Int]

        public init(
            source: IPPrefix, destination: IPPrefix, transport: UInt8, sourcePort: UInt16, destinationPort: UInt16,
            codePoint: UInt8, packets: [Int], bytes: [Int]
        ) {
            self.source = source
            self.destination = destination
            self.transport = transport
            self.sourcePort = sourcePort
            self.destinationPort = destinationPort
            self.codePoint = codePoint
            self.packets = packets
            self.bytes = bytes
        }
    }

    public var seconds: Int
    public var streams: [Stream]

    public init(seconds: Int, streams: [Stream]) {
        self.seconds = seconds
        self.streams = streams
    }

    /// Bounds, so that a proof ends soon and does not fill a machine.
    public static let longest = 6
    public static let mostStreams = 64
    public static let mostPackets = 60_000
}
