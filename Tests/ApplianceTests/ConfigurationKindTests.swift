// Which file `config check` takes one for.

import Foundation
import Testing

@testable import Appliance

@Suite("Kinds of configuration files")
struct ConfigurationKindTests {
    private func isAppliance(_ text: String) throws -> Bool {
        let path = NSTemporaryDirectory() + "kind-\(UUID().uuidString).yaml"
        defer { unlink(path) }
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        return try LiveSettings.isMeant(by: path)
    }

    @Test("A file is told by its keys; one that has none of either kind is refused with both lists")
    func kinds() throws {
        #expect(try isAppliance("workers: 2\n"))
        #expect(try isAppliance("selftest: {every: 1h}\nunknown: 1\n"))
        #expect(try !isAppliance("protected: {own: [192.0.2.1]}\n"))
        let error = #expect(throws: UserError.self) { try isAppliance("worker: 2\n") }
        #expect(error.map { "\($0)".contains("workers, ") && "\($0)".contains("protected, ") } == true)
    }
}
