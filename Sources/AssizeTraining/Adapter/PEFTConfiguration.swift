internal import Foundation

/// What an `adapter_config.json` says that matters for the weights.
struct PEFTConfiguration: Sendable {
    /// The rank of modules that no pattern names.
    let rank: Int
    /// The alpha of modules that no pattern names.
    let alpha: Double
    /// Ranks by regular expressions for the ends of modules' names.
    let rankPattern: [String: Double]
    /// Alphas by regular expressions for the ends of modules' names.
    let alphaPattern: [String: Double]
    /// Whether the scale is alpha / sqrt(rank) (Kalajdzievski, "A Rank Stabilization Scaling Factor", 2023).
    let isRankStabilised: Bool
    /// The base model's name, if there is one.
    let baseModel: String?
    /// Settings that ask for more than low-rank pairs, each with its value.
    let problems: [String]

    /// Settings that do not change how trained weights are used, or are looked at one by one.
    private static let harmless: Set<String> = [
        "alpha_pattern", "auto_mapping", "base_model_name_or_path", "corda_config", "ephemeral_gpu_offload",
        "eva_config",
        "exclude_modules", "inference_mode", "init_lora_weights", "layers_pattern", "layers_to_transform",
        "loftq_config",
        "lora_alpha", "lora_dropout", "lora_ga_config", "megatron_config", "megatron_core", "peft_type", "peft_version",
        "qalora_group_size", "r", "rank_pattern", "revision", "runtime_config", "target_modules", "task_type",
        "use_rslora",
    ]
    /// Beginnings that leave the base model's weights as they are; the others, such as PiSSA, change them.
    private static let beginnings: [JSONValue] = [
        .bool(true), .bool(false), .null, .string("gaussian"), .string("eva"), .string("orthogonal"),
    ]

    /// Reads the file.
    ///
    /// - Parameter path: The file.
    /// - Throws: ``AssizeTrainingError`` when it can't be read or lacks rank or alpha.
    init(path: String) throws(AssizeTrainingError) {
        guard let data = try? Data(contentsOf: URL(fileURLWithPath: path)) else {
            throw AssizeTrainingError(
                code: .unreadableAdapter,
                message: "\(path) can't be read; name a folder that PEFT's save_pretrained wrote"
            )
        }
        guard let fields = try? JSONDecoder().decode([String: JSONValue].self, from: data) else {
            throw AssizeTrainingError(code: .unreadableAdapter, message: "\(path) is not a JSON object; save it again")
        }
        guard let rank = fields["r"]?.number.flatMap({ Int(exactly: $0) }), rank > 0,
            let alpha = fields["lora_alpha"]?.number, alpha != 0, Float(alpha).isFinite
        else {
            throw AssizeTrainingError(
                code: .unreadableAdapter,
                message:
                    "\(path) has r \(fields["r"] ?? .null) and lora_alpha \(fields["lora_alpha"] ?? .null); both must be numbers other than zero"
            )
        }
        self.rank = rank
        self.alpha = alpha
        rankPattern = try PEFTConfiguration.pattern(fields, "rank_pattern", path)
        alphaPattern = try PEFTConfiguration.pattern(fields, "alpha_pattern", path)
        isRankStabilised = fields["use_rslora"] == .bool(true)
        baseModel = fields["base_model_name_or_path"]?.string
        problems = PEFTConfiguration.problems(fields)
    }

    /// The scale of a module: alpha / rank, or alpha / sqrt(rank).
    ///
    /// - Parameters:
    ///   - module: Transformers' name of the module.
    ///   - rank: The rank its matrices have.
    /// - Returns: The alpha that gives this scale when divided by the rank.
    /// - Throws: ``AssizeTrainingError`` when patterns disagree, or the file says another rank.
    func alpha(of module: String, rank: Int) throws(AssizeTrainingError) -> Float {
        let expected = try PEFTConfiguration.value(of: module, in: rankPattern) ?? Double(self.rank)
        guard expected == Double(rank) else {
            throw AssizeTrainingError(
                code: .unreadableAdapter,
                message: "adapter_config.json says that \(module) has the rank \(expected), its matrices have \(rank)"
            )
        }
        let alpha = try PEFTConfiguration.value(of: module, in: alphaPattern) ?? alpha
        return Float(isRankStabilised ? alpha * Double(rank).squareRoot() : alpha)
    }

    private static func problems(_ fields: [String: JSONValue]) -> [String] {
        var problems = fields.filter { !harmless.contains($0.key) && !$0.value.isOff }
        if let type = fields["peft_type"], type != .string("LORA") { problems["peft_type"] = type }
        if let beginning = fields["init_lora_weights"], !beginnings.contains(beginning) {
            problems["init_lora_weights"] = beginning
        }
        return problems.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value)" }
    }

    private static func pattern(
        _ fields: [String: JSONValue],
        _ key: String,
        _ path: String
    ) throws(AssizeTrainingError) -> [String: Double] {
        guard let value = fields[key], !value.isOff else { return [:] }
        guard let numbers = value.object?.compactMapValues(\.number), numbers.count == value.object?.count,
            numbers.values.allSatisfy({ $0 != 0 && Float($0).isFinite })
        else {
            throw AssizeTrainingError(
                code: .unreadableAdapter,
                message: "\(path) has a \(key) of \(value); it must give numbers other than zero by modules' names"
            )
        }
        return numbers
    }

    /// The value whose pattern names a module.
    ///
    /// PEFT takes the first in the file's order, which JSON does not keep: several
    /// that differ are refused.
    private static func value(of module: String, in pattern: [String: Double]) throws(AssizeTrainingError) -> Double? {
        var found: [String: Double] = [:]
        for (key, value) in pattern {
            guard let expression = try? NSRegularExpression(pattern: "^(.*\\.)?(\(key))$") else {
                throw AssizeTrainingError(
                    code: .unreadableAdapter,
                    message: "adapter_config.json has the pattern '\(key)', which is no regular expression"
                )
            }
            let whole = NSRange(module.startIndex..., in: module)
            if expression.firstMatch(in: module, range: whole) != nil { found[key] = value }
        }
        guard Set(found.values).count < 2 else {
            throw AssizeTrainingError(
                code: .unreadableAdapter,
                message: "adapter_config.json has several values for \(module): \(found.keys.sorted().listed); keep one"
            )
        }
        return found.values.first
    }
}
