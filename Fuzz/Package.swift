// swift-tools-version: 6.2
// Fuzz targets and the mutation run: a package of its own, so that building leptonnet never sees it.

import PackageDescription

let warningsAreErrors = Context.environment["CI"] != nil

let house: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

let stages: Target.Dependency = .product(name: "LeptonStages", package: "leptonnet")

/// A program whose `main` is libFuzzer's: its one file must not be taken for a script, which would bring a `main`.
func fuzzer(_ name: String) -> Target {
    .executableTarget(
        name: name, dependencies: ["FuzzSupport", stages],
        swiftSettings: house + [.unsafeFlags(["-parse-as-library"])])
}

/// Fuzzers link with `--sanitize=fuzzer` only, the mutation run's worker only without: one build makes one or the other.
let programs: [Target] =
    Context.environment["LEPTON_MUTATE"] == nil
    ? [
        fuzzer("FuzzPcap"),
        fuzzer("FuzzPcapng"),
        fuzzer("FuzzDecode"),
        fuzzer("FuzzDNS"),
        fuzzer("FuzzTLS"),
        fuzzer("FuzzHTTP"),
        fuzzer("FuzzSSH"),
        fuzzer("FuzzDHCP"),
        fuzzer("FuzzQUIC"),
        fuzzer("FuzzQUICFrames"),
        fuzzer("FuzzMail"),
        fuzzer("FuzzOffice"),
        fuzzer("FuzzPlant"),
        fuzzer("FuzzLog"),
    ]
    : [
        .executableTarget(
            name: "Mutate",
            dependencies: ["FuzzSupport", .product(name: "LeptonAppliance", package: "leptonnet")],
            swiftSettings: house)
    ]

let package = Package(
    name: "Fuzz",
    dependencies: [.package(name: "leptonnet", path: "..")],
    targets: [
        .target(
            name: "FuzzSupport", dependencies: [stages, .product(name: "PacketSealing", package: "leptonnet")],
            swiftSettings: house)
    ] + programs
)
