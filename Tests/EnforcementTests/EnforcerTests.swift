// Changes of the kernel: made whole or not at all, and only of what is ours.

import Enforcement
import Foundation
import NetTypes
import Synchronization
import Testing

@testable import Advice
@testable import Appliance

/// What a sending thread hands back.
private final class SentCount: Sendable {
    let value = Atomic(0)
}

@Suite(.enabled(if: PrivateNetwork.isPossible, PrivateNetwork.reason), .serialized)
struct EnforcerTests {
    private static let interfaces = ["wan0", "wan1", "wan2"]

    /// A router with three ways out.
    private static func makePaths() throws {
        for (index, interface) in interfaces.enumerated() {
            try NetworkSandbox.addPair(interface, "far\(index)")
            try Program.ip.require(["route", "add", "192.0.2.\(index * 4 + 1)", "dev", interface])
        }
    }

    @Test("Everything is as before after undo")
    func everythingIsAsBeforeAfterUndo() async throws {
        let changes = try [
            SampleRules.filter(.limit).change, SampleRules.shape().change, SampleRules.route([20, 10, 10]).change,
        ]
        try await PrivateNetwork.run {
            try Self.makePaths()
            try Program.nft.require(
                ["-f", "-"],
                input:
                    "table inet filter {\nchain input {\ntype filter hook input priority 0;\ntcp dport 22 accept\n}\n}\n"
            )
            let before = try NetworkSandbox.snapshot(interfaces: Self.interfaces)
            let enforcer = try Enforcer(folder: PrivateNetwork.folder())
            for change in changes { try enforcer.apply(change) }
            #expect(try NetworkSandbox.snapshot(interfaces: Self.interfaces) != before)
            #expect(enforcer.inForce == changes.map(\.name))
            try enforcer.undoAll()
            #expect(try NetworkSandbox.snapshot(interfaces: Self.interfaces) == before)
        }
    }

    @Test("Others' queues, routes and nexthops are not touched")
    func othersQueuesRoutesAndNexthopsAreNotTouched() async throws {
        let shape = try SampleRules.shape().change
        let route = try SampleRules.route([1, 1, 1]).change
        try await PrivateNetwork.run {
            try Self.makePaths()
            try Program.tc.require(["qdisc", "add", "dev", "wan1", "root", "handle", "7:", "pfifo", "limit", "9"])
            try Program.ip.require(["route", "add", "198.18.0.0/15", "dev", "wan2"])
            let before = try NetworkSandbox.snapshot(interfaces: Self.interfaces)
            let enforcer = try Enforcer(folder: PrivateNetwork.folder())
            #expect(throws: EnforcementError.self) { try enforcer.apply(shape) }
            #expect(throws: EnforcementError.self) { try enforcer.apply(route) }
            try Program.ip.require(["route", "del", "198.18.0.0/15", "dev", "wan2"])
            try Program.ip.require(["route", "add", "198.18.0.0/15", "dev", "wan2"])
            #expect(try NetworkSandbox.snapshot(interfaces: Self.interfaces) == before)
            #expect(enforcer.inForce.isEmpty)
        }
    }

    @Test("A change that fails halfway is rolled back")
    func aChangeThatFailsHalfwayIsRolledBack() async throws {
        let name = "leptonnet_0123456789ab"
        let text = "qdisc add dev wan0 root handle 1e97: htb default 40\nclass add dev wan0 parent 1e97: nonsense\n"
        let broken = Change(
            name: name, lifetime: 60, program: .tc(create: text, change: ""), owned: [.queues(interface: "wan0")])
        try await PrivateNetwork.run {
            try Self.makePaths()
            let before = try NetworkSandbox.snapshot(interfaces: Self.interfaces)
            let enforcer = try Enforcer(folder: PrivateNetwork.folder())
            #expect(throws: EnforcementError.self) { try enforcer.apply(broken) }
            #expect(try NetworkSandbox.snapshot(interfaces: Self.interfaces) == before)
            #expect(enforcer.inForce.isEmpty)
        }
    }

    @Test("Changes end when their time is over")
    func changesEndWhenTheirTimeIsOver() async throws {
        let change = try SampleRules.filter(.drop, lifetime: 1).change
        try await PrivateNetwork.run {
            let before = try NetworkSandbox.snapshot(interfaces: [])
            let enforcer = try Enforcer(folder: PrivateNetwork.folder())
            try enforcer.apply(change)
            #expect(try enforcer.expire().isEmpty)
            sleep(2)
            #expect(try enforcer.expire() == [change.name])
            #expect(try NetworkSandbox.snapshot(interfaces: []) == before)
        }
    }

