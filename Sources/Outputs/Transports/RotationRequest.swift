// A wish that one thread has and another one fulfils.

import Synchronization

/// Whether a new file is wanted. Any thread may ask for one; whoever writes takes the request.
final class RotationRequest: Sendable {
    private let isWanted = Atomic<Bool>(false)

    func request() {
        isWanted.store(true, ordering: .relaxed)
    }

    func take() -> Bool {
        isWanted.exchange(false, ordering: .relaxed)
    }
}
