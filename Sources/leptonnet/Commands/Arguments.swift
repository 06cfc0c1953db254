// Values of the command line.

import Appliance
import ArgumentParser

/// A list of event types, separated by commas.
struct EventTypeList: ExpressibleByArgument {
    let selection: EventSelection

    init?(argument: String) {
        guard let selection = EventSelection(argument) else { return nil }
        self.selection = selection
    }
}

/// A number of bytes with a unit.
struct ByteCount: ExpressibleByArgument {
    let bytes: Int

    init?(argument: String) {
        guard let bytes = ReplaySettings.byteCount(argument) else { return nil }
        self.bytes = bytes
    }
}

extension SummaryForm: ExpressibleByArgument {}
