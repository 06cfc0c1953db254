// Bytes in a heap block of exactly their size.

/// Copies bytes where AddressSanitizer sees every read past their end, for as long as `body` runs.
///
/// - Parameter body: gets the copy; its address is valid even when it is empty.
public func withLentBytes<Result>(
    _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeBufferPointer<UInt8>) -> Result
) -> Result {
    let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(1, bytes.count))
    defer { copy.deallocate() }
    copy[0] = 0
    _ = copy.update(fromContentsOf: bytes)
    return body(UnsafeBufferPointer(start: copy.baseAddress, count: bytes.count))
}
