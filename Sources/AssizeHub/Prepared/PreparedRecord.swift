public import AssizeCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What was measured of a model's formats on this machine, and which of them was kept; lies beside the kept files.
public struct PreparedRecord: Sendable, Hashable, Codable {
    /// The name of the file itself among the formats.
    public static let asGiven = "given"

    /// The file that was measured.
    public struct Source: Sendable, Hashable, Codable {
        /// The name it was asked for by.
        public let name: String
        /// Where it lay.
        public let path: String
        /// Its digest.
        public let sha256: ContentHash
        /// Its length in bytes.
        public let size: Int

        /// Puts a file's facts together.
        public init(name: String, path: String, sha256: ContentHash, size: Int) {
            self.name = name
            self.path = path
            self.sha256 = sha256
            self.size = size
        }
    }

    /// What was measured of one format.
    public struct Measured: Sendable, Hashable, Codable {
        /// The format, such as `q8_0`; ``PreparedRecord/asGiven`` for the file itself.
        public let name: String
        /// The length in bytes.
        public let size: Int
        /// Tokens a second of a prompt.
        public let prefill: Double
        /// Tokens a second, writing one answer.
        public let decode: Double
        /// Tokens a second, writing eight answers at a time.
        public let decodeTogether: Double
        /// Judgments a second to expect, as a multiple of the file's itself.
        public let rate: Double
        /// The mean divergence of the next-token distribution from the file's itself, in nats.
        public let meanDivergence: Double?
        /// The share of prompts with the same most probable label.
        public let labelAgreement: Double?
        /// The same, labels granted that the file itself holds to be as good.
        public let nearAgreement: Double?
        /// The mean absolute difference of the expected score.
        public let scoreDifference: Double?
        /// Whether the format is finer than the file, and so can't be better, only faster.
        public let isFiner: Bool

        /// Puts figures together.
        public init(
            name: String,
            size: Int,
            prefill: Double,
            decode: Double,
            decodeTogether: Double,
            rate: Double,
            meanDivergence: Double?,
            labelAgreement: Double?,
            nearAgreement: Double?,
            scoreDifference: Double?,
            isFiner: Bool
        ) {
            self.name = name
            self.size = size
            self.prefill = prefill
            self.decode = decode
            self.decodeTogether = decodeTogether
            self.rate = rate
            self.meanDivergence = meanDivergence
            self.labelAgreement = labelAgreement
            self.nearAgreement = nearAgreement
            self.scoreDifference = scoreDifference
            self.isFiner = isFiner
        }
    }

    /// A file that was kept.
    public struct File: Sendable, Hashable, Codable {
        /// The format.
        public let format: String
        /// The file's name, beside the record.
        public let name: String
        /// Its digest.
        public let sha256: ContentHash
        /// Its length in bytes.
        public let size: Int

        /// Puts a file's facts together.
        public init(format: String, name: String, sha256: ContentHash, size: Int) {
            self.format = format
            self.name = name
            self.sha256 = sha256
            self.size = size
        }
    }

    /// The file that was measured.
    public let source: Source
    /// The engine and its version.
    public let engine: String
    /// The processor and the instructions used.
    public let processor: String
    /// Threads of the computation.
    public let threads: Int
    /// The least share of the processor that a measurement had; well below 1, its speeds say little.
    public let processorShare: Double
    /// When the measurements ended.
    public let date: Date
    /// Judging prompts that the formats were compared on.
    public let prompts: Int
    /// All that was measured, the file itself first.
    public let formats: [Measured]
    /// The fastest format whose quality is near enough to the file's; may be the file itself.
    public let recommended: String
    /// What was kept; empty when the file itself is recommended and nothing else was to be kept.
    public let files: [File]

    /// Puts a record together.
    public init(
        source: Source,
        engine: String,
        processor: String,
        threads: Int,
        processorShare: Double,
        date: Date,
        prompts: Int,
        formats: [Measured],
        recommended: String,
        files: [File]
    ) {
        self.source = source
        self.engine = engine
        self.processor = processor
        self.threads = threads
        self.processorShare = processorShare
        self.date = date
        self.prompts = prompts
        self.formats = formats
        self.recommended = recommended
        self.files = files
    }

    /// The figures of a format.
    public func format(named name: String) -> Measured? {
        formats.first { $0.name == name }
    }
}
