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

/// The packet path writes to fields of classes that one thread owns at a time; checking each such access at run time for
/// overlap takes a tenth of it. Tests run in debug, with the checks on.
let unchecked: [SwiftSetting] = [
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))
]

/// A Swift library target with the house's settings.
func stage(_ name: String, _ dependencies: [Target.Dependency] = [], settings: [SwiftSetting] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: house + unchecked + settings)
}

/// For arithmetic that is hundreds of times slower without the optimiser: debug builds optimise it too, so that their
/// tests can train. Overflow and bounds stay checked.
let optimized: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// A test target with the house's settings; `TestSupport` is always there.
func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies + ["TestSupport"], exclude: exclude, swiftSettings: house)
}

let package = Package(
    name: "leptonnet",
    products: [
        .executable(name: "leptonnet", targets: ["leptonnet"]),
        // What fuzz targets link: without the appliance, whose packages take longer to build than all stages.
        .library(name: "LeptonStages", targets: ["NetTypes", "Capture", "Decode", "FlowTable", "Outputs"]),
        .library(name: "LeptonAppliance", targets: ["Appliance"]),
        .library(name: "PacketSealing", targets: ["PacketSealing"]),
    ],
    traits: [
        .trait(name: "NDPI", description: "Applications of flows, named by libndpi, which must be installed.")
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    ],
    targets: [
        .systemLibrary(
            name: "CPcap", pkgConfig: "libpcap", providers: [.apt(["libpcap-dev"])]),
        .systemLibrary(
            name: "CCompression", pkgConfig: "libzstd", providers: [.apt(["zlib1g-dev", "libzstd-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .target(name: "CLinux"),
        .target(name: "CDigest", cSettings: [.unsafeFlags(["-O2"])]),
        // Both are empty without the trait.
        .target(
            name: "CNDPI", cSettings: [.define("NDPI", .when(traits: ["NDPI"]))],
            linkerSettings: [.linkedLibrary("ndpi", .when(traits: ["NDPI"]))]),
        stage("Naming", ["NetTypes", "CNDPI"]),

        stage("NetTypes"),
        stage("Digest", ["CDigest"], settings: optimized),
        stage("Capture", ["NetTypes", "CPcap", "CCompression", "CLinux"]),
        stage("PacketProtection", ["CCrypto"]),
        stage("Pseudonyms", ["NetTypes", "CCrypto"]),
        stage("Decode", ["NetTypes", "Digest", "PacketProtection"]),
        stage("FlowTable", ["NetTypes", "CLinux"]),
        stage("Outputs", ["NetTypes", "Digest", "Pseudonyms"]),
        stage("Learning", settings: optimized),
        stage("Shaper", ["NetTypes", "Learning"], settings: optimized),
        stage("Anomaly", ["NetTypes", "Learning", "CLinux"], settings: optimized),
        stage("Advice", ["NetTypes", "Digest"], settings: optimized),
        stage("Enforcement", ["NetTypes", "CLinux"]),
        stage(
            "SecureStream",
            [
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOTLS", package: "swift-nio"), .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ]),
        stage("Configuration", ["NetTypes", "Yams"]),
        stage(
            "Appliance",
            [
                "NetTypes", "Capture", "Decode", "FlowTable", "Anomaly", "Learning", "Shaper", "Advice", "Enforcement",
                "Outputs", "Pseudonyms", "SecureStream", "Configuration",
                "CLinux", .target(name: "Naming", condition: .when(traits: ["NDPI"])),
            ]),
        .executableTarget(
            name: "leptonnet",
            dependencies: ["Appliance", .product(name: "ArgumentParser", package: "swift-argument-parser")],
            swiftSettings: house),

        .target(name: "TestSupport", dependencies: ["NetTypes"], path: "Tests/TestSupport", swiftSettings: house),
        .target(
            name: "PacketSealing", dependencies: ["PacketProtection", "CCrypto"], path: "Tests/PacketSealing",
            swiftSettings: house),
        tests("NetTypesTests", ["NetTypes"]),
        tests("DigestTests", ["Digest"]),
        tests("CaptureTests", ["Capture", "NetTypes"]),
        tests("PacketProtectionTests", ["PacketProtection", "PacketSealing"]),
        tests("DecodeTests", ["Decode", "NetTypes", "Digest", "PacketProtection", "PacketSealing"]),
        tests("FlowTableTests", ["FlowTable", "NetTypes"]),
        tests(
            "ApplianceTests",
            ["Appliance", "Advice", "Anomaly", "Capture", "Configuration", "FlowTable", "NetTypes", "Outputs"]),
        tests("PseudonymsTests", ["Pseudonyms", "NetTypes"]),
        tests("OutputsTests", ["Outputs", "NetTypes", "Pseudonyms"]),
        tests("LearningTests", ["Learning"], exclude: ["Reference"]),
        tests("ShaperTests", ["Shaper", "Learning", "NetTypes"]),
        tests("AdviceTests", ["Advice", "NetTypes"]),
        tests("EnforcementTests", ["Enforcement", "Advice", "Appliance", "NetTypes"]),
        tests("EndToEndTests", ["Appliance", "NetTypes", .product(name: "Yams", package: "Yams")]),
        tests("AnomalyTests", ["Anomaly", "Learning", "NetTypes"], exclude: ["Reference"]),
    ]
)
