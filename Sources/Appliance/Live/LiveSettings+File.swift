// Settings of a live run from a YAML file.

import Capture
import Configuration

extension LiveSettings {
    /// Keys of a live run beside those of `ReplaySettings`.
    static let keys = ["capture", "service", "selftest", "advice"]

    /// Whether a file is one of the appliance, by its first-level keys; a file of a site has others.
    ///
    /// - Throws: `UserError` when it cannot be read, or has a key of neither.
    public static func isMeant(by path: String) throws(UserError) -> Bool {
        let bytes = try FileBytes.read(path, expecting: "a YAML file")
        do {
            let root = try ConfigurationNode(parsing: String(decoding: bytes, as: UTF8.self), path: path)
            let given = try root.keys()
            if given.contains(where: (keys + ReplaySettings.keys).contains) { return true }
            if given.contains(where: SiteFile.keys.contains) { return false }
        } catch {
            throw UserError("\(error)")
        }
        throw UserError(
            "\(path): no key tells what it is for; the appliance knows \((ReplaySettings.keys + keys).joined(separator: ", ")), "
                + "a site \(SiteFile.keys.joined(separator: ", "))")
    }

    /// Takes over what a configuration file says.
    ///
    /// - Throws: `UserError` with file, line and mend. Unknown keys are refused.
    public mutating func apply(file path: String) throws(UserError) {
        let bytes = try FileBytes.read(path, expecting: "a YAML file")
        configurationPath = path
        readFolders.append(path.lastIndex(of: "/").map { String(path[..<$0]) } ?? ".")
        do {
            try apply(ConfigurationNode(parsing: String(decoding: bytes, as: UTF8.self), path: path))
        } catch {
            throw UserError("\(error)")
        }
    }

    /// Takes over what a parsed configuration says.
    mutating func apply(_ root: ConfigurationNode) throws(ConfigurationError) {
        try analysis.apply(root)
        if let node = try root.value("capture") { try applyCapture(node) }
        if let node = try root.value("service") { try applyService(node) }
        if let node = try root.value("advice") { try applyAdvice(node) }
        if let node = try root.value("selftest") {
            try node.allow(["every", "within"])
            if let value = try node.value("every") { selftest.every = try value.seconds() }
            if let value = try node.value("within") { selftest.within = try value.seconds() }
            if let every = selftest.every, every < 2 * selftest.within {
                throw node.error("a test may take \(selftest.within) s (within), so every is at least twice that")
            }
        }
    }

    private mutating func applyCapture(_ node: ConfigurationNode) throws(ConfigurationError) {
        try node.allow(["interfaces", "filter", "snap-length", "ring", "promiscuous"])
        if let value = try node.value("interfaces") {
            capture.interfaces = []
            for element in try value.elements() { capture.interfaces.append(try element.text()) }
            guard !capture.interfaces.isEmpty else { throw value.error("name an interface; `ip link` lists them") }
        }
        if let value = try node.value("filter") {
            let text = try value.text()
            capture.filter = text.isEmpty ? nil : text
        }
        if let value = try node.value("snap-length") {
            capture.snapLength = try value.integer(in: 64...CaptureLimits.frameLength)
        }
        if let value = try node.value("ring") {
            capture.ringBytes = try value.bytes()
            guard LiveCaptureOptions.ringRange.contains(capture.ringBytes) else {
                throw value.error("a ring has from 1MiB to 4GiB")
            }
        }
        if let value = try node.value("promiscuous") { capture.isPromiscuous = try value.flag() }
    }

    private mutating func applyService(_ node: ConfigurationNode) throws(ConfigurationError) {
        try node.allow(["status-socket", "metrics", "user", "confine", "state", "checkpoint"])
        if let value = try node.value("status-socket") { statusSocket = try value.text() }
        if let value = try node.value("metrics") {
            guard let address = ListenAddress(try value.text()) else {
                throw value.error("an address has the form 127.0.0.1:9477 or [::1]:9477")
            }
            metrics = address
        }
        if let value = try node.value("user") { user = try value.text() }
        if let value = try node.value("confine") { isConfined = try value.flag() }
        if let value = try node.value("state") { stateFolder = try value.text() }
        if let value = try node.value("checkpoint") { checkpointInterval = try value.seconds() }
    }

    private mutating func applyAdvice(_ node: ConfigurationNode) throws(ConfigurationError) {
        try node.allow(["site", "mode"])
        guard let site = try node.value("site") else { throw node.error("name the site file under 'site'") }
        let path = try site.text()
        let mode = try node.value("mode")?.text()
        do {
            try recommend(site: path, mode: mode)
        } catch {
            throw node.error("\(error)")
        }
    }
}
