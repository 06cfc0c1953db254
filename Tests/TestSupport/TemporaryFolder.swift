// Folders for what tests write.

import Foundation
import Synchronization

/// Folders that are removed, with all that is in them, when the test process ends: what a test writes there may outlive
/// the value that names it.
public enum TemporaryFolder {
    private static let made = Mutex<[String]>([])

    /// Makes a folder that nobody else may read, and returns its path.
    ///
    /// - Parameter name: stands in its name.
    public static func make(_ name: String) throws -> String {
        let path = NSTemporaryDirectory() + "leptonnet-\(name)-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        made.withLock { paths in
            if paths.isEmpty { atexit { TemporaryFolder.removeAll() } }
            paths.append(path)
        }
        return path
    }

    private static func removeAll() {
        for path in made.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: path) }
    }
}
