// swift-tools-version: 6.2
// leptonnet: network traffic analysis and anomaly detection for Linux.
//
// Targets follow the packet's way: capture, decode, flow table, outputs. Stage targets never depend on each other; they
// share `NetTypes`, and `Appliance` is the one place that composes them (scripts/check-modules enforces this).

import PackageDescription

let warningsAreErrors = Context.environment["CI"] != nil

let house: [SwiftSetting] =
    [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

/// A Swift library target with the house's settings.
func stage(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: house)
}

/// A test target with the house's settings; `TestSupport` is always there.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], exclude: exclude, swiftSettings: house)
}

let package = Package(
    name: "leptonnet",
    products: [
        .library(name: "LeptonStages", targets: ["NetTypes", "Learning", "Shaper"])
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(
            name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(
            name: "CCompression", pkgConfig: "libzstd", providers: [.apt(["zlib1g-dev", "libzstd-dev"])]),
        .target(name: "CLinux"),

        stage("NetTypes"),
        stage("Learning"),
        stage("Shaper", ["NetTypes", "Learning"]),

        .target(name: "TestSupport", dependencies: ["NetTypes"], path: "Tests/TestSupport", swiftSettings: house),
        tests("NetTypesTests", ["NetTypes"]),
        tests("LearningTests", ["Learning"], exclude: ["Reference"]),
        tests("ShaperTests", ["Shaper", "Learning"]),
    ]
)
