// The interfaces' packets, and now and then those of a self-test.

import Capture
import NetTypes
import Synchronization

/// Passes packets on from interfaces, adds a self-test's frames when asked, and shows the monitor how the capture stands.
///
/// Called like its interfaces; `inject` by any thread.
final class LiveSource: PacketSource, @unchecked Sendable {
    private let interfaces: InterfaceSource
    private let monitor: LiveMonitor
    private let waiting = Mutex<SelftestAttack?>(nil)
    private let isWaiting = Atomic<Bool>(false)
    /// Attacks whose frames may still be in the pipeline.
    private var recent: [SelftestAttack] = []

    init(_ interfaces: InterfaceSource, _ monitor: LiveMonitor) {
        self.interfaces = interfaces
        self.monitor = monitor
    }

    var damage: [CaptureDamage] { [] }
    var progress: (done: Int, total: Int)? { nil }

    var capture: CaptureState? {
        let state = interfaces.capture
        if let state { monitor.note(state) }
        return state
    }

    /// Puts an attack among the packets.
    func inject(_ attack: SelftestAttack) {
        waiting.withLock { $0 = attack }
        isWaiting.store(true, ordering: .releasing)
        interfaces.hurry()
    }

    func read(into batch: FrameBatch) -> SourceState {
        let state = interfaces.read(into: batch)
        monitor.beat()
        guard isWaiting.load(ordering: .acquiring), state != .finished,
            batch.capacity - batch.count >= SelftestAttack.frameCount
        else { return state }
        let attack = waiting.withLock { attack in
            defer { attack = nil }
            return attack
        }
        isWaiting.store(false, ordering: .relaxed)
        if let attack {
            attack.append(to: batch, at: interfaces.now)
            recent = recent.suffix(3) + [attack]
        }
        return state
    }
}
