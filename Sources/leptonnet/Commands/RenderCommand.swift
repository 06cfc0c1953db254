// `leptonnet render`: a recommendation in the language of one program.

import Appliance
import ArgumentParser

struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Print a recommendation for one program, after checking every invariant again.",
        discussion: """
            Also takes a proposal of your own: a recommendation without `decision`. Exit status 1 when it has no form in \
            the language asked for.
            """)

    @Argument(help: "A recommendation, as `recommend --output` writes it.")
    var recommendation: String

    @Option(help: "The site file.")
    var site: String

    @Option(help: "One of \(RecommendationRun.Form.allCases.map(\.rawValue).joined(separator: ", ")).")
    var format: RecommendationRun.Form = .text

    func run() throws {
        guard let text = try format.text(of: recommendation, site: try SiteFile(path: site)) else {
            Terminal.write("leptonnet: \(recommendation): has no form as \(format.rawValue)\n", to: 2)
            throw ExitCode(1)
        }
        Terminal.write(text, to: 1)
    }
}
