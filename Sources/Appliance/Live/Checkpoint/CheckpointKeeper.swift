// Checkpoints on disk: taking up the last one, writing the next one.

import Glibc
import NetTypes
import Synchronization

/// Keeps the checkpoint of a state folder. `load` and `finish` are called by the main thread, `take` by the pipeline's,
/// which never waits for a disk: a thread of its own writes, and while it does the next checkpoint is put off.
final class CheckpointKeeper: Sendable {
    /// How checkpoints stand.
    struct Figures: Sendable {
        /// Packet time of the checkpoint that this run goes on from; nil when it began with nothing.
        var resumedFrom: Int64?
        /// Why the checkpoint that was there could not be taken up.
        var refusal: String?
        var written = 0
        var failed = 0
        /// What the last failure was; nil once one was written again.
        var failure: String?
        /// Packet time of the last one written, and its size.
        var lastSecond: Int64?
        var lastBytes = 0
    }

    private let folder: String
    /// Nanoseconds of packet time between two checkpoints.
    private let interval: Int64
    private let state = Mutex<(figures: Figures, isBusy: Bool, due: Int64)>((Figures(), false, .min))
    private let say: @Sendable (String) -> Void

    /// Seconds by which a checkpoint may be ahead of the clock.
    private static let tolerance: Int64 = 60

    /// - Parameters:
    ///   - folder: exists, or is made.
    ///   - seconds: between two checkpoints.
    init(folder: String, every seconds: Int, say: @escaping @Sendable (String) -> Void) {
        self.folder = folder
        interval = Int64(seconds) * 1_000_000_000
        self.say = say
    }

    private var path: String { folder + "/checkpoint" }

    var figures: Figures { state.withLock { $0.figures } }

    /// Takes up the last checkpoint. What is there and of no use is put aside as `checkpoint.refused`, said, and counted.
    ///
    /// - Parameters:
    ///   - second: the clock's, since the epoch.
    ///   - restore: takes over the state; throws what speaks against it.
    func load(at second: Int64, restore: (Checkpoint) throws(UserError) -> Void) {
        mkdir(folder, 0o750)
        guard access(path, F_OK) == 0 else { return }
        do throws(UserError) {
            let checkpoint = try Checkpoint(FileBytes.read(path, expecting: "a checkpoint"))
            guard checkpoint.description.second <= second + Self.tolerance else {
                throw UserError("it is from the future: the clock was set back")
            }
            try restore(checkpoint)
            state.withLock { $0.figures.resumedFrom = checkpoint.description.second }
            say("goes on from the checkpoint of \(max(0, second - checkpoint.description.second)) s ago")
        } catch {
            rename(path, path + ".refused")
            state.withLock { $0.figures.refusal = "\(error)" }
            say("\(path) is not taken up, detection begins anew: \(error)")
        }
    }

    /// Whether a checkpoint is due at a moment of packet time.
    func isDue(_ time: Timestamp) -> Bool {
        state.withLock { state in
            if state.due == .min { state.due = time.nanoseconds + interval }
            guard time.nanoseconds >= state.due, !state.isBusy else { return false }
            state.due = time.nanoseconds + interval
            state.isBusy = true
            return true
        }
    }

    /// Writes a checkpoint on a thread of its own; `isDue` has said that it is time.
    func take(_ checkpoint: Checkpoint) {
        _ = Thread(name: "checkpoint", isDetached: true) {
            self.write(checkpoint)
            self.state.withLock { $0.isBusy = false }
        }
    }

    /// Writes the last checkpoint of a run, after one that is being written.
    func finish(_ checkpoint: Checkpoint) {
        while state.withLock({ $0.isBusy }) { usleep(2000) }
        write(checkpoint)
    }

    private func write(_ checkpoint: Checkpoint) {
        do throws(UserError) {
            let bytes = try checkpoint.bytes()
            try FileBytes.writeDurably(bytes, to: path)
            state.withLock {
                $0.figures.written += 1
                $0.figures.failure = nil
                $0.figures.lastSecond = checkpoint.description.second
                $0.figures.lastBytes = bytes.count
            }
        } catch {
            let isNew = state.withLock { state in
                defer { state.figures.failure = "\(error)" }
                state.figures.failed += 1
                return state.figures.failure == nil
            }
            if isNew { say("no checkpoint was written: \(error)") }
        }
    }
}
