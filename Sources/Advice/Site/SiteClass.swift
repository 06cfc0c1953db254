// Traffic classes as the site defines them: what belongs to each, and what it has for certain.

/// A traffic class: its guarantee, and the marks and ports by which the kernel tells it.
public struct SiteClass: Sendable, Hashable {
    /// A port of a protocol.
    public struct Service: Sendable, Hashable {
        /// IANA protocol number: 6 or 17.
        public var transport: UInt8
        public var port: UInt16

        public init(transport: UInt8, port: UInt16) {
            self.transport = transport
            self.port = port
        }
    }

    /// Share of each path that the class has for certain, and that it never exceeds, in parts per million.
    public var guarantee: Int
    public var ceiling: Int
    /// Differentiated services code points, 0 to 63 (RFC 2474).
    public var codePoints: [UInt8]
    public var services: [Service]

    public init(guarantee: Int, ceiling: Int, codePoints: [UInt8], services: [Service]) {
        self.guarantee = guarantee
        self.ceiling = ceiling
        self.codePoints = codePoints
        self.services = services
    }

    /// The classes, in the order of their priority. What no class claims is bulk; quarantine is for flagged sources.
    public static let names = ["voice", "video", "web", "bulk", "quarantine"]
    static let bulk = 3
    static let quarantine = 4
    /// Milliseconds of the path's rate that each class may queue.
    static let queueMilliseconds = [20, 40, 40, 30, 20]

    public static let defaults = [
        SiteClass(guarantee: 150_000, ceiling: 1_000_000, codePoints: [46, 44], services: [udp(5060), udp(5061)]),
        SiteClass(
            guarantee: 250_000, ceiling: 1_000_000, codePoints: [32, 34, 36, 38, 40], services: [udp(3478), udp(3479)]),
        SiteClass(
            guarantee: 300_000, ceiling: 1_000_000, codePoints: [18, 20, 22, 26],
            services: [tcp(22), udp(53), tcp(53), tcp(80), udp(123), tcp(443), udp(443)]),
        SiteClass(guarantee: 250_000, ceiling: 1_000_000, codePoints: [8, 10, 12, 14], services: []),
        SiteClass(guarantee: 50_000, ceiling: 100_000, codePoints: [1], services: []),
    ]

    private static func tcp(_ port: UInt16) -> Service { Service(transport: 6, port: port) }
    private static func udp(_ port: UInt16) -> Service { Service(transport: 17, port: port) }

    /// The class of a packet, as the kernel's filters tell it: by code point, then by destination port.
    public static func index(
        in classes: [SiteClass], codePoint: UInt8, transport: UInt8, destinationPort: UInt16
    ) -> Int {
        if let index = classes.firstIndex(where: { $0.codePoints.contains(codePoint) }) { return index }
        let service = Service(transport: transport, port: destinationPort)
        return classes.firstIndex { $0.services.contains(service) } ?? bulk
    }
}
