// Values of the command line.

import Appliance
import ArgumentParser
import Glibc

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

/// Runs a command's work; an error of the appliance is printed as one line and ends the program with status 2.
func complain(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch let error as UserError {
        Terminal.write("leptonnet: \(error)\n", to: STDERR_FILENO)
        throw ExitCode(2)
    }
}
