import Foundation

/// How the learning rate changes over a run, as the Hugging Face trainers have it: the first step of a warm-up has rate 0.
public struct LearningRateSchedule: Hashable, Sendable, Codable {
    /// What follows the warm-up.
    public enum Shape: String, Hashable, Sendable, Codable, CaseIterable {
        /// The peak until the end.
        case constant
        /// In a straight line to 0.
        case linear
        /// Along half a cosine to 0.
        case cosine
    }

    /// The highest rate.
    public let peak: Double
    /// Steps in which the rate rises in a straight line.
    public let warmupSteps: Int
    /// What follows.
    public let shape: Shape

    /// Creates a schedule.
    public init(peak: Double, warmupSteps: Int, shape: Shape) {
        self.peak = peak
        self.warmupSteps = warmupSteps
        self.shape = shape
    }

    /// The rate of a step.
    ///
    /// - Parameters:
    ///   - step: The step's number, from 0.
    ///   - total: Steps in the whole run.
    /// - Returns: A rate between 0 and ``peak``.
    public func rate(at step: Int, of total: Int) -> Double {
        if step < warmupSteps { return peak * Double(step) / Double(max(1, warmupSteps)) }
        let progress = Double(step - warmupSteps) / Double(max(1, total - warmupSteps))
        switch shape {
        case .constant: return peak
        case .linear: return peak * max(0, 1 - progress)
        case .cosine: return peak * max(0, 0.5 * (1 + cos(.pi * progress)))
        }
    }
}
