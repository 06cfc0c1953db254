// What single stages cost: prints one line a figure. Run it on a quiet machine: `make bench`.

import Appliance

/// `StageBenchmarks [CAPTURE]`: table figures, and with a capture what a second worker is worth.
@main
struct StageBenchmarks {
    static func main() throws {
        TableBenchmark.run()
        if CommandLine.arguments.count > 1 { try WorkerBenchmark.run(CommandLine.arguments[1]) }
    }

    /// Prints a figure with its name and unit.
    static func report(_ name: String, _ value: Double, _ unit: String) {
        print(name.padded(to: 62), decimal(value), unit)
    }

    private static func decimal(_ value: Double) -> String {
        let hundredths = Int((value * 100).rounded())
        let fraction = hundredths % 100
        let text = "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
        return String(repeating: " ", count: Swift.max(0, 10 - text.count)) + text
    }
}

extension String {
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - count))
    }
}

/// Runs a measurement several times and gives the median.
func median(of runs: Int = 5, _ measure: () throws -> Double) rethrows -> Double {
    var values: [Double] = []
    for _ in 0..<runs { values.append(try measure()) }
    return values.sorted()[runs / 2]
}
