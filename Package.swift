// swift-tools-version: 6.2
import PackageDescription

// The layers, lowest first. A target imports only from lines above its own, and only what stands here;
// `scripts/test` builds with --explicit-target-dependency-import-check error. Sources/README.md is the map.

let ours: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
]

func pure(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: ours)
}

func tests(of name: String, _ more: [Target.Dependency] = []) -> Target {
    .testTarget(name: "\(name)Tests", dependencies: [.init(stringLiteral: name)] + more, swiftSettings: ours)
}

let package = Package(
    name: "lastcall",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "lastcall", targets: ["lastcall"]),
        .executable(name: "lastcall-bench", targets: ["lastcall-bench"]),
        .executable(name: "lastcall-simulate", targets: ["lastcall-simulate"]),
        .executable(name: "lastcall-example", targets: ["lastcall-example"]),
        .library(name: "UserAgent", targets: ["UserAgent"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
    ],
    targets: [
        // Layer 0: values.
        pure("SansIO", []),
        pure("SIPMessage", ["SansIO"]),
        pure("SDP", ["SansIO"]),
        pure("EventPackages", []),
        // Layer 1: machines.
        pure("SIPTransaction", ["SansIO", "SIPMessage"]),
        pure("Media", ["SansIO", "SDP"]),
        // Layer 2: the DUM core.
        pure(
            "DialogUsage",
            ["SansIO", "SIPMessage", "SIPTransaction", "SDP", .product(name: "Crypto", package: "swift-crypto")]),
        // Layer 3: the application.
        pure(
            "SoftphoneCore", ["SansIO", "SIPMessage", "SIPTransaction", "SDP", "Media", "EventPackages", "DialogUsage"]),
        // Layer 4: one domain, two faces.
        pure("Sandbox", ["SansIO", "SIPMessage", "SIPTransaction", "SDP", "Media", "EventPackages", "DialogUsage"]),
        pure("Simulation", ["SansIO", "SIPMessage", "SIPTransaction", "SDP", "Media", "DialogUsage", "Sandbox"]),
        pure("TerminalUI", ["SansIO", "SIPMessage", "DialogUsage", "SoftphoneCore"]),
        pure("BatchScript", ["SansIO", "SIPMessage", "Media", "DialogUsage", "SoftphoneCore"]),
        // ══ purity fence ══ Layer 5: the world.
        .target(name: "CNetwork"),
        .target(
            name: "Runtime",
            dependencies: [
                "SansIO", "Media", "CNetwork",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: ours),
        .target(
            name: "CTerminal",
            linkerSettings: [.linkedLibrary("ncursesw"), .linkedLibrary("tinfo")]),
        .target(
            name: "CursesTerminal", dependencies: ["SansIO", "TerminalUI", "CTerminal"], swiftSettings: ours),
        // Layer 6: the library product.
        .target(
            name: "UserAgent",
            dependencies: ["SansIO", "SIPMessage", "SIPTransaction", "SDP", "DialogUsage", "Runtime"],
            swiftSettings: ours),
        // Layer 7: the programs.
        .executableTarget(
            name: "lastcall",
            dependencies: [
                "SansIO", "SIPMessage", "Media", "DialogUsage", "SoftphoneCore", "Sandbox", "TerminalUI", "BatchScript",
                "Runtime", "CursesTerminal",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: ours),
        .executableTarget(
            name: "lastcall-bench",
            dependencies: ["SansIO", "SIPMessage", "SIPTransaction", "SDP", "DialogUsage", "Runtime"],
            swiftSettings: ours),
        .executableTarget(
            name: "lastcall-simulate", dependencies: ["Simulation", "SansIO", "Runtime"], swiftSettings: ours),
        .executableTarget(name: "lastcall-example", dependencies: ["UserAgent"], swiftSettings: ours),
        // Tests. `Ladder` is the scripted peer, the simulated network and the printed ladder that all tests share.
        .target(
            name: "Ladder", dependencies: ["SansIO", "SIPMessage"], path: "Tests/Ladder", swiftSettings: ours),
        tests(of: "SansIO"),
        tests(of: "SIPMessage", ["SansIO", "SDP", "Ladder"]),
        tests(of: "SDP", ["SansIO"]),
        tests(of: "EventPackages", []),
        tests(of: "SIPTransaction", ["SansIO", "SIPMessage", "Ladder"]),
        tests(of: "Media", ["SansIO", "SDP"]),
        tests(of: "DialogUsage", ["SansIO", "SIPMessage", "SIPTransaction", "SDP", "Ladder"]),
        tests(
            of: "SoftphoneCore",
            ["SansIO", "SIPMessage", "SDP", "Media", "EventPackages", "SIPTransaction", "DialogUsage", "Ladder"]),
        tests(of: "Sandbox", ["SansIO", "SIPMessage", "SIPTransaction", "SDP", "Media", "DialogUsage", "Ladder"]),
        tests(of: "Simulation", ["SansIO"]),
        tests(of: "TerminalUI", ["SansIO", "SIPMessage", "DialogUsage", "SoftphoneCore"]),
        tests(
            of: "BatchScript",
            ["SansIO", "SIPMessage", "SIPTransaction", "SDP", "Media", "DialogUsage", "SoftphoneCore", "Sandbox"]),
        tests(of: "Runtime", ["SansIO", "SDP", "Media"]),
        tests(of: "CursesTerminal", ["CTerminal", "TerminalUI"]),
        tests(of: "UserAgent", ["Runtime", "Sandbox", "DialogUsage", "SIPTransaction", "SIPMessage", "SansIO"]),
        .testTarget(
            name: "ProgramTests",
            dependencies: [
                "lastcall", "SansIO", "SIPMessage", "BatchScript", "SoftphoneCore", "DialogUsage", "TerminalUI",
                "CursesTerminal",
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: ours),
        .testTarget(name: "ArchitectureTests", swiftSettings: ours),
    ]
)
