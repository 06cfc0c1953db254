// A joinable thread.

import CLinux
import Glibc

/// A POSIX thread that runs a closure.
struct Thread {
    private let handle: pthread_t

    /// Starts a thread.
    ///
    /// - Parameters:
    ///   - name: shown by `top -H`; at most 15 bytes count.
    ///   - isDetached: whether nobody will wait for its end.
    init(name: String, isDetached: Bool = false, _ body: @escaping @Sendable () -> Void) {
        final class Box {
            let body: @Sendable () -> Void
            init(_ body: @escaping @Sendable () -> Void) { self.body = body }
        }
        var handle = pthread_t()
        let box = Unmanaged.passRetained(Box(body))
        let result = pthread_create(
            &handle, nil,
            { argument in
                Unmanaged<Box>.fromOpaque(argument!).takeRetainedValue().body()
                return nil
            }, box.toOpaque())
        precondition(result == 0, "cannot start a thread: error \(result)")
        lepton_name_thread(handle, String(decoding: name.utf8.prefix(15), as: UTF8.self))
        self.handle = handle
        if isDetached { pthread_detach(handle) }
    }

    /// Waits until the thread has ended.
    func join() {
        pthread_join(handle, nil)
    }
}
