// Bounds on what a capture may ask for.

/// Sizes beyond which a capture's own figures are taken for damage.
public enum CaptureLimits {
    /// Longest captured frame in bytes: the largest snap length that libpcap and Wireshark write. A batch that takes
    /// copies needs at least this much storage.
    public static let frameLength = 262_144

    /// Longest pcapng block in bytes that is read as a whole (interface and packet blocks). Other blocks are skipped,
    /// whatever their length.
    static let blockLength = 1 << 20

    /// Most interfaces in one pcapng section: `Frame.interface` has 16 bits.
    static let interfaces = 65_536
}
