// What is wrong with one line.

import NetTypes

/// Collects what is wrong with the line being looked at, and which checks were made at all.
struct LineJudge: Sendable {
    private(set) var faults: [String] = []
    /// Times that each check was made.
    private(set) var checks: [String: Int] = [:]

    mutating func beginLine() {
        faults.removeAll(keepingCapacity: true)
    }

    /// Notes a check, and what to say when it fails.
    mutating func check(_ name: String, _ isFine: Bool, _ message: @autoclosure () -> String) {
        checks[name, default: 0] += 1
        if !isFine { faults.append(message()) }
    }

    /// Adds the checks that another judge has made.
    mutating func add(_ other: LineJudge) {
        checks.merge(other.checks, uniquingKeysWith: +)
    }

    // MARK: What several formats ask

    mutating func requireKeys(_ keys: [String], of value: StrictJSON) {
        for key in keys { check("required members", value[key] != nil, "\(key) is missing") }
    }

    mutating func allow(_ keys: Set<String>, in value: StrictJSON?, of name: String) {
        guard let members = value?.members else { return }
        for key in members.keys { check("known members", keys.contains(key), "\(name) has no member '\(key)'") }
    }

    mutating func address(_ path: String, of value: StrictJSON) {
        guard let found = value[path] else { return }
        let address = found.string.flatMap { IPAddress($0) }
        check("addresses", address != nil && address?.description == found.string, "\(path) is no canonical address")
    }

    mutating func port(_ path: String, of value: StrictJSON) {
        guard let found = value[path] else { return }
        check("ports", found.whole.map { (0...65535).contains($0) } ?? false, "\(path) is no port")
    }

    mutating func counter(_ path: String, of value: StrictJSON) {
        guard let found = value[path] else { return }
        check("counters", found.whole.map { $0 >= 0 } ?? false, "\(path) is no counter: an integer from zero up")
    }
}

/// Judges the lines of one format.
protocol FormatJudge {
    mutating func judge(_ line: ArraySlice<UInt8>, _ result: inout LineJudge)
}
