// pcapng captures built in code.

import NetTypes

/// Writes a pcapng capture into an array of bytes, block by block.
public struct PcapngBytes: Sendable {
    /// One option of a block.
    public struct Option: Sendable {
        public let code: UInt16
        public let value: [UInt8]

        public init(code: UInt16, value: [UInt8]) {
            self.code = code
            self.value = value
        }
    }

    /// The capture so far.
    public private(set) var bytes: [UInt8] = []
    /// Where each block begins in `bytes`.
    public private(set) var blockOffsets: [Int] = []
    private var bigEndian: Bool

    /// Begins with a section header.
    public init(bigEndian: Bool = false) {
        self.bigEndian = bigEndian
        beginSection(bigEndian: bigEndian)
    }

    /// Begins a section: interfaces are numbered from zero again.
    public mutating func beginSection(bigEndian: Bool = false, version: (UInt16, UInt16) = (1, 0)) {
        self.bigEndian = bigEndian
        addBlock(
            type: 0x0a0d_0d0a,
            encoded(UInt32(0x1a2b_3c4d)) + encoded(version.0) + encoded(version.1) + encoded(Int64(-1)))
    }

    /// Describes an interface.
    ///
    /// - Parameters:
    ///   - resolution: the byte of if_tsresol; nil leaves the option out.
    ///   - offset: if_tsoffset in seconds; nil leaves the option out.
    public mutating func addInterface(
        linkType: UInt16 = 1, snapLength: UInt32 = 0, resolution: UInt8? = nil, offset: Int64? = nil,
        options: [Option] = []
    ) {
        var options = options
        if let resolution { options.append(Option(code: 9, value: [resolution])) }
        if let offset { options.append(Option(code: 14, value: encoded(offset))) }
        addBlock(
            type: 1, encoded(linkType) + encoded(UInt16(0)) + encoded(snapLength) + encoded(options))
    }

    /// Adds an enhanced packet block.
    ///
    /// - Parameters:
    ///   - ticks: time in units of the interface.
    ///   - wireLength: length on the wire; nil for that of the frame.
    ///   - claimedLength: what the block says it holds; nil for the truth.
    public mutating func addPacket(
        _ frame: [UInt8], ticks: UInt64, interface: UInt32 = 0, wireLength: UInt32? = nil,
        claimedLength: UInt32? = nil, options: [Option] = []
    ) {
        addBlock(
            type: 6,
            encoded(interface) + encoded(UInt32(ticks >> 32)) + encoded(UInt32(truncatingIfNeeded: ticks))
                + encoded(claimedLength ?? UInt32(frame.count)) + encoded(wireLength ?? UInt32(frame.count))
                + padded(frame) + encoded(options))
    }

    /// Adds an obsolete packet block.
    public mutating func addObsoletePacket(_ frame: [UInt8], ticks: UInt64, interface: UInt16 = 0) {
        addBlock(
            type: 2,
            encoded(interface) + encoded(UInt16(7)) + encoded(UInt32(ticks >> 32))
                + encoded(UInt32(truncatingIfNeeded: ticks)) + encoded(UInt32(frame.count))
                + encoded(UInt32(frame.count)) + padded(frame))
    }

    /// Adds a simple packet block; `frame` must be cut at the interface's snap length already.
    public mutating func addSimplePacket(_ frame: [UInt8], wireLength: UInt32? = nil) {
        addBlock(type: 3, encoded(wireLength ?? UInt32(frame.count)) + padded(frame))
    }

    /// Adds any block.
    ///
    /// - Parameter trailingLength: the length that closes the block; nil for the truth.
    public mutating func addBlock(type: UInt32, _ body: [UInt8], trailingLength: UInt32? = nil) {
        blockOffsets.append(bytes.count)
        let content = padded(body)
        let length = UInt32(content.count + 12)
        bytes += encoded(type) + encoded(length) + content + encoded(trailingLength ?? length)
    }

    /// An integer in the section's byte order.
    public func encoded(_ value: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: bigEndian ? value.bigEndian : value.littleEndian) { Array($0) }
    }

    private func encoded(_ options: [Option]) -> [UInt8] {
        guard !options.isEmpty else { return [] }
        let written = options.flatMap { option in
            encoded(option.code) + encoded(UInt16(option.value.count)) + padded(option.value)
        }
        return written + [0, 0, 0, 0]
    }

    private func padded(_ bytes: [UInt8]) -> [UInt8] {
        bytes + [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    }
}
