// Tests in a network of their own.

import Enforcement
import Foundation
import TestSupport
import Testing

/// Runs tests that change the network where nothing else is.
enum PrivateNetwork {
    /// Whether this process may make network namespaces for its threads.
    static let isPossible =
        geteuid() == 0 && Program.nft.path != nil && Program.ip.path != nil && Program.tc.path != nil

    static let reason: Comment = "needs root, nft, tc and ip, to make network namespaces"

    /// Runs a body in a thread that is in a fresh network, and hands out what it returns.
    static func run<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let thread = Thread {
                continuation.resume(
                    with: Result {
                        try NetworkSandbox.enter()
                        return try body()
                    })
            }
            thread.stackSize = 4 << 20
            thread.start()
        }
    }

    /// A folder for one test's state.
    static func folder() throws -> String {
        try TemporaryFolder.make("enforcement")
    }
}
