// The client's first packet of RFC 9001, appendix A.2.

/// What the standard gives: identifiers and the CRYPTO frame. The hello names example.com and offers TLS 1.3 alone.
public enum StandardHello {
    public static let connectionID = bytes("8394c8f03e515708")

    /// The ClientHello, its handshake header included.
    public static let message = bytes(
        """
        010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e86804fe3a47f06a2b69484c000004130113020100
        00c000000010000e00000b6578616d706c652e636f6dff01000100000a00080006001d00170018001000070005046\
        16c706e000500050100000000003300260024001d00209370b2c9caa47fbabaf4559fedba753de171fa71f50f1ce1
        5d43e994ec74d748002b0003020304000d0010000e0403050306030203080408050806002d00020101001c0002400
        1003900320408ffffffffffffffff05048000ffff07048000ffff0801100104800075300901100f088394c8f03e515
        70806048000ffff
        """)

    /// Bytes from hexadecimal digits; whatever else stands between them is passed over.
    public static func bytes(_ text: String) -> [UInt8] {
        let digits = text.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
