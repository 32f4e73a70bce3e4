import Foundation
import Testing

@testable import AssizeTraining

/// The oracles' tiny models, each written as a GGUF file by the same rule.
enum TinyModel {
    static let names = ["llama-tied", "llama-untied-scaled", "qwen2", "qwen3"]

    private struct Models: Decodable {
        let models: [String: Model]
    }

    private struct Model: Decodable {
        let seed: UInt64
        let metadata: [Entry]
        let tensors: [Rule]
    }

    private struct Entry: Decodable {
        let key: String
        let type: String
        let text: String?
        let number: Double?

        enum Keys: String, CodingKey { case key, type, value }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: Keys.self)
            key = try values.decode(String.self, forKey: .key)
            type = try values.decode(String.self, forKey: .type)
            text = try? values.decode(String.self, forKey: .value)
            number = try? values.decode(Double.self, forKey: .value)
        }
    }

    private struct Rule: Decodable {
        let name: String
        let dims: [Int]
        let offset: Double?
        let amplitude: Double?
        let first: [Float]?
        let data: [Float]?
    }

    /// Writes the model's file into a folder.
    static func write(_ name: String, in folder: String) throws -> String {
        let model = try #require(try Fixture.load("models", as: Models.self).models[name])
        let writer = GGUFWriter()
        for entry in model.metadata {
            switch entry.type {
            case "string": try writer.set(.string(try #require(entry.text)), for: entry.key)
            case "uint32": try writer.set(.uint32(UInt32(try #require(entry.number))), for: entry.key)
            default: try writer.set(.float(Float(try #require(entry.number))), for: entry.key)
            }
        }
        var values: [String: [Float]] = [:]
        for rule in model.tensors {
            let count = rule.dims.reduce(1, *)
            let made =
                rule.data
                ?? OracleNumbers.values(
                    rule.name,
                    seed: model.seed,
                    count: count,
                    offset: rule.offset ?? 0,
                    amplitude: rule.amplitude ?? 0
                )
            if let first = rule.first { #expect(Array(made.prefix(first.count)) == first) }
            values[rule.name] = made
            try writer.add(rule.name, type: .f32, dimensions: rule.dims)
        }
        let path = "\(folder)/\(name).gguf"
        try writer.write(to: path) { tensor, file throws(AssizeTrainingError) in
            let bytes = (values[tensor.name] ?? []).withUnsafeBytes { [UInt8]($0) }
            try file.append(bytes)
        }
        return path
    }

    /// A loaded tiny model with an adapter on all projections: A by the oracles' rule, and B as well unless its amplitude is 0.
    static func network(
        _ name: String,
        rank: Int = 4,
        alpha: Float = 8,
        amplitude: Double = 0.05,
        format: FrozenModel.Format = .tensors32,
        storesActivations: Bool = false,
        threads: Int = 1,
        kind: Device.Kind? = nil
    ) throws -> Network {
        let folder = FileManager.default.temporaryDirectory.path + "/assize-tiny-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let device = try Device(kind ?? .processor(threads: threads))
        let model = try FrozenModel(GGUFFile(path: write(name, in: folder)), format: format, on: device)
        let targets = model.layers.flatMap(\.projections)
        let parameters = try AdapterParameters(targets, rank: rank, scale: alpha / Float(rank), on: device)
        fill(parameters, targets, rank: rank, amplitude: amplitude)
        return Network(
            model: model,
            parameters: parameters,
            rank: rank,
            storesActivations: storesActivations,
            on: device
        )
    }

    /// Sets A by the oracles' rule and B with the amplitude.
    static func fill(
        _ parameters: AdapterParameters,
        _ targets: [Linear],
        rank: Int,
        amplitude: Double,
        seed: UInt64 = 7
    ) {
        var values = parameters.values
        for place in parameters.places {
            let isA = place.name.hasSuffix(".a")
            let name = place.name.dropLast(2) + ".weight.lora_" + (isA ? "a" : "b")
            let inputs = place.count / rank
            let made = OracleNumbers.values(
                String(name),
                seed: seed,
                count: place.count,
                offset: 0,
                amplitude: isA ? (3 / Double(inputs)).squareRoot() : amplitude
            )
            values.replaceSubrange(place.offset..<place.offset + place.count, with: made)
        }
        parameters.values = values
    }
}
