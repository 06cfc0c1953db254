// From bytes to tensors, believing nothing.

extension SafetensorsFile {
    /// Reads a file's bytes.
    ///
    /// - Throws: `truncated`, `malformedHeader`, `inconsistentTensor` or `unsupportedElementType`, with the byte of the
    ///   fault where one is to blame. Memory used stays within a small multiple of the file's size.
    public init(bytes: [UInt8]) throws(LearningError) {
        guard bytes.count >= 8 else {
            throw LearningError(.truncated, "the file is shorter than the length of its header", offset: bytes.count)
        }
        var length: UInt64 = 0
        for index in 0..<8 { length |= UInt64(bytes[index]) << (8 * index) }
        guard length <= Self.headerLimit else {
            throw LearningError(.malformedHeader, "the header would have \(length) bytes", offset: 0)
        }
        let dataStart = 8 + Int(length)
        guard dataStart <= bytes.count else {
            throw LearningError(
                .truncated, "the header ends at byte \(dataStart), the file at byte \(bytes.count)", offset: bytes.count
            )
        }
        var parser = SafetensorsHeaderParser(bytes, from: 8, to: dataStart)
        let header = try parser.parse()
        try self.init(header, bytes: bytes, dataStart: dataStart)
    }

    /// Takes the elements of the header's tensors, which must follow each other without gap to the file's end.
    private init(_ header: SafetensorsHeader, bytes: [UInt8], dataStart: Int) throws(LearningError) {
        var tensors: [Tensor] = []
        var end = 0
        for entry in header.tensors.sorted(by: { ($0.begin, $0.end) < ($1.begin, $1.end) }) {
            guard entry.elementType == "F32" else {
                throw LearningError(
                    .unsupportedElementType, "tensor '\(entry.name)' is of type '\(entry.elementType)', not F32",
                    offset: entry.offset)
            }
            guard entry.begin == end, entry.end >= entry.begin else {
                throw LearningError(
                    .inconsistentTensor, "tensor '\(entry.name)' does not begin where the one before it ends",
                    offset: entry.offset)
            }
            end = entry.end
            guard end <= bytes.count - dataStart else {
                throw LearningError(
                    .truncated, "tensor '\(entry.name)' reaches beyond the end of the file", offset: bytes.count)
            }
            let byteCount = entry.end - entry.begin
            guard byteCount % 4 == 0, Tensor.elementCount(of: entry.shape) == byteCount / 4 else {
                throw LearningError(
                    .inconsistentTensor, "tensor '\(entry.name)' has a shape that does not fit its bytes",
                    offset: entry.offset)
            }
            tensors.append(
                Tensor(
                    name: entry.name, shape: entry.shape,
                    values: Self.floats(bytes, from: dataStart + entry.begin, to: dataStart + entry.end)))
        }
        guard dataStart + end == bytes.count else {
            throw LearningError(
                .inconsistentTensor, "the file goes on after its last tensor", offset: dataStart + end)
        }
        self.init(tensors: tensors, metadata: header.metadata)
    }

    private static func floats(_ bytes: [UInt8], from start: Int, to end: Int) -> [Float] {
        var floats: [Float] = []
        floats.reserveCapacity((end - start) / 4)
        var index = start
        while index < end {
            let low = UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8
            let high = UInt32(bytes[index + 2]) | UInt32(bytes[index + 3]) << 8
            floats.append(Float(bitPattern: low | high << 16))
            index += 4
        }
        return floats
    }
}
