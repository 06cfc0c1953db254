// What the journal believes, and what it does not.

import Enforcement
import Foundation
import Testing

struct JournalTests {
    @Test(
        "Lines of a journal that are not ours are refused",
        arguments: [
            "table leptonnet_00\n", "change others\n", "change leptonnet_00\ntable filter\n",
            "change leptonnet_00\nqueues ../x\n", "change leptonnet_00\ngroup 1 x;y 10.0.0.0/8;reboot\n",
            "change leptonnet_00; reboot\n", "nonsense\n",
        ])
    func linesThatAreNotOursAreRefused(_ text: String) throws {
        let folder = try PrivateNetwork.folder()
        try Data(text.utf8).write(to: URL(filePath: folder + "/journal"))
        #expect(throws: EnforcementError.self) { try Journal(folder: folder) }
    }

    @Test("A folder that others may write to is refused")
    func aFolderThatOthersMayWriteToIsRefused() throws {
        let folder = try PrivateNetwork.folder()
        chmod(folder, 0o777)
        #expect(throws: EnforcementError.self) { try Journal(folder: folder) }
    }

    @Test("A folder has one user at a time")
    func aFolderHasOneUserAtATime() throws {
        let folder = try PrivateNetwork.folder()
        let journal = try Journal(folder: folder)
        #expect(throws: EnforcementError.self) { try Journal(folder: folder) }
        journal.release()
        try Journal(folder: folder).release()
    }
}
