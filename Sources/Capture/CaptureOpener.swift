// From file names to a source.

import NetTypes

/// Opens captures by what is in them: pcap or pcapng, plain, gzip or zstd, a file, a pipe or standard input.
public enum CaptureOpener {
    /// Opens captures and merges them by time when there are several.
    ///
    /// Plain regular files are mapped and lend their bytes; everything else passes through a buffer, and a batch for it
    /// needs `CaptureLimits.frameLength` bytes of storage or more (`CaptureSource.lendsBytes` tells). Opening waits for
    /// the first bytes of a pipe; reading then returns to the caller at least every 100 ms, with an empty batch when
    /// nothing arrived.
    ///
    /// - Parameters:
    ///   - paths: files in the order that decides between packets of equal time; "-" is standard input.
    ///   - filter: an expression of pcap-filter(7); nil for all packets.
    /// - Throws: the first file's `CaptureError`, in the order of the paths. Faults that show later are damage.
    public static func open(paths: [String], filter expression: String? = nil) throws(CaptureError)
        -> any CaptureSource
    {
        guard !paths.isEmpty else {
            throw CaptureError(
                code: .badArguments, path: "", message: "no capture named; name files, or - to read a pipe")
        }
        guard paths.count(where: { $0 == "-" }) < 2 else {
            throw CaptureError(.badArguments, path: "-", "is named twice; it can be read once")
        }
        let filter = expression.map { PacketFilter($0) }
        var sources: [any CaptureSource] = []
        for path in paths {
            sources.append(try open(path: path, filter: filter))
        }
        return sources.count == 1 ? sources[0] : MergedSource(sources)
    }

    private static func open(path: String, filter: PacketFilter?) throws(CaptureError) -> any CaptureSource {
        let descriptor = try FileDescriptor(path: path)
        // Standard input may be a file that someone has read from before: it is taken as a stream from where it stands.
        let signature = path == "-" ? [] : descriptor.peek(CaptureFormat.signatureLength)
        if CaptureFormat(firstBytes: signature) != nil, let file = MappedFile(descriptor) {
            return try source(path: path, input: .mapped(file), filter: filter)
        }
        let buffer = StreamBuffer(try ByteStream(descriptor))
        _ = buffer.fill(keepFrom: 0, upTo: PcapHeader.length, patience: -1)
        return try source(path: path, input: .streamed(buffer), filter: filter)
    }

    /// Picks the reader for an input of which the first bytes are at hand.
    private static func source(
        path: String, input: CaptureInput, filter: PacketFilter?
    ) throws(CaptureError) -> any CaptureSource {
        let reader = RecordReader(path: path, input: input, filter: filter)
        let firstBytes = input.window.prefix(PcapHeader.length)
        switch CaptureFormat(firstBytes: firstBytes) {
        case .pcap:
            return try PcapFileSource(parser: PcapParser(try header(path: path, input)), reader: reader)
        case .pcapng:
            return try PcapngFileSource(parser: PcapngParser(), reader: reader)
        case nil:
            throw strangeInput(path: path, input, firstBytes)
        }
    }

    private static func header(path: String, _ input: CaptureInput) throws(CaptureError) -> PcapHeader {
        guard let header = PcapHeader(in: input.window) else {
            let fault = if case .streamed(let buffer) = input { buffer.fault } else { String?.none }
            throw CaptureError(
                .cutHeader, path: path,
                "ends within its file header (\(input.window.end) of \(PcapHeader.length) bytes are there"
                    + (fault.map { ", \($0)" } ?? "") + "); get an undamaged copy")
        }
        guard header.isSupportedVersion else {
            throw CaptureError(
                .unsupportedVersion, path: path,
                "has pcap version \(header.majorVersion).\(header.minorVersion), only 2.3 and 2.4 are known; "
                    + "convert it with editcap -F pcapng")
        }
        guard header.linkType.isSupported else {
            let supported = LinkType.supported.map(\.label).joined(separator: ", ")
            throw CaptureError(
                .unsupportedLinkType, path: path,
                "link type \(header.linkType.label) is not supported; supported are \(supported)")
        }
        return header
    }

    /// Why an input without the signature of a capture is none.
    private static func strangeInput(path: String, _ input: CaptureInput, _ firstBytes: [UInt8]) -> CaptureError {
        if case .streamed(let buffer) = input {
            if let fault = buffer.fault {
                return CaptureError(.unreadable, path: path, "\(fault); get an undamaged copy")
            }
            if firstBytes.isEmpty {
                let what = buffer.stream.compressionName.map { "\($0) of nothing" } ?? "0 bytes"
                return CaptureError(
                    .empty, path: path, "is empty (\(what)); check that the capture was written to its end")
            }
        }
        return CaptureError(.notACapture, path: path, CaptureFormat.describe(strange: firstBytes))
    }
}
