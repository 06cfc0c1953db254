// The mutation run's worker: replays changed captures one after the other. scripts/mutate starts it.

import Appliance
import Foundation
import FuzzSupport
import Glibc

/// Replays variants of capture slices through the whole appliance.
///
///     Mutate SLICES SCRATCH SEED FIRST COUNT     replays variants FIRST ..< FIRST + COUNT
///     Mutate SLICES FILE SEED NUMBER             writes one variant into a file
///
/// Before each variant its number goes to standard output, so that whoever reads along knows which one was the last. A
/// variant that computes for five seconds ends the process by SIGPROF, one that only waits for three minutes by SIGALRM.
@main
struct Mutate {
    private static let computingForOne = 5
    private static let waitingForOne: UInt32 = 180
    /// Of so many variants, one is replayed with two workers too and has its log read by another JSON parser.
    private static let closerLook = 20

    private let slices: [[UInt8]]
    private let packets: [PacketRanges]
    private let seed: UInt64

    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        let numbers = arguments.dropFirst(2).compactMap { UInt64($0) }
        guard arguments.count == 4 || arguments.count == 5, numbers.count == arguments.count - 2 else {
            fatalError("usage: Mutate SLICES SCRATCH SEED FIRST COUNT, or Mutate SLICES FILE SEED NUMBER")
        }
        let paths = Array(arguments.prefix(2))
        let run = try Mutate(slices: paths[0], seed: numbers[0])
        if numbers.count == 2 {
            try Data(run.variant(numbers[1])).write(to: URL(fileURLWithPath: paths[1]))
        } else {
            try run.replay(numbers[1]..<(numbers[1] + numbers[2]), scratch: paths[1])
        }
    }

    private init(slices folder: String, seed: UInt64) throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        slices = try names.map { try [UInt8](Data(contentsOf: URL(fileURLWithPath: folder + "/" + $0))) }
        packets = slices.map { PacketRanges($0) }
        precondition(!slices.isEmpty, "there are no slices in \(folder)")
        self.seed = seed
    }

    /// The bytes of a variant, which its number and the seed decide.
    private func variant(_ number: UInt64) -> [UInt8] {
        var mutation = Mutation(seed: seed &* 0x9e37_79b9_7f4a_7c15 &+ number)
        let slice = Int(number % UInt64(slices.count))
        return mutation.change(slices[slice], packets: packets[slice].ranges)
    }

    private func replay(_ numbers: Range<UInt64>, scratch: String) throws {
        let capture = scratch + "/variant"
        var refused = 0
        var damaged = 0
        for number in numbers {
            say("\(number)")
            try Data(variant(number)).write(to: URL(fileURLWithPath: capture))
            guardTime(isOn: true)
            let outcome = replay(capture, into: scratch + "/one", workers: 1)
            if outcome == nil { refused += 1 }
            if outcome == false { damaged += 1 }
            if number % UInt64(Self.closerLook) == 0, outcome != nil { try lookCloser(capture, scratch) }
            guardTime(isOn: false)
        }
        say("done refused=\(refused) damaged=\(damaged)")
    }

    /// Winds up both timers, or stops them. Time of the processor is what a variant is allowed: other programs may make it
    /// wait on a busy machine, but not compute.
    private func guardTime(isOn: Bool) {
        var timer = itimerval()
        timer.it_value.tv_sec = isOn ? Self.computingForOne : 0
        // The C library's type is an enumeration or an integer, as the headers before it have it: 2 is ITIMER_PROF in both.
        setitimer(unsafeBitCast(UInt32(2), to: __itimer_which_t.self), &timer, nil)
        alarm(isOn ? Self.waitingForOne : 0)
    }

    /// Whether a capture was read to its end; nil when it was refused as a whole.
    private func replay(_ capture: String, into folder: String, workers: Int) -> Bool? {
        var settings = ReplaySettings()
        settings.paths = [capture]
        settings.output = folder
        settings.workers = workers
        settings.flowMemory = 8 << 20
        settings.applicationMemory = 32 << 20
        settings.showsProgress = false
        do throws(UserError) {
            return try Replay(settings).run().damage.isEmpty
        } catch {
            return nil
        }
    }

    private func lookCloser(_ capture: String, _ scratch: String) throws {
        _ = replay(capture, into: scratch + "/two", workers: 2)
        for name in ["eve.json", "leptonnet.json"] {
            let one = try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(scratch)/one/\(name)")))
            let two = try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(scratch)/two/\(name)")))
            precondition(one == two, "one worker and two write different lines to \(name)")
            LineCheck.check(lines: one)
        }
    }

    /// Writes a line at once: standard output is a pipe, and the last line must be true after a crash.
    private func say(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }
}
