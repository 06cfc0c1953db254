// What becomes of findings while a run goes on.

import Advice

/// Recommendations of a live run.
struct AdviceSettings: Sendable {
    var site: SiteFile
    /// The file's own mode unless something else was asked for.
    var mode: AdviceMode

    /// - Parameter mode: overrides the site file's.
    init(sitePath: String, mode: String?) throws(UserError) {
        site = try SiteFile(path: sitePath)
        self.mode = try site.mode(overriddenBy: mode)
    }
}
