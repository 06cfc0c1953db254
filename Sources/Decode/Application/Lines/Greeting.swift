// How a server opens a conversation of lines.

/// What the first bytes of the other direction say, for protocols whose clients' openings look alike.
enum Greeting {
    case none
    /// "220": FTP or SMTP.
    case ready
    /// "+OK": POP3.
    case post

    init(_ bytes: ApplicationReader) {
        if bytes.starts(with: "220") {
            self = .ready
        } else if bytes.starts(with: "+OK") {
            self = .post
        } else {
            self = .none
        }
    }
}
