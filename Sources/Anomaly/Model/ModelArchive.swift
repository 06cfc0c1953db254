// The bytes of a saved model.

/// Hands state to whoever keeps its bytes, or reads it back from them: the same calls in the same order do both, so that
/// what is saved and what is restored cannot differ.
///
/// Numbers are in the machine's order. What is saved is handed on piece by piece and never held as a whole: a state may
/// take half of the memory there is. Reading never goes beyond the bytes; what does not fit makes the archive unsound.
final class ModelArchive {
    private let bytes: [UInt8]
    private var offset = 0
    /// Takes the next bytes; nil when the archive is read.
    private let write: ((UnsafeRawBufferPointer) -> Void)?
    /// False when something read does not fit.
    private(set) var isSound = true

    /// - Parameter write: takes the next bytes, which are its own only while it runs.
    init(writing write: @escaping (UnsafeRawBufferPointer) -> Void) {
        bytes = []
        self.write = write
    }

    init(reading bytes: [UInt8]) {
        self.bytes = bytes
        write = nil
    }

    var isReading: Bool { write == nil }

    /// Whether everything was read.
    var isAtEnd: Bool { offset == bytes.count }

    func refuse() {
        isSound = false
    }

    func exchange(_ memory: UnsafeMutableRawBufferPointer) {
        if let write { return write(UnsafeRawBufferPointer(memory)) }
        guard isSound, bytes.count - offset >= memory.count else {
            isSound = false
            return
        }
        bytes.withUnsafeBytes { memory.copyMemory(from: .init(rebasing: $0[offset..<(offset + memory.count)])) }
        offset += memory.count
    }

    func exchange<Value: BitwiseCopyable>(_ value: inout Value) {
        withUnsafeMutableBytes(of: &value) { exchange($0) }
    }

    /// Elements of memory that is there already.
    func exchange<Element: BitwiseCopyable>(_ memory: UnsafeMutablePointer<Element>, count: Int) {
        exchange(UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(start: memory, count: count)))
    }

    /// A count that must not exceed a limit; zero when it does.
    func exchange(count: inout Int, atMost limit: Int) {
        var word = UInt64(count)
        exchange(&word)
        guard isReading else { return }
        if !isSound || word > UInt64(limit) {
            isSound = false
            word = 0
        }
        count = Int(word)
    }

    /// An array of at most `limit` elements.
    func exchange<Element: BitwiseCopyable>(_ array: inout [Element], atMost limit: Int) {
        var count = array.count
        exchange(count: &count, atMost: limit)
        guard isReading else {
            array.withUnsafeMutableBytes { exchange($0) }
            return
        }
        guard isSound, count <= (bytes.count - offset) / max(1, MemoryLayout<Element>.stride) else {
            isSound = false
            array = []
            return
        }
        array = Array(unsafeUninitializedCapacity: count) { buffer, initialized in
            exchange(
                UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count * MemoryLayout<Element>.stride))
            initialized = count
        }
    }
}
