// Memory that costs nothing until it is touched.

import Glibc

/// Reserves zeroed memory, as the kernel hands it out: pages become real when they are first written.
enum ZeroedMemory {
    /// - Parameter count: elements, all of whose bytes are zero.
    static func reserve<Element: BitwiseCopyable>(_ count: Int) -> UnsafeMutablePointer<Element> {
        guard let memory = calloc(count, MemoryLayout<Element>.stride) else {
            preconditionFailure("no memory for \(count) elements")
        }
        return memory.bindMemory(to: Element.self, capacity: count)
    }

    static func release<Element>(_ memory: UnsafeMutablePointer<Element>) {
        free(memory)
    }
}
