// A file that is gone when the test is over.

import Foundation

/// A directory of its own with one file in it; removed with everything in it when released.
final class TemporaryFile {
    let directory: URL
    let url: URL

    /// - Parameter content: nil leaves the file missing.
    init(_ content: Data? = nil) throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("leptonnet-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        url = directory.appendingPathComponent("file")
        try content?.write(to: url)
    }

    deinit {
        try? FileManager.default.removeItem(at: directory)
    }

    var path: String { url.path }

    /// The file's content; nil when it does not exist.
    var text: String? { (try? Data(contentsOf: url)).map { String(decoding: $0, as: UTF8.self) } }
}
