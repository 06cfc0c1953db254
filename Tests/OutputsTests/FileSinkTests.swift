// Tests of writing files: order, refusal, full disks, slow readers.

import Foundation
import Outputs
import Testing

@Suite("File sink")
struct FileSinkTests {
    /// Lines of the form {"n":0}.
    private func write(_ numbers: Range<Int>, to sink: FileSink) {
        var json = JSONWriter(capacity: 16)
        for number in numbers {
            json.beginLine()
            json.member("n", number)
            json.endLine()
        }
        sink.write(json.buffer)
    }

    private func lines(_ numbers: Range<Int>) -> String { numbers.map { "{\"n\":\($0)}\n" }.joined() }

    @Test("Lines arrive in order, in a file that only owner and group can read")
    func writes() throws {
        let file = try TemporaryFile()
        let sink = try FileSink(path: file.path)
        write(0..<1000, to: sink)
        write(1000..<1001, to: sink)
        try sink.close()
        #expect(file.text == lines(0..<1001))
        #expect(sink.lostLines == 0 && sink.failure == nil)
        let mode = try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int
        #expect(mode.map { $0 & ~0o640 } == 0)
    }

    @Test("A run replaces the log of the run before, or continues it when asked to")
    func dispositions() throws {
        let file = try TemporaryFile(Data("old\n".utf8))
        let replacing = try FileSink(path: file.path)
        #expect(file.text == "old\n", "opening alone changes nothing")
        write(0..<1, to: replacing)
        try replacing.close()
        #expect(file.text == lines(0..<1))
        let appending = try FileSink(path: file.path, .append)
        write(1..<2, to: appending)
        try appending.close()
        #expect(file.text == lines(0..<2))
        try FileSink(path: file.path).close()
        #expect(file.text == "", "a run without lines leaves an empty log, not the old one")
    }

    @Test("Giving up leaves no new file and does not touch an old one")
    func discard() throws {
        let fresh = try TemporaryFile()
        try FileSink(path: fresh.path).discard()
        #expect(fresh.text == nil)
        let old = try TemporaryFile(Data("old\n".utf8))
        try FileSink(path: old.path).discard()
        #expect(old.text == "old\n")
    }

    @Test("What cannot be opened is refused in one line that says what to do")
    func refusals() throws {
        let file = try TemporaryFile(Data())
        for (path, reason) in [
            (file.directory.path, "a directory stands where the file would go"),
            (file.path + "/eve.json", "a file stands where a directory is needed"),
            (file.directory.path + "/missing/eve.json", "create the directory first"),
        ] {
            let error = #expect(throws: OutputError.self) { try FileSink(path: path) }
            #expect(error?.code == .cannotOpen && error?.path == path)
            #expect(error?.description.hasPrefix("cannot write \(path): ") == true)
            #expect(error?.description.contains(reason) == true && error?.description.contains("\n") == false)
        }
    }

    @Test("An output directory is made with its parents, and refused when a file is in the way")
    func directories() throws {
        let file = try TemporaryFile(Data())
        let path = file.directory.path + "/a//b/c/"
        try OutputDirectory.prepare(path)
        try OutputDirectory.prepare(path)
        let sink = try FileSink(path: path + "eve.json")
        try sink.close()
        let error = #expect(throws: OutputError.self) { try OutputDirectory.prepare(file.path + "/out") }
        #expect(error?.path == file.path)
    }

    @Test(
        "A full device costs lines, not the run, and is reported once",
        .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func fullDevice() throws {
        let sink = try FileSink(path: "/dev/full")
        write(0..<10, to: sink)
        write(10..<15, to: sink)
        #expect(sink.lostLines == 15)
        let error = #expect(throws: OutputError.self) { try sink.close() }
        #expect(error?.code == .linesLost)
        #expect(
            error?.description
                == "lost 15 lines of /dev/full: no space left on device; make room on the disk and run again")
    }

    @Test("A disk that fills up midway leaves whole lines only, and later lines are tried again")
    func fillsUp() async throws {
        await #expect(processExitsWith: .success) {
            // A limit on the size of files stands for the full disk.
            signal(SIGXFSZ, SIG_IGN)
            let resource = __rlimit_resource_t(RLIMIT_FSIZE.rawValue)
            var limit = rlimit()
            getrlimit(resource, &limit)
            limit.rlim_cur = 1003
            precondition(setrlimit(resource, &limit) == 0)
            let path = FileManager.default.temporaryDirectory.path + "/leptonnet-full-\(getpid())"
            defer { unlink(path) }
            let sink = try FileSink(path: path)
            var buffer = LineBuffer()
            for _ in 0..<120 {
                buffer.append("123456789")
                buffer.endLine()
            }
            sink.write(buffer)
            precondition(sink.lostLines == 20)
            buffer.clear()
            buffer.append("ab")
            buffer.endLine()
            sink.write(buffer)
            precondition(sink.lostLines == 20)
            let content = try String(contentsOfFile: path, encoding: .utf8)
            precondition(content == String(repeating: "123456789\n", count: 100) + "ab\n")
            do throws(OutputError) {
                try sink.close()
                preconditionFailure("a loss must be reported")
            } catch {
                precondition("\(error)".hasPrefix("lost 20 lines of \(path): file too large"))
            }
        }
    }

    @Test("A slow reader behind a full pipe gets everything")
    func pipe() async throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        #expect(fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0)
        let sink = FileSink(descriptor: descriptor, name: "-")
        let expected = lines(0..<50_000)
        async let received = Self.read(expected.utf8.count, from: pipe.fileHandleForReading)
        write(0..<50_000, to: sink)
        try sink.close()
        #expect(await received == Data(expected.utf8))
    }

    @concurrent
    private static func read(_ count: Int, from handle: FileHandle) async -> Data {
        var received = Data()
        while received.count < count { received += handle.availableData }
        return received
    }
}
