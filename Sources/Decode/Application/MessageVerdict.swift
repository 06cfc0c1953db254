// How reading a message went.

/// What a parser says about a message. Whatever it could read it has written in any case.
enum MessageVerdict {
    /// Read to its end.
    case whole
    /// Bytes are missing, or there was more than a record holds.
    case partial
    /// The message breaks its protocol's rules.
    case malformed
}
