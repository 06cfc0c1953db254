// Reads an input as a capture file, mapped and as a stream.

import Capture
import Glibc
import NetTypes

/// Lets the file readers read an input both ways they know, and compares.
public enum CaptureCheck {
    /// A frame, copied out of its batch.
    private struct Copy: Equatable {
        let bytes: [UInt8]
        let wireLength: UInt32
        let time: Timestamp
        let linkType: LinkType
        let interface: UInt16
    }

    /// What became of an input: why it could not be opened, or its frames and where it is damaged.
    private struct Reading: Equatable {
        var refusal: CaptureError.Code?
        var frames: [Copy] = []
        var damage: [Int] = []
    }

    /// What a pipe holds at least without a reader (pipe(7)).
    private static let pipeCapacity = 65_536

    /// A file that exists in memory only, made once.
    private static let file: Int32 = {
        var template = Array("/dev/shm/leptonnet-fuzz-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        precondition(descriptor >= 0, "no file could be made in /dev/shm")
        unlink(template)
        return descriptor
    }()

    /// Traps when a mapped file and a stream of the same bytes are not read alike, or when a frame is longer than frames
    /// may be.
    public static func check(_ input: UnsafeRawBufferPointer) {
        let bytes = UnsafeRawBufferPointer(rebasing: input.prefix(pipeCapacity))
        precondition(ftruncate(file, 0) == 0 && pwrite(file, bytes.baseAddress, bytes.count, 0) == bytes.count)
        let mapped = read(descriptor: file)

        var pipeEnds: (Int32, Int32) = (0, 0)
        withUnsafeMutableBytes(of: &pipeEnds) { ends in
            precondition(pipe(ends.bindMemory(to: Int32.self).baseAddress) == 0)
        }
        defer { Glibc.close(pipeEnds.0) }
        precondition(write(pipeEnds.1, bytes.baseAddress, bytes.count) == bytes.count || bytes.isEmpty)
        Glibc.close(pipeEnds.1)
        let streamed = read(descriptor: pipeEnds.0)

        precondition(mapped == streamed, "mapped and streamed differ: \(mapped.damage) \(streamed.damage)")
        precondition(mapped.frames.allSatisfy { $0.bytes.count <= CaptureLimits.frameLength })
    }

    private static func read(descriptor: Int32) -> Reading {
        var reading = Reading()
        do throws(CaptureError) {
            let source = try CaptureOpener.open(paths: ["/proc/self/fd/\(descriptor)"])
            let batch = FrameBatch(capacity: 16, storageCapacity: source.lendsBytes ? 0 : CaptureLimits.frameLength)
            var state = SourceState.open
            while state != .finished {
                batch.clear()
                state = source.read(into: batch)
                reading.frames += (0..<batch.count).map { copy(batch[$0]) }
            }
            reading.damage = source.damage.map(\.offset)
        } catch {
            reading.refusal = error.code
        }
        return reading
    }

    private static func copy(_ frame: Frame) -> Copy {
        Copy(
            bytes: Array(frame.bytes), wireLength: frame.wireLength, time: frame.time, linkType: frame.linkType,
            interface: frame.interface)
    }
}
