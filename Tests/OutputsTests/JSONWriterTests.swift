// Tests of the JSON writer, with hostile text and another parser as judge.

import Foundation
import NetTypes
import Outputs
import TestSupport
import Testing

@Suite("JSON")
struct JSONWriterTests {
    @Test("Integers of every length are written like Swift writes them")
    func integers() {
        var values: [UInt64] = [0, UInt64.max, UInt64(Int64.max)]
        var power: UInt64 = 1
        for _ in 0..<20 {
            values += [power - 1, power, power &+ 1, power &* 9 &+ 5]
            power = power &* 10
        }
        for value in values {
            var buffer = LineBuffer(capacity: 1)
            buffer.append(decimal: value)
            #expect(content(buffer) == String(value))
        }
        for value in [Int64.min, -10_000, -1, 0, 7, Int64.max] {
            var buffer = LineBuffer(capacity: 1)
            buffer.append(decimal: value)
            #expect(content(buffer) == String(value))
        }
    }

    @Test(
        "Thousandths have no exponent and no useless zeros",
        arguments: [
            (0, "0"), (1, "0.001"), (1500, "1.5"), (2000, "2"), (-1250, "-1.25"), (Int64.max, "9223372036854775.807"),
        ] as [(Int64, String)])
    func thousandths(value: Int64, expected: String) {
        var json = JSONWriter()
        json.beginLine()
        json.member("v", thousandths: value)
        json.endLine()
        #expect(text(of: json) == "{\"v\":\(expected)}")
    }

    @Test("Commas stand between members and elements, and nowhere else")
    func commas() throws {
        var json = JSONWriter(capacity: 1)
        for _ in 0..<2 {
            json.beginLine()
            json.beginArray("empty")
            json.endArray()
            json.beginObject("none")
            json.endObject()
            json.member("open", "[")
            json.member("brace", "{")
            json.beginArray("list")
            json.element(1)
            json.element(-2)
            json.beginObject()
            json.member("yes", true)
            json.member("no", false)
            json.endObject()
            json.element("[")
            json.element(IPAddress("::1")!)
            json.endArray()
            json.endLine()
        }
        let line = #"{"empty":[],"none":{},"open":"[","brace":"{","list":[1,-2,{"yes":true,"no":false},"[","::1"]}"#
        #expect(text(of: json) == line + "\n" + line)
        #expect(json.buffer.lines == 2)
    }

    @Test("Hostile text becomes one harmless line that means what was sent")
    func hostileText() throws {
        let cases: [([UInt8], String)] = [
            (Array("a\"b\\c/".utf8), #""a\"b\\c/""#),
            ([0, 1, 8, 9, 10, 12, 13, 27, 31], #""\u0000\u0001\b\t\n\f\r\u001b\u001f""#),
            ([0x7f], #""\u007f""#),
            (Array("\u{85}\u{9b}31m".utf8), #""\u0085\u009b31m""#),
            (Array("\u{2028}\u{2029}".utf8), #""\u2028\u2029""#),
            (Array("\u{202e}txt.exe\u{2066}\u{200f}\u{61c}".utf8), #""\u202etxt.exe\u2066\u200f\u061c""#),
            ([0xff, 0x41, 0xc0, 0xaf], #""\\xffA\\xc0\\xaf""#),
            ([0xed, 0xa0, 0x80], #""\\xed\\xa0\\x80""#),
            ([0xf4, 0x90, 0x80, 0x80], #""\\xf4\\x90\\x80\\x80""#),
            ([0xe2, 0x82], #""\\xe2\\x82""#),
            (Array("grüße, 日本 😀".utf8), "\"grüße, 日本 😀\""),
            ([], #""""#),
        ]
        for (bytes, expected) in cases {
            #expect(Self.quoted(bytes) == expected)
        }
    }

    @Test("Each position within a word of eight bytes is looked at")
    func positions() {
        for position in 0..<24 {
            for byte: UInt8 in [0x00, 0x1f, 0x22, 0x5c, 0x7f, 0x80, 0xff] {
                var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 24)
                bytes[position] = byte
                let escaped =
                    switch byte {
                    case 0x22: "\\\""
                    case 0x5c: "\\\\"
                    case 0x80...: "\\\\x" + String(byte, radix: 16)
                    default: "\\u00" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
                    }
                let a = { String(repeating: "a", count: $0) }
                #expect(Self.quoted(bytes) == "\"" + a(position) + escaped + a(23 - position) + "\"")
            }
        }
    }

    @Test(
        "Python reads random bytes back as its own decoder does",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/python3")))
    func differential() throws {
        var random = SeededGenerator(seed: 5)
        var json = JSONWriter()
        let pieces: [[UInt8]] = [
            Array("plain text ".utf8), [0x22, 0x5c], [0xc3, 0xa4], [0xe2, 0x80, 0xa8], [0xf0, 0x9f, 0x98, 0x80], [0xc2],
            [0xe2, 0x80], [0xf0, 0x9f], [0x0a, 0x0d], [0xed, 0xbf, 0xbf],
        ]
        for _ in 0..<3000 {
            var bytes: [UInt8] = []
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                bytes +=
                    Bool.random(using: &random)
                    ? pieces.randomElement(using: &random)!
                    : (0..<Int.random(in: 0...12, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random)
                    }
            }
            json.beginLine()
            json.member("raw", bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined())
            bytes.withUnsafeBytes { json.member("text", escaping: $0) }
            json.endLine()
        }
        let script = """
            codecs, json, sys, unicodedata = map(__import__, ['codecs', 'json', 'sys', 'unicodedata'])
            codecs.register_error('x', lambda e: (''.join('\\\\x%02x' % b for b in e.object[e.start:e.end]), e.end))
            count = 0
            for line in sys.stdin.buffer.read().decode('utf-8', 'strict').split('\\n')[:-1]:
                assert not any(unicodedata.category(c) in ('Cc', 'Zl', 'Zp') for c in line), line
                assert not any(unicodedata.bidirectional(c) in
                    ('LRE','RLE','PDF','LRO','RLO','LRI','RLI','FSI','PDI') for c in line), line
                o = json.loads(line)
                assert o['text'] == bytes.fromhex(o['raw']).decode('utf-8', 'x'), line
                count += 1
            print(count)
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
        process.arguments = ["-c", script]
        let input = try TemporaryFile(json.buffer.withBytes { Data($0) })
        let output = Pipe()
        process.standardInput = try FileHandle(forReadingFrom: input.url)
        process.standardOutput = output
        try process.run()
        let answer = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(answer == "3000\n")
    }

    @Test("A buffer grows and keeps its content")
    func growth() {
        var buffer = LineBuffer(capacity: 1)
        var expected = ""
        for number in 0..<2000 {
            buffer.append(decimal: UInt64(number))
            buffer.endLine()
            expected += "\(number)\n"
        }
        #expect(content(buffer) == expected)
        #expect(buffer.lines == 2000)
        buffer.clear()
        #expect(buffer.count == 0 && buffer.lines == 0)
    }

    private func content(_ buffer: borrowing LineBuffer) -> String {
        buffer.withBytes { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes as a JSON string.
    private static func quoted(_ bytes: [UInt8]) -> String {
        var json = JSONWriter()
        json.beginLine()
        bytes.withUnsafeBytes { json.member("s", escaping: $0) }
        json.endLine()
        return String(text(of: json).dropFirst(5).dropLast(1))
    }
}
