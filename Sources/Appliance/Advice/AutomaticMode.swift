// Mode auto: recommendations in force until they end or we do.

import Advice
import Enforcement
import Glibc

/// Applies recommendations through a helper and watches over them.
public struct AutomaticMode {
    /// Where it is remembered what is in force.
    public static let defaultFolder = "/var/lib/leptonnet/enforcement"

    private let site: SiteFile
    private let folder: String

    /// - Parameter folder: state folder, made when missing.
    public init(site: SiteFile, folder: String) {
        self.site = site
        self.folder = folder
    }

    /// Applies what a run recommends.
    public func run(_ report: RecommendationReport) throws(UserError) {
        try run(report.recommendations.map { (RecommendationFile($0).bytes(), $0.decision) })
    }

    /// Applies recommendations from files.
    public func run(files: [String]) throws(UserError) {
        var documents: [(bytes: [UInt8], name: String)] = []
        for path in files {
            documents.append((try FileBytes.read(path, expecting: "a recommendation of `leptonnet recommend`"), path))
        }
        try run(documents)
    }

    private func run(_ documents: [(bytes: [UInt8], name: String)]) throws(UserError) {
        // Waited for below; before the helper starts, so that none is lost.
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM, SIGHUP] { sigaddset(&signals, number) }
        pthread_sigmask(SIG_BLOCK, &signals, nil)
        makeParent()
        do throws(EnforcementError) {
            let helper = try helperClient()
            try HelperClient.confine()
            if !helper.greeting.isEmpty { Self.say(helper.greeting) }
            for document in documents { apply(document.bytes, document.name, helper) }
            try watch(helper, signals)
            guard helper.stop() else {
                throw EnforcementError("not everything could be undone; \(folder)/journal names what is left")
            }
            Self.say("everything is as before")
        } catch {
            throw UserError("\(error)")
        }
    }

    /// Starts the helper and leaves the rest to the caller.
    func startHelper() throws(UserError) -> HelperClient {
        makeParent()
        do throws(EnforcementError) {
            return try helperClient()
        } catch {
            throw UserError("\(error)")
        }
    }

    private func helperClient() throws(EnforcementError) -> HelperClient {
        try HelperClient(
            program: try Self.program(), arguments: ["enforcement-helper", "--site", site.path, "--state", folder])
    }

    private func apply(_ bytes: [UInt8], _ name: String, _ helper: HelperClient) {
        do throws(EnforcementError) {
            Self.say("applied \(try helper.apply(bytes)) (\(name))")
        } catch {
            Self.say("not applied: \(name): \(error)")
        }
    }

    /// Waits until nothing is in force or somebody asks to end.
    private func watch(_ helper: HelperClient, _ signals: sigset_t) throws(EnforcementError) {
        var signals = signals
        var known = try helper.inForce()
        while !known.isEmpty {
            var patience = timespec(tv_sec: 1, tv_nsec: 0)
            if sigtimedwait(&signals, nil, &patience) > 0 { return }
            let present = try helper.inForce()
            for name in known where !present.contains(name) { Self.say("ended \(name)") }
            known = present
        }
    }

    private func makeParent() {
        guard let slash = folder.lastIndex(of: "/"), slash != folder.startIndex else { return }
        mkdir(String(folder[..<slash]), 0o755)
    }

    /// The file of this program.
    private static func program() throws(EnforcementError) -> String {
        var path = [CChar](repeating: 0, count: 4096)
        let length = readlink("/proc/self/exe", &path, path.count - 1)
        guard length > 0 else { throw EnforcementError("this program's own file cannot be found (/proc)") }
        return String(decoding: path[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private static func say(_ text: String) {
        Terminal.write("leptonnet: \(text)\n", to: STDERR_FILENO)
    }
}

/// The helper that `AutomaticMode` starts.
public struct EnforcementHelper {
    private let site: SiteFile
    private let folder: String

    public init(site: SiteFile, folder: String) {
        self.site = site
        self.folder = folder
    }

    /// Serves until its appliance goes away, then undoes everything.
    public func run() throws(UserError) {
        let gate = Gate(site: site.site)
        do throws(EnforcementError) {
            try HelperServer.confine()
            try HelperServer(folder: folder) { document, inForce in
                try RecommendationFile.recommendation(
                    document, path: "recommendation", gate: gate, inForce: inForce
                ).change
            }.run()
        } catch {
            throw UserError("\(error)")
        }
    }
}
