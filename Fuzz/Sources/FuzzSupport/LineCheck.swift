// Judges rendered lines with a JSON parser that is not ours.

import Foundation
import NetTypes
import Outputs

/// Renders events as both logs do and holds every line against Foundation's JSON parser.
///
/// Most inputs differ in one line from one that was there before: what was judged already is not judged again.
public enum LineCheck {
    // A fuzz target has one thread.
    private nonisolated(unsafe) static var judged = JudgedLines()
    private nonisolated(unsafe) static var lines = 0

    /// Traps unless each line is one line of valid UTF-8, is an object that JSONSerialization reads, and repeats no key. One
    /// in sixteen must also be the same after it was written and read again, which takes longer than all the rest.
    ///
    /// - Parameters:
    ///   - raised: what observers attached to the events.
    ///   - snapshot: counters to be rendered behind the events.
    public static func check(
        _ events: EventBuffer, options: EVEOptions = EVEOptions(), raised: FlowAnnotations = FlowAnnotations(),
        snapshot: StatisticsSnapshot? = nil
    ) {
        var lines = JSONWriter()
        let renderer = EVERenderer(options)
        let supplement = SupplementRenderer(communityIDSeed: options.communityIDSeed)
        var annotations = AnnotationReader(raised)
        for (index, header) in events.headers.enumerated() {
            let event = StreamEvent(header: header, buffer: events, ordinal: UInt64(index))
            renderer.render(event, at: index, annotations: &annotations, into: &lines)
            supplement.render(event, into: &lines)
        }
        if let snapshot {
            renderer.render(snapshot, into: &lines)
            supplement.render(snapshot, into: &lines)
        }
        lines.buffer.withBytes { bytes in
            let count = judged.forEachNew(in: bytes) { _ = check(line: Array($0)[...]) }
            precondition(count == lines.buffer.lines, "a line holds a line end")
        }
    }

    /// The same for lines that were rendered elsewhere; gives what they hold.
    @discardableResult
    public static func check(_ lines: borrowing JSONWriter) -> [[String: Any]] {
        let objects = check(lines: lines.buffer.withBytes { Array($0) })
        precondition(objects.count == lines.buffer.lines, "a line holds a line end")
        return objects
    }

    /// The same for the bytes of a log.
    @discardableResult
    public static func check(lines bytes: [UInt8]) -> [[String: Any]] {
        guard !bytes.isEmpty else { return [] }
        precondition(bytes.last == UInt8(ascii: "\n"), "the last line has no end")
        let parts = bytes.dropLast().split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        return parts.map { check(line: $0) }
    }

    private static func check(line: ArraySlice<UInt8>) -> [String: Any] {
        guard String(validating: line, as: UTF8.self) != nil else { fail("is not UTF-8", line) }
        guard line.allSatisfy({ $0 >= 0x20 && $0 != 0x7f }) else { fail("holds a control byte", line) }
        do {
            let parsed = try JSONSerialization.jsonObject(with: Data(line))
            guard let object = parsed as? [String: Any] else { fail("is no object", line) }
            lines &+= 1
            if lines % 16 == 1 {
                let written = try JSONSerialization.data(withJSONObject: object)
                let again = try JSONSerialization.jsonObject(with: written) as? NSDictionary
                guard again == NSDictionary(dictionary: object) else { fail("is another one after a round trip", line) }
            }
            var keys = KeyScanner(line)
            guard !keys.findsDuplicate() else { fail("repeats a key", line) }
            return object
        } catch {
            fail("is no JSON (\(error))", line)
        }
    }

    private static func fail(_ what: String, _ line: ArraySlice<UInt8>) -> Never {
        fatalError("a line \(what): \(String(decoding: line, as: UTF8.self))")
    }
}
