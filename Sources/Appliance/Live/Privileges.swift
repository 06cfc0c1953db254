// Who the process is once its interfaces are open, and what it may still do.

import CLinux
import Glibc

/// Gives up what a capture does not need.
enum Privileges {
    /// Becomes an ordinary user with CAP_NET_RAW alone, which is kept so that an interface that comes back can be opened.
    ///
    /// Root becomes the named user, or who called sudo, or stays root without root's powers. Call before there is a
    /// second thread.
    ///
    /// - Parameter user: name of the user; nil without one.
    static func drop(to user: String?) throws(UserError) {
        let identity = try identity(of: user)
        let code = lepton_drop_privileges(identity.user, identity.group)
        guard code == 0 || !isPrivileged else {
            throw UserError("privileges cannot be dropped: \(String(cString: strerror(code)))")
        }
    }

    /// Makes folders that are missing, for the user that `drop` will become.
    static func make(_ folders: [String], for user: String?) throws(UserError) {
        let identity = try identity(of: user)
        guard geteuid() == 0 else { return }
        for folder in folders where mkdir(folder, 0o750) == 0 { _ = chown(folder, identity.user, identity.group) }
    }

    private static func identity(of user: String?) throws(UserError) -> (user: uid_t, group: gid_t) {
        var identity = (user: geteuid(), group: getegid())
        if let user {
            guard let entry = getpwnam(user) else {
                throw UserError("there is no user '\(user)'; `useradd --system \(user)` makes one")
            }
            identity = (entry.pointee.pw_uid, entry.pointee.pw_gid)
            guard identity.user == geteuid() || geteuid() == 0 else {
                throw UserError("only root can become the user '\(user)'; leave it out or start as root")
            }
        } else if geteuid() == 0, let caller = number("SUDO_UID"), let group = number("SUDO_GID") {
            identity = (caller, group)
        }
        return identity
    }

    private static var isPrivileged: Bool { geteuid() == 0 || lepton_can_capture() != 0 }

    private static func number(_ name: String) -> UInt32? {
        getenv(name).flatMap { UInt32(String(cString: $0)) }
    }

    /// Confines files and system calls, as far as the kernel can. Returns what it cannot do, in words.
    ///
    /// - Parameters:
    ///   - readable: folders that are read.
    ///   - writable: folders that files are made in.
    static func confine(readable: [String], writable: [String]) -> [String] {
        var missing: [String] = []
        let code = withPaths(readable) { read in
            withPaths(writable) { write in
                lepton_confine_files(read, readable.count, write, writable.count)
            }
        }
        if code != 0 { missing.append("files are not confined (Landlock: \(words(code)))") }
        let calls = lepton_confine_calls()
        if calls != 0 { missing.append("system calls are not confined (seccomp: \(words(calls)))") }
        return missing
    }

    private static func words(_ code: Int32) -> String {
        String(cString: strerror(code)).lowercased()
    }

    private static func withPaths<Result>(
        _ paths: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
    ) -> Result {
        let copies = paths.map { strdup($0) }
        defer { for copy in copies { free(copy) } }
        return copies.map { UnsafePointer<CChar>($0) }.withUnsafeBufferPointer { body($0.baseAddress) }
    }
}
