// Tests: captures that cannot be opened.

import Capture
import Foundation
import NetTypes
import TestSupport
import Testing

@Suite("Captures that cannot be opened")
struct CaptureErrorTests {
    let folder: CaptureFolder

    init() throws {
        folder = try CaptureFolder()
    }

    /// Opens the paths; expects an error of the code in one line that holds the words.
    private func expect(
        _ code: CaptureError.Code, _ words: String, opening paths: [String],
        location: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: CaptureError.self, sourceLocation: location) {
            try CaptureOpener.open(paths: paths)
        }
        #expect(error?.code == code, sourceLocation: location)
        #expect(error?.message.contains(words) == true, "\(error?.message ?? "")", sourceLocation: location)
        #expect(error?.message.contains("\n") == false, sourceLocation: location)
    }

    @Test("Missing files and directories")
    func places() {
        expect(.notFound, "/nowhere.pcap: no such file", opening: [folder.path + "/nowhere.pcap"])
        expect(.notFound, "no such file", opening: ["/dev/null/a.pcap"])
        expect(.directory, "is a directory", opening: [folder.path])
        expect(.badArguments, "no capture named", opening: [])
        expect(.badArguments, "standard input: is named twice", opening: ["-", "-"])
    }

    @Test("Unreadable files")
    func unreadable() throws {
        let loop = folder.path + "/loop"
        try FileManager.default.createSymbolicLink(atPath: loop, withDestinationPath: loop)
        expect(.unreadable, "cannot be opened", opening: [loop])
        // A file that opens but fails to read, for whoever runs the test.
        expect(.unreadable, "cannot be read", opening: ["/proc/self/mem"])
        let secret = try folder.write(PcapBytes().bytes, as: "secret.pcap")
        try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: secret)
        if geteuid() == 0 {
            print("running as root, who may read every file: permissions were not tried")
        } else {
            expect(.unreadable, "permission denied", opening: [secret])
        }
    }

    @Test("Empty files, plain and compressed")
    func empty() throws {
        expect(.empty, "is empty (0 bytes)", opening: [try folder.write([])])
        expect(.empty, "is empty (zstd of nothing)", opening: [try folder.write(zstd([]))])
        expect(.empty, "is empty", opening: ["/dev/null"])
    }

    @Test(
        "What is no capture is named by its first bytes",
        arguments: [
            (Array("hello, world\n".utf8), "68 65 6c 6c 6f 2c 20 77, text"),
            ([0x50, 0x4b, 3, 4, 9, 9], "50 4b 03 04 09 09, a zip archive; unpack it"),
            ([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0], "xz -dc"),
            (Array("snoop\0\0\0".utf8), "editcap"),
            ([0x0a, 0x0d, 0x0d, 0x0a, 28, 0, 0, 0, 1, 2, 3, 4, 0, 0], "0a 0d 0d 0a"),
            ([0xa1], "begins with a1"),
        ] as [([UInt8], String)])
    func strangers(bytes: [UInt8], words: String) throws {
        expect(.notACapture, words, opening: [try folder.write(bytes)])
        expect(.notACapture, words, opening: [try folder.write(zstd(bytes))])
    }

    @Test("Headers that are cut, of another version, or of a link type that cannot be decoded")
    func headers() throws {
        let bytes = PcapBytes().bytes
        for written in [Array(bytes[..<23]), zstd(Array(bytes[..<23]))] {
            expect(.cutHeader, "23 of 24 bytes", opening: [try folder.write(written)])
        }
        expect(.unsupportedVersion, "version 2.2", opening: [try folder.write(PcapBytes(version: (2, 2)).bytes)])
        let radio = try folder.write(PcapBytes(linkType: 127).bytes)
        expect(.unsupportedLinkType, "link type 127 (IEEE802_11_RADIO)", opening: [radio])
        expect(.unsupportedLinkType, "supported are 1 (EN10MB), 101 (RAW)", opening: [radio])
        expect(.unsupportedLinkType, "link type 60000 ", opening: [try folder.write(PcapBytes(linkType: 60_000).bytes)])
    }

    @Test("Compressed data that are broken from the start")
    func brokenCompression() throws {
        expect(.unreadable, "gzip data are damaged", opening: [try folder.write([0x1f, 0x8b, 0xff, 0xff, 0, 0, 0])])
        expect(
            .unreadable, "zstd data",
            opening: [try folder.write([0x28, 0xb5, 0x2f, 0xfd] + [UInt8](repeating: 0xff, count: 90))])
        expect(.unreadable, "end in the middle", opening: [try folder.write([0x1f, 0x8b, 8, 0])])
    }

    @Test("Of several files the first bad one is reported")
    func firstBad() throws {
        let good = try folder.write(PcapBytes().bytes, as: "good.pcap")
        expect(.notFound, "b.pcap", opening: [good, folder.path + "/b.pcap", folder.path])
    }
}