    @Test("Changing classes in place loses no packet")
    func changingClassesInPlaceLosesNoPacket() async throws {
        let plans = try (0..<20).map { try SampleRules.shape(voice: $0 % 2 == 0 ? 150_000 : 120_000).change }
        let (sent, arrived) = try await PrivateNetwork.run {
            try Self.makePaths()
            try Program.nft.require(
                ["-f", "-"],
                input: "table inet count {\ncounter c { }\nchain p {\ntype filter hook prerouting priority 0;\n"
                    + "iifname \"far1\" udp dport 9000 counter name c\n}\n}\n")
            let enforcer = try Enforcer(folder: PrivateNetwork.folder())
            try enforcer.apply(plans[0])
            let frame = ProbeFrame.bytes(
                source: "10.0.0.1".address, destination: "198.18.0.1".address, transport: 17, sourcePort: 9000,
                destinationPort: 9000, length: 1000, to: try PacketSender.hardwareAddress(of: "far1"))
            // At most 8 of the 10 Mbit/s of the second path, for four seconds. Each packet waits a millisecond from the
            // one before, so that a sender that was held up does not catch up in a burst.
            let departure = PacketSender.Departure(time: 1_000_000, frame: 0)
            // The socket stays in this network, whichever thread sends.
            let sender = try PacketSender(interface: "wan1")
            let sent = SentCount()
            let done = DispatchSemaphore(value: 0)
            Thread.detachNewThread {
                for _ in 0..<4000 {
                    sent.value.add(sender.send([departure], of: [frame]), ordering: .sequentiallyConsistent)
                }
                done.signal()
            }
            for plan in plans.dropFirst() {
                usleep(100_000)
                try enforcer.apply(plan)
            }
            done.wait()
            usleep(200_000)
            let arrived = try Verification.counter("c", of: "count").packets
            try enforcer.undoAll()
            return (sent.value.load(ordering: .sequentiallyConsistent), arrived)
        }
        print("changing classes in place: \(sent - arrived) of \(sent) packets lost over 19 changes")
        #expect(sent == 4000)
        #expect(arrived == sent)
    }

    @Test("New weights move no live flow, and hardly more idle ones than needed")
    func newWeightsMoveNoLiveFlowAndHardlyMoreIdleOnesThanNeeded() async throws {
        let before = try SampleRules.route([20, 10, 10], idleTimer: 2).change
        let after = try SampleRules.route([16, 12, 12], idleTimer: 2).change
        let (live, moved, least) = try await PrivateNetwork.run {
            try Self.makePaths()
            try NetworkSandbox.addPair("in0", "in1")
            NetworkSandbox.set("net/ipv4/ip_forward", "1")
            NetworkSandbox.set("net/ipv4/conf/all/rp_filter", "0")
            NetworkSandbox.set("net/ipv4/fib_multipath_hash_policy", "1")
            let enforcer = try Enforcer(folder: PrivateNetwork.folder())
            try enforcer.apply(before)
            let old = try Self.places()
            try enforcer.apply(after)
            let live = zip(old, try Self.places()).count { $0 != $1 }
            sleep(6)
            let new = try Self.places()
            let least = (0..<3).reduce(0) { sum, path in
                sum + max(0, old.count { $0 == path } - new.count { $0 == path })
            }
            try enforcer.undoAll()
            return (live, zip(old, new).count { $0 != $1 }, least)
        }
        print("new weights: \(live) live flows moved; \(moved) of 2000 idle ones, \(least) were needed")
        #expect(live == 0)
        #expect(least > 100)
        #expect(Double(moved) <= 1.1 * Double(least), "\(moved) moved, \(least) needed")
    }

    /// The path of each of 2,000 forwarded flows.
    private static func places() throws -> [Int] {
        let questions = (0..<2000).map { flow in
            "route get 198.18.3.4 from 10.1.2.3 iif in1 ipproto udp sport \(10_000 + flow) dport \(20_000 + flow * 7 % 9000)\n"
        }
        let answers = try Program.ip.require(["-batch", "-"], input: questions.joined())
        return answers.split(separator: "\n").compactMap { line in
            (0..<3).first { line.contains(" dev wan\($0) ") }
        }
    }
}
