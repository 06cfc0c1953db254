// Values of the command line.

import Appliance
import ArgumentParser
import Glibc

/// A list of EVE event types, separated by commas.
struct EventTypeList: ExpressibleByArgument {
    let types: EventTypes

    static let names = EventTypes.named.map(\.name).joined(separator: ",")

    init?(argument: String) {
        var types: EventTypes = []
        for name in argument.split(separator: ",") {
            guard let known = EventTypes.named.first(where: { $0.name == name }) else { return nil }
            types.insert(known.type)
        }
        guard !types.isEmpty else { return nil }
        self.types = types
    }
}

/// A number of bytes with a unit.
struct ByteCount: ExpressibleByArgument {
    let bytes: Int

    init?(argument: String) {
        guard let bytes = UnitText.bytes(argument), bytes > 0 else { return nil }
        self.bytes = bytes
    }
}

extension SummaryForm: ExpressibleByArgument {}

/// Runs a command's work; an error of the appliance is printed as one line and ends the program with status 2.
func complain(_ body: () throws -> Void) throws {
    do {
        try body()
    } catch let error as UserError {
        var line = "leptonnet: \(error)\n"
        line.withUTF8 { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
        throw ExitCode(2)
    }
}
