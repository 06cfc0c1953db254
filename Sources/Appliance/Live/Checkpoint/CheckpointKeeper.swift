// Checkpoints on disk: taking up the last one, writing the next one.

import Glibc
import NetTypes
import Synchronization

/// Keeps the checkpoint of a state folder. `load` and `finish` are called by the main thread, `take` by the pipeline's.
///
/// The pipeline stands still while the state is handed to the kernel, which needs no copy in this process and does not wait
/// for the disk. Checksum, disk and renaming are a thread's of their own, and meanwhile the next checkpoint is put off.
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
        /// Milliseconds that the pipeline stood still for the last one, and the longest of this run.
        var pause = 0
        var longestPause = 0
    }

    /// Hands a state to whoever takes its bytes.
    typealias Saving = (_ write: @escaping (UnsafeRawBufferPointer) -> Void) -> Void

    private struct State {
        var figures = Figures()
        /// Whether a checkpoint is on its way.
        var isBusy = false
        /// Counts checkpoints; one that is on its way and not the latest is dropped.
        var turn = 0
        var due = Int64.min
    }

    private let folder: String
    /// Nanoseconds of packet time between two checkpoints.
    private let interval: Int64
    private let state = Mutex<State>(State())
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

    /// Takes a checkpoint, which a thread of its own puts in its place; `isDue` has said that it is time.
    func take(_ description: Checkpoint.Description, _ save: Saving) {
        state.withLock { $0.isBusy = true }
        let begin = WaitLock.now
        let writer = write(description, save)
        let pause = WaitLock.now - begin
        let turn = state.withLock {
            $0.figures.pause = pause
            $0.figures.longestPause = max($0.figures.longestPause, pause)
            $0.turn += 1
            return $0.turn
        }
        _ = Thread(name: "checkpoint", isDetached: true) {
            self.seal(writer, description) { self.state.withLock { $0.turn } == turn }
            self.state.withLock { $0.isBusy = false }
        }
    }

    /// Takes the last checkpoint of a run, unless the disk hangs until a moment of `WaitLock.now`. One that is on its way is
    /// dropped: this one would take its place at once.
    func finish(_ description: Checkpoint.Description, by moment: Int, _ save: Saving) {
        state.withLock { $0.turn += 1 }
        guard isAtRest(by: moment) else { return }
        take(description, save)
    }

    /// Waits until no checkpoint is on its way; false when that takes longer than to a moment of `WaitLock.now`.
    func isAtRest(by moment: Int) -> Bool {
        while state.withLock({ $0.isBusy }) {
            guard WaitLock.now < moment else { return false }
            usleep(2000)
        }
        return true
    }

    private func write(_ description: Checkpoint.Description, _ save: Saving) -> Result<SealedFileWriter, UserError> {
        do throws(UserError) {
            let writer = SealedFileWriter(
                path: path, kind: Checkpoint.kind, version: Checkpoint.version, description: try description.line())
            save(writer.append)
            return .success(writer)
        } catch {
            return .failure(error)
        }
    }

    private func seal(
        _ writer: Result<SealedFileWriter, UserError>, _ description: Checkpoint.Description, while isWanted: () -> Bool
    ) {
        do throws(UserError) {
            guard let bytes = try writer.get().seal(while: isWanted) else { return }
            state.withLock {
                $0.figures.written += 1
                $0.figures.failure = nil
                $0.figures.lastSecond = description.second
                $0.figures.lastBytes = bytes
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
