// pcap captures built in code.

import NetTypes

/// Writes a pcap capture into an array of bytes, in any of the format's variations.
public struct PcapBytes: Sendable {
    /// The unit of a record's fraction of a second.
    public enum Resolution: Sendable {
        case microseconds
        case nanoseconds
        /// Microseconds with the 24-byte record header of the "modified" format.
        case modified
    }

    /// The capture so far.
    public private(set) var bytes: [UInt8] = []
    /// Where each record's header begins in `bytes`.
    public private(set) var recordOffsets: [Int] = []
    private let bigEndian: Bool
    private let resolution: Resolution

    /// - Parameter linkType: the whole 32-bit field, frame check sequence bits included.
    public init(
        linkType: UInt32 = 1, bigEndian: Bool = false, resolution: Resolution = .microseconds,
        snapLength: UInt32 = 262_144, version: (UInt16, UInt16) = (2, 4)
    ) {
        self.bigEndian = bigEndian
        self.resolution = resolution
        switch resolution {
        case .microseconds: append(UInt32(0xa1b2_c3d4))
        case .nanoseconds: append(UInt32(0xa1b2_3c4d))
        case .modified: append(UInt32(0xa1b2_cd34))
        }
        append(version.0)
        append(version.1)
        append(UInt32(0))
        append(UInt32(0))
        append(snapLength)
        append(linkType)
    }

    /// Adds a record.
    ///
    /// - Parameters:
    ///   - wireLength: length on the wire; nil for that of the frame.
    ///   - claimedLength: what the record says it holds; nil for the truth.
    public mutating func add(
        _ frame: [UInt8], time: Timestamp, wireLength: UInt32? = nil, claimedLength: UInt32? = nil
    ) {
        recordOffsets.append(bytes.count)
        append(UInt32(truncatingIfNeeded: time.seconds))
        append(UInt32(resolution == .nanoseconds ? time.subsecond : time.subsecond / 1000))
        append(claimedLength ?? UInt32(frame.count))
        append(wireLength ?? UInt32(frame.count))
        if resolution == .modified {
            append(UInt32(2))
            append(UInt16(0x0800))
            append(UInt16(0))
        }
        bytes += frame
    }

    private mutating func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: bigEndian ? value.bigEndian : value.littleEndian) { bytes += $0 }
    }
}
