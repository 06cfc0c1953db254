// Log lines of a part of a batch, ready to be written.

import NetTypes
import Outputs

/// The lines that one worker rendered from consecutive events.
final class RenderedLines: @unchecked Sendable {
    var eve = JSONWriter()
    var supplement = JSONWriter()
    /// Copies of the events, for outputs that render on threads of their own.
    var kept: KeptEvents?

    func clear() {
        kept = nil
        eve.clear()
        supplement.clear()
    }
}
