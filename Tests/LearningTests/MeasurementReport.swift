// Whether the tests should measure at length and print what they found.

import Foundation

enum MeasurementReport {
    /// True with `LEARNING_MEASURE=1` in the environment.
    static let isWanted = ProcessInfo.processInfo.environment["LEARNING_MEASURE"] == "1"
}
