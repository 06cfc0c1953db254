// The little of ASN.1's Distinguished Encoding Rules (ITU-T X.690) that certificates need.

/// Reads one element after the other. Works on the beginning of a structure whose end is missing, too.
struct DERReader {
    /// Tags as they stand on the wire, class and constructed bit included.
    enum Tag {
        static let integer: UInt8 = 0x02
        static let octetString: UInt8 = 0x04
        static let objectIdentifier: UInt8 = 0x06
        static let utcTime: UInt8 = 0x17
        static let generalizedTime: UInt8 = 0x18
        static let bmpString: UInt8 = 0x1e
        static let sequence: UInt8 = 0x30
        static let set: UInt8 = 0x31
        static let version: UInt8 = 0xa0
        static let extensions: UInt8 = 0xa3
        static let dnsName: UInt8 = 0x82
    }

    /// One element: its tag and its contents, or as much of them as there is.
    struct Element {
        let tag: UInt8
        let contents: ApplicationReader
        let isWhole: Bool

        /// The elements inside.
        var elements: DERReader { DERReader(contents) }
    }

    private var reader: ApplicationReader

    init(_ reader: ApplicationReader) {
        self.reader = reader
    }

    /// The tag of the next element.
    var nextTag: UInt8? { reader.peek() }

    /// The next element; nil at the end and when its header is malformed or missing.
    mutating func next() -> Element? {
        guard let tag = reader.uint8(), tag & 0x1f != 0x1f, let first = reader.uint8() else { return nil }
        var length = Int(first)
        if first >= 0x80 {
            let digits = Int(first & 0x7f)
            // Zero digits would be the indefinite form, which DER forbids; more than three would be over 16 MiB.
            guard digits >= 1, digits <= 3 else { return nil }
            length = 0
            for _ in 0..<digits {
                guard let digit = reader.uint8() else { return nil }
                length = length << 8 | Int(digit)
            }
        }
        let contents = reader.takeAvailable(length)
        return Element(tag: tag, contents: contents, isWhole: contents.length == length)
    }

    /// The next element, if it has the given tag.
    mutating func next(_ tag: UInt8) -> Element? {
        guard nextTag == tag else { return nil }
        return next()
    }
}
