// The key of pseudonyms, from a file.

import Configuration
import Pseudonyms

/// Reads keys: 32 bytes as they are, or as 64 hexadecimal digits.
enum PseudonymKey {
    static func read(_ node: ConfigurationNode) throws(ConfigurationError) -> [UInt8] {
        let path = try node.text()
        let bytes: [UInt8]
        do {
            bytes = try FileBytes.read(path, expecting: "a file with a key")
        } catch {
            throw node.error("\(error)")
        }
        if bytes.count == AddressPseudonyms.keyLength { return bytes }
        let digits = bytes.filter { ![0x20, 0x0a, 0x0d].contains($0) }.map {
            Character(UnicodeScalar($0)).hexDigitValue
        }
        guard digits.count == 2 * AddressPseudonyms.keyLength, digits.allSatisfy({ $0 != nil }) else {
            throw node.error("\(path) is no key; `openssl rand -hex 32 > \(path)` makes one")
        }
        let values = digits.compactMap { $0 }
        return stride(from: 0, to: values.count, by: 2).map { UInt8(values[$0] << 4 | values[$0 + 1]) }
    }
}
