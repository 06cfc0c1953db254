// Where a file reader's bytes are.

/// The bytes of a capture: all of them mapped, or a stream that passes through a buffer.
enum CaptureInput {
    case mapped(MappedFile)
    case streamed(StreamBuffer)

    /// What can be read now.
    var window: ByteWindow {
        switch self {
        case .mapped(let file): file.window
        case .streamed(let buffer): buffer.window
        }
    }
}
