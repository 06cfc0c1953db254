// swift-tools-version: 6.2
// Benchmarks of single stages. Whole replays against other programs are measured by scripts/bench, which runs these too.

import PackageDescription

let package = Package(
    name: "Benchmarks",
    dependencies: [.package(name: "leptonnet", path: "..")],
    targets: [
        .executableTarget(
            name: "StageBenchmarks",
            dependencies: [
                .product(name: "LeptonStages", package: "leptonnet"),
                .product(name: "LeptonAppliance", package: "leptonnet"),
            ])
    ]
)
