import CLlama
import Foundation

@testable import AssizeTraining

/// A folder that is gone when the test ends.
final class ScratchFolder {
    let path: String

    /// Broken files are opened on purpose: what ggml says of them need not be seen.
    private static let quiet: Void = ggml_log_set({ _, _, _ in }, nil)

    init() throws {
        ScratchFolder.quiet
        path = FileManager.default.temporaryDirectory.appendingPathComponent("assize-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of a file in the folder.
    func file(_ name: String) -> String {
        "\(path)/\(name)"
    }

    /// Writes a file and gives its path.
    func write(_ bytes: [UInt8], to name: String) throws -> String {
        try Data(bytes).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }

    /// What lies in the folder.
    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    /// All bytes of a file.
    static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }
}

/// Numbers that look random and are the same in every run.
struct SmallNumbers {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// Values between -1 and 1 in steps of 1/128: every one is exact in 16 bits.
    mutating func next(_ count: Int) -> [Float] {
        (0..<count)
            .map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return Float(Int(state >> 33) % 257 - 128) / 128
            }
    }
}

extension GGUFWriter {
    /// Writes tensors that are given as floats.
    func write(to path: String, floats: [String: [Float]]) throws(AssizeTrainingError) {
        try write(to: path) { tensor, file throws(AssizeTrainingError) in
            try file.append(tensor.type.encoded(floats[tensor.name] ?? [], width: tensor.width))
        }
    }
}
