// Weights files: written, read back, and broken in every way.

import Learning
import Testing

@Suite("Weights files")
struct SafetensorsTests {
    static let file = SafetensorsFile(
        tensors: [
            .init(name: "0.weight", shape: [2, 3], values: [1, -2.5, 0, .infinity, 0x1p-149, 3]),
            .init(name: "odd \"name\" \\ \u{1}é雪😀", shape: [], values: [7]),
            .init(name: "empty", shape: [4, 0], values: []),
        ],
        metadata: ["b": "second", "a": "first\nline"])

    /// A file with the given header, and `data` bytes of elements.
    private func bytes(_ header: String, data: Int = 0) -> [UInt8] {
        let count = header.utf8.count
        return (0..<8).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) } + Array(header.utf8)
            + [UInt8](repeating: 0, count: data)
    }

    private func fault(_ bytes: [UInt8]) -> LearningError? {
        do throws(LearningError) {
            _ = try SafetensorsFile(bytes: bytes)
            return nil
        } catch {
            return error
        }
    }

    @Test("What was written is read back, and written again gives the same bytes")
    func roundTrip() throws {
        let bytes = Self.file.bytes
        let read = try SafetensorsFile(bytes: bytes)
        #expect(read == Self.file)
        #expect(read.bytes == bytes)
    }

    @Test("The header is padded with spaces so that elements begin at a multiple of eight")
    func alignment() {
        let bytes = Self.file.bytes
        let length = bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(length % 8 == 0)
        #expect(bytes.count == 8 + length + 28)
        let header = String(decoding: bytes[8..<8 + length], as: UTF8.self)
        #expect(
            header.hasPrefix(
                #"{"__metadata__":{"a":"first\u000aline","b":"second"},"0.weight":{"dtype":"F32","shape":[2,3],"#))
    }

    @Test("A file of Python's package is read, its metadata too")
    func python() throws {
        let file = try ReferenceFiles.tensors()
        #expect(file.tensor(named: "gruLast/parameter/weight_ih_l0")?.shape == [15, 4])
        #expect(file.tensor(named: "loss/huber/value")?.shape == [])
        #expect(file.metadata["note"] == "naïve \"ö\" \\ 雪")
    }

    @Test("A file has the bytes of the one that Python's package has opened")
    func written() throws {
        // make_reference.py opens the file and compares every name, shape and value.
        let reference = try ReferenceFiles.bytes("written.safetensors")
        #expect(Self.file.bytes == reference)
    }

    @Test("A model's weights go through a file and give the same outputs, bit for bit")
    func model() throws {
        let network = Sequential([
            GRU(positions: 3, inputs: 2, units: 4), DuelingHead(inputs: 4, hidden: 5, actions: 3),
        ])
        let first = Model(network, seed: 1)
        let second = Model(network, seed: 2)
        #expect(first.parameters.values != second.parameters.values)
        try second.load(SafetensorsFile(bytes: first.weights(metadata: ["seed": "1"]).bytes))
        #expect(first.parameters.values == second.parameters.values)
        #expect(
            first.layout.entries.map(\.specification.name) == [
                "0.weight_ih_l0", "0.weight_hh_l0", "0.bias_ih_l0", "0.bias_hh_l0", "1.value.0.weight",
                "1.value.0.bias",
                "1.value.2.weight", "1.value.2.bias", "1.advantage.0.weight", "1.advantage.0.bias",
                "1.advantage.2.weight", "1.advantage.2.bias",
            ])
    }

    @Test("Weights of another network are refused and leave the model as it was")
    func mismatch() {
        let model = Model(Sequential([Dense(inputs: 2, outputs: 3)]), seed: 1)
        let before = model.parameters.values
        let weight = SafetensorsFile.Tensor(name: "0.weight", shape: [3, 2], values: [1, 2, 3, 4, 5, 6])
        let bias = SafetensorsFile.Tensor(name: "0.bias", shape: [3], values: [1, 2, 3])
        let turned = SafetensorsFile.Tensor(name: "0.weight", shape: [2, 3], values: [1, 2, 3, 4, 5, 6])
        let extra = SafetensorsFile.Tensor(name: "1.bias", shape: [3], values: [1, 2, 3])
        for tensors in [[weight], [turned, bias], [weight, bias, extra]] {
            #expect(throws: LearningError.self) { try model.load(SafetensorsFile(tensors: tensors)) }
            #expect(model.parameters.values == before)
        }
        #expect(throws: Never.self) { try model.load(SafetensorsFile(tensors: [bias, weight])) }
        #expect(model.parameters.values(in: 0..<6) == [1, 2, 3, 4, 5, 6])
    }

    @Test(
        "A header against the format is refused at its place",
        arguments: [
            ("", 8), ("[]", 8), (" {}", 8), ("{", 9), ("{}x", 10), (#"{"a":1}"#, 13), (#"{"a"}"#, 12), ("{,}", 9),
            (#"{"a":{}}"#, 9), (#"{"a":{"dtype":"F32","shape":[]}}"#, 9),
            (#"{"a":{"dtype":"F32","shape":[],"data_offsets":[0]}}"#, 39),
            (#"{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4,4]}}"#, 39),
            (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, 37),
            (#"{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}"#, 37),
            (#"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#, 38),
            (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}"#, 55),
            (#"{"a":{"dtype":"F32","shape":[1,],"data_offsets":[0,4]}}"#, 39),
            (#"{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4],"b":1}}"#, 60),
            (#"{"a":{"dtype":"F32","dtype":"F32"}}"#, 28),
            (#"{"__metadata__":{"a":1}}"#, 29), (#"{"__metadata__":{"a":"1","a":"2"}}"#, 33),
            (#"{"__metadata__":{},"__metadata__":{}}"#, 27), (#"{"\ud800":{}}"#, 16), (#"{"\x":{}}"#, 11),
            (#"{"\u12":{}}"#, 14), ("{\"\u{1}\":{}}", 10), (#"{"a"#, 11),
        ])
    func header(text: String, offset: Int) {
        let error = fault(bytes(text, data: 4))
        #expect(error?.code == .malformedHeader)
        #expect(error?.offset == offset, "\(error?.description ?? "no error")")
    }

    @Test("Escapes in strings are undone")
    func escapes() throws {
        let header = #"{"__metadata__":{"\ud83d\ude00\u00e9\u96EA":"\"\\\/\b\f\n\r\t"}}"#
        #expect(try SafetensorsFile(bytes: bytes(header)).metadata == ["😀é雪": "\"\\/\u{8}\u{c}\n\r\t"])
    }

    @Test("Offsets, shapes and types that do not fit are refused")
    func consistency() {
        func entry(_ name: String, _ shape: String, _ begin: Int, _ end: Int, type: String = "F32") -> String {
            #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[\#(begin),\#(end)]}"#
        }
        #expect(fault(bytes("{\(entry("a", "[1]", 0, 4))}", data: 4)) == nil)
        #expect(fault(bytes("{\(entry("b", "[1]", 4, 8)),\(entry("a", "[1]", 0, 4))}  ", data: 8)) == nil)
        #expect(fault(bytes("{}")) == nil)
        let huge = "[4611686018427387904,4611686018427387904,0]"
        #expect(fault(bytes("{\(entry("a", huge, 0, 0))}")) == nil)

        #expect(fault(bytes("{\(entry("a", "[1]", 0, 4))}", data: 3))?.code == .truncated)
        #expect(fault(bytes("{\(entry("a", "[1]", 0, 4))}", data: 5))?.code == .inconsistentTensor)
        #expect(fault(bytes("{\(entry("a", "[2]", 0, 4))}", data: 4))?.code == .inconsistentTensor)
        #expect(fault(bytes("{\(entry("a", "[1]", 0, 5))}", data: 5))?.code == .inconsistentTensor)
        #expect(fault(bytes("{\(entry("a", "[1]", 4, 8))}", data: 8))?.code == .inconsistentTensor)
        #expect(fault(bytes("{\(entry("a", "[1]", 4, 0))}", data: 4))?.code == .inconsistentTensor)
        let overlap = "{\(entry("a", "[2]", 0, 8)),\(entry("b", "[1]", 4, 8))}"
        #expect(fault(bytes(overlap, data: 8))?.code == .inconsistentTensor)
        let overflow = "[4611686018427387904,4611686018427387904]"
        #expect(fault(bytes("{\(entry("a", overflow, 0, 4))}", data: 4))?.code == .inconsistentTensor)
        let beyond = entry("a", "[2305843009213693951]", 0, 9_223_372_036_854_775_804)
        #expect(fault(bytes("{\(beyond)}", data: 4))?.code == .truncated)
        let half = fault(bytes("{\(entry("a", "[2]", 0, 4, type: "F16"))}", data: 4))
        #expect(half?.code == .unsupportedElementType)
        #expect(half?.message.contains("'a'") == true)
    }

    @Test("A length of the header beyond the file or the format's limit is refused")
    func length() {
        #expect(fault([])?.code == .truncated)
        #expect(fault([1, 0, 0, 0, 0, 0, 0])?.code == .truncated)
        #expect(fault([3, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0x7d])?.code == .truncated)
        #expect(fault([UInt8](repeating: 0xff, count: 16))?.code == .malformedHeader)
    }

    @Test("A file cut anywhere, or with any one byte changed, is read or refused but never stops the program")
    func damage() {
        let bytes = Self.file.bytes
        for count in 0..<bytes.count {
            #expect(fault(Array(bytes.prefix(count))) != nil)
        }
        var random = RandomSource(seed: 8)
        var refused = 0
        for _ in 0..<3_000 {
            var changed = bytes
            changed[random.below(changed.count)] = UInt8(random.below(256))
            if fault(changed) != nil { refused += 1 }
        }
        #expect(refused > 1_000)
    }
}
