// The identification line that both sides of an SSH connection begin with (RFC 4253 section 4.2).

import NetTypes

/// Reads SSH identification lines.
enum SSHBanner {
    /// The longest line, end included.
    static let maximumLength = 255

    /// Writes protocol version and software version of a line `SSH-version-software comments`.
    ///
    /// - Parameters:
    ///   - line: the line, with or without its end.
    ///   - fromServer: which side sent it.
    ///   - isCut: whether the end of the line was not seen.
    ///   - fields: where the fields go.
    static func write(
        _ line: ApplicationReader, fromServer: Bool, isCut: Bool, to fields: inout FieldWriter
    ) -> MessageVerdict {
        var reader = line
        guard reader.starts(with: "SSH-"), reader.skip(4), let versionLength = reader.distance(to: UInt8(ascii: "-")),
            versionLength > 0, let version = reader.take(versionLength), reader.skip(1)
        else { return isCut ? .partial : .malformed }
        let softwareLength =
            reader.unread.firstIndex {
                $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n")
            } ?? reader.remaining
        fields.append(fromServer ? .sshServerProtocol : .sshClientProtocol, version.unread)
        fields.append(
            fromServer ? .sshServerSoftware : .sshClientSoftware, reader.takeAvailable(softwareLength).unread)
        return isCut ? .partial : .whole
    }
}
