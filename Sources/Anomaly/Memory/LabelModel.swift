// Whether a name looks like one that somebody chose.

import Learning

/// Letter pairs of the registered names that resolve on this network, and how unlike them a name is.
///
/// A first-order Markov chain over letters, digits, hyphen and the ends of the name, learned from answered queries; the
/// measure is the mean surprise of a name's letters beyond what resolved names have (compare Yadav et al., Detecting
/// algorithmically generated malicious domain names, IMC 2010, who test letter pairs of groups of names).
struct LabelModel {
    private static let symbols = 38
    private var pairs = [UInt32](repeating: 0, count: Self.symbols * Self.symbols)
    private var firsts = [UInt32](repeating: 0, count: Self.symbols)
    /// Mean surprise of names that resolve, in nats a letter.
    private var ordinary: Float = 3
    private var learned: Float = 0

    init() {}

    /// Learns a name that resolved.
    mutating func learn(_ label: UnsafeRawBufferPointer) {
        guard let surprise = surprise(label) else { return }
        learned = min(500, learned + 1)
        ordinary += (surprise - ordinary) / learned
        var before = 0
        for byte in label.prefix(32) {
            let symbol = Self.symbol(byte)
            pairs[before * Self.symbols + symbol] += 1
            firsts[before] += 1
            before = symbol
        }
    }

    /// Nats a letter beyond those of names that resolve; zero while too few are known and for short names.
    func strangeness(_ label: UnsafeRawBufferPointer) -> Float {
        guard learned >= 20, let surprise = surprise(label) else { return 0 }
        return max(0, surprise - ordinary)
    }

    private func surprise(_ label: UnsafeRawBufferPointer) -> Float? {
        guard label.count >= 5 else { return nil }
        var sum: Float = 0
        var before = 0
        for byte in label.prefix(32) {
            let symbol = Self.symbol(byte)
            let seen = Float(pairs[before * Self.symbols + symbol]) + 0.5
            let all = Float(firsts[before]) + 0.5 * Float(Self.symbols)
            sum -= Float(PortableMath.log(Double(seen / all)))
            before = symbol
        }
        return sum / Float(min(32, label.count))
    }

    private static func symbol(_ byte: UInt8) -> Int {
        switch byte {
        case 48...57: Int(byte) - 48 + 1
        case 65...90: Int(byte) - 65 + 11
        case 97...122: Int(byte) - 97 + 11
        default: 37
        }
    }

    /// Saves or takes up what was learned.
    mutating func exchange(_ archive: ModelArchive) {
        archive.exchange(&pairs, atMost: Self.symbols * Self.symbols)
        archive.exchange(&firsts, atMost: Self.symbols)
        archive.exchange(&ordinary)
        archive.exchange(&learned)
        if pairs.count != Self.symbols * Self.symbols || firsts.count != Self.symbols { archive.refuse() }
    }
}
