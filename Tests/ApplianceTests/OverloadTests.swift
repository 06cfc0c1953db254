// What is shed when packets pile up, and when it is not.

import FlowTable
import NetTypes
import Testing

@testable import Appliance

@Suite("Overload")
struct OverloadTests {
    private func at(_ seconds: Double) -> Timestamp { Timestamp(nanoseconds: Int64(seconds * 1e9)) }

    @Test("The level rises at once with the backlog, in the stated order")
    func rising() {
        var controller = OverloadController()
        var levels: [OverloadLevel] = []
        for (second, backlog) in [0, 1, 2, 3, 4, 5, 8].enumerated()
        where
            controller.update(backlog: backlog, at: at(Double(second) / 1000))
        {
            levels.append(controller.level)
        }
        #expect(levels == [.application, .statistics, .newFlows])
    }

    @Test("It falls step by step, each after a calm time")
    func falling() {
        var controller = OverloadController()
        _ = controller.update(backlog: 8, at: at(0))
        var changes: [Double] = []
        for tenth in 1...100 where controller.update(backlog: 0, at: at(Double(tenth) / 10)) {
            changes.append(Double(tenth) / 10)
        }
        #expect(controller.level == .none)
        #expect(changes.count == 3)
        #expect(zip(changes, changes.dropFirst()).allSatisfy { $1 - $0 >= 2 })
    }

    @Test("A backlog that comes back starts the calm time anew")
    func relapse() {
        var controller = OverloadController()
        _ = controller.update(backlog: 2, at: at(0))
        for tenth in 1...100 {
            let changed = controller.update(backlog: tenth % 10 == 0 ? 1 : 0, at: at(Double(tenth) / 10))
            #expect(!changed)
        }
        #expect(controller.level == .application)
    }
}
