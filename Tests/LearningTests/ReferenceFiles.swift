// The files that Reference/make_reference.py writes.

import Foundation
import Learning

enum ReferenceFiles {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "Reference")

    static func bytes(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: name)))
    }

    static func lines(_ name: String) throws -> [[Substring]] {
        let text = String(decoding: try bytes(name), as: UTF8.self)
        return text.split(separator: "\n").map { $0.split(separator: " ") }
    }

    static func tensors() throws -> SafetensorsFile {
        try SafetensorsFile(bytes: bytes("pytorch.safetensors"))
    }
}

extension SafetensorsFile {
    /// The values of a tensor that must be there.
    func values(_ name: String) throws -> [Float] {
        guard let tensor = tensor(named: name) else { throw LearningError(.mismatchedModel, "no tensor '\(name)'") }
        return tensor.values
    }
}

/// The largest difference between two lists, relative to the larger of 1 and the second list's largest magnitude.
func difference(_ values: [Float], _ reference: [Float]) -> Float {
    guard values.count == reference.count else { return .infinity }
    let scale = max(1, reference.map(\.magnitude).max() ?? 1)
    var largest: Float = 0
    for (value, expected) in zip(values, reference) {
        let distance = (value - expected).magnitude
        if !(distance <= largest) { largest = distance }
    }
    return largest / scale
}
