// Capture files on disk for the life of a test.

import CCompression
import Capture
import Foundation
import NetTypes

/// A folder of its own that goes away with the test.
final class CaptureFolder {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("capture-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Writes a file and gives its path.
    func write(_ bytes: [UInt8], as name: String = "a.pcap") throws -> String {
        let file = path + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: file))
        return file
    }

    /// Writes the bytes, reads them as a capture and gives the frames and the damage.
    func read(_ bytes: [UInt8], filter: String? = nil) throws -> (frames: [Delivered], damage: [CaptureDamage]) {
        let source = try CaptureOpener.open(paths: [write(bytes)], filter: filter)
        return (drain(source), source.damage)
    }

    /// What `read` says of the bytes as a mapped file, which must be what it says of them as a zstd stream.
    func readBothWays(_ bytes: [UInt8]) throws -> (frames: [Delivered], damage: [CaptureDamage]) {
        let mapped = try read(bytes)
        let streamed = try read(zstd(bytes))
        guard mapped == streamed else { throw Disagreement(mapped: "\(mapped)", streamed: "\(streamed)") }
        return mapped
    }

    /// The two readers found different things.
    struct Disagreement: Error {
        let mapped: String
        let streamed: String
    }
}

/// One zstd frame.
func zstd(_ bytes: [UInt8]) -> [UInt8] {
    let bound = ZSTD_compressBound(bytes.count)
    return [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
        count = ZSTD_compress(buffer.baseAddress, bound, bytes, bytes.count, 1)
    }
}

/// What a program makes of its input; nil when the program is not installed.
func output(of program: String, _ arguments: [String], input: [UInt8] = []) throws -> [UInt8]? {
    let folders = ["/usr/bin/", "/bin/", "/usr/local/bin/", "/usr/sbin/"]
    guard let path = folders.map({ $0 + program }).first(where: FileManager.default.isExecutableFile) else {
        return nil
    }
    let folder = try CaptureFolder()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.standardInput = FileHandle(forReadingAtPath: try folder.write(input, as: "input"))
    let answer = Pipe()
    process.standardOutput = answer
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = answer.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Array(data)
}
