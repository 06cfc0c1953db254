// A checkpoint of a detector, by way of the disk, as a restart reads it.

import NetTypes
import Testing

@testable import Appliance

extension DetectionObserver {
    /// Writes the detector's last checkpoint into a folder and reads it back. Its secret is that of the keys 1 and 2.
    func kept(at time: Timestamp, in folder: String) throws -> Checkpoint {
        let keeper = CheckpointKeeper(folder: folder, every: 60) { _ in }
        let soon = WaitLock.now + 10_000
        CheckpointObserver(self, secret: LiveSecret(first: 1, second: 2), keeper: keeper).finish(at: time, by: soon)
        #expect(keeper.isAtRest(by: soon))
        return try Checkpoint(FileBytes.read(folder + "/checkpoint", expecting: "a checkpoint"))
    }
}
