// swift-tools-version: 6.2

import Foundation
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .treatAllWarnings(as: .error),
]

// The native engine is an artifact bundle that Scripts/bootstrap lays here. Without it every room but the ones that
// need it still builds and tests.
let engineBundle = "Artifacts/CLlama.artifactbundle"
let hasEngine = FileManager.default.fileExists(atPath: "\(Context.packageDirectory)/\(engineBundle)/info.json")

let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")
let subprocess = Target.Dependency.product(name: "Subprocess", package: "swift-subprocess")

let package = Package(
    name: "assize",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "AssizeCore", targets: ["AssizeCore"]),
        .library(name: "AssizeJudges", targets: ["AssizeJudges"]),
        .library(name: "AssizeData", targets: ["AssizeData"]),
        .library(name: "AssizeStore", targets: ["AssizeStore"]),
        .library(name: "AssizeRuns", targets: ["AssizeRuns"]),
        .library(name: "AssizeReports", targets: ["AssizeReports"]),
        .library(name: "AssizeTesting", targets: ["AssizeTesting"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
    ],
    targets: [
        .target(name: "AssizeCore", dependencies: [crypto, logging]),
        .target(name: "AssizeScripted", dependencies: ["AssizeCore"]),
        .target(name: "AssizeData", dependencies: ["AssizeCore"]),
        .target(
            name: "AssizeHub",
            dependencies: [
                "AssizeCore", yams, subprocess,
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
            ],
            resources: [.embedInCode("Catalogue/catalogue.yaml")]
        ),
        .target(
            name: "AssizeJudges",
            dependencies: ["AssizeCore", yams, .product(name: "Mustache", package: "swift-mustache")],
            resources: [
                .embedInCode("Recipes/Published/assize-pointwise.yaml"),
                .embedInCode("Recipes/Published/assize-pairwise.yaml"),
                .embedInCode("Recipes/Published/prometheus-absolute.yaml"),
                .embedInCode("Recipes/Published/prometheus-relative.yaml"),
            ]
        ),
        .target(
            name: "AssizeStore",
            dependencies: ["AssizeCore", .product(name: "GRDB", package: "GRDB.swift")]
        ),
        .target(name: "AssizeMetrics", dependencies: ["AssizeCore"]),
        .target(name: "AssizeReports"),
        .target(
            name: "AssizeRuns",
            dependencies: ["AssizeCore", "AssizeData", "AssizeJudges", "AssizeStore", "AssizeMetrics"]
        ),
        .target(name: "AssizeTesting", dependencies: ["AssizeCore", "AssizeScripted"]),

        .testTarget(name: "ArchitectureTests"),
        .testTarget(name: "AssizeCoreTests", dependencies: ["AssizeCore", "AssizeScripted", "AssizeTesting"]),
        .testTarget(name: "AssizeDataTests", dependencies: ["AssizeData", "AssizeCore"]),
        .testTarget(
            name: "AssizeHubTests",
            dependencies: ["AssizeHub", "AssizeCore", .product(name: "FlyingFox", package: "FlyingFox")]
        ),
        .testTarget(
            name: "AssizeJudgesTests",
            dependencies: ["AssizeJudges", "AssizeCore", "AssizeScripted"],
            resources: [.copy("Fixtures")]
        ),
        .testTarget(name: "AssizeStoreTests", dependencies: ["AssizeStore", "AssizeCore"]),
        .testTarget(name: "AssizeReportsTests", dependencies: ["AssizeReports"]),
        .testTarget(name: "AssizeMetricsTests", dependencies: ["AssizeMetrics", "AssizeCore"]),
        .testTarget(
            name: "AssizeRunsTests",
            dependencies: [
                "AssizeRuns", "AssizeCore", "AssizeData", "AssizeJudges", "AssizeStore", "AssizeMetrics",
                "AssizeScripted",
            ]
        ),
    ]
)

if hasEngine {
    package.products += [
        .library(name: "AssizeLocal", targets: ["AssizeLocal"]),
        .library(name: "AssizeTraining", targets: ["AssizeTraining"]),
        .executable(name: "assize", targets: ["assize"]),
    ]
    package.targets += [
        .binaryTarget(name: "CLlama", path: engineBundle),
        .target(
            name: "AssizeLocal",
            dependencies: ["AssizeCore", "CLlama"],
            swiftSettings: [.strictMemorySafety()]
        ),
        .target(name: "CKernels"),
        .target(
            name: "AssizeTraining",
            dependencies: ["AssizeCore", "CKernels", "CLlama"],
            swiftSettings: [.strictMemorySafety()]
        ),
        .target(
            name: "AssizeCommands",
            dependencies: [
                "AssizeCore", "AssizeData", "AssizeHub", "AssizeJudges", "AssizeLocal", "AssizeMetrics", "AssizeRuns",
                "AssizeScripted", "AssizeStore", "AssizeTraining", "AssizeReports", yams, logging, subprocess,
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            resources: [
                .embedInCode("Demo/demo-pointwise.jsonl"), .embedInCode("Demo/demo-pairwise.jsonl"),
                .embedInCode("Prepare/judging-prompts.jsonl"),
            ]
        ),
        .executableTarget(name: "assize", dependencies: ["AssizeCommands"]),
        .testTarget(name: "AssizeLocalTests", dependencies: ["AssizeLocal", "AssizeCore", "AssizeTesting", "CLlama"]),
        .testTarget(
            name: "AssizeTrainingTests",
            dependencies: ["AssizeTraining", "AssizeCore", "CKernels", "CLlama"],
            resources: [.copy("Fixtures")]
        ),
        .testTarget(
            name: "AssizeCommandsTests",
            dependencies: [
                "AssizeCommands", "AssizeCore", "AssizeData", "AssizeStore", "AssizeTraining", subprocess, "assize",
            ]
        ),
    ]
}

for target in package.targets where target.type != .binary {
    target.swiftSettings = settings + (target.swiftSettings ?? [])
}
