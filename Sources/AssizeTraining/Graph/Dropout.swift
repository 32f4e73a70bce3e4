internal import AssizeCore
internal import CKernels

/// Hides a share of what each adapter sees of its inputs, as PEFT's `lora_dropout` does: other inputs in each projection, layer
/// and pass, but the same in a pass's two directions.
struct Dropout {
    /// The share that is hidden, above 0 and below 1; what is left is multiplied by `1 / (1 - rate)`.
    let rate: Double
    /// Decides which, with the projection's name.
    let seed: UInt64

    /// Factors of `[width, tokens]` inputs: zeros and `1 / (1 - rate)`.
    func mask(_ dimensions: [Int], for linear: Linear, in graph: GraphBuilder, on device: Device) -> Tensor {
        let seed = SplitMix64.derive(seed, linear.name)
        let (count, rate) = (dimensions.reduce(1, *), rate)
        guard device.isProcessor else {
            var values = [Float](repeating: 0, count: count)
            unsafe assize_dropout_mask(&values, 0, count, seed, rate)
            return graph.constant(values, dimensions, on: device)
        }
        return graph.custom(dimensions, of: []) { result, thread, threads in
            let share = Share(count, thread, threads)
            guard let target = unsafe result.floats else { return }
            unsafe assize_dropout_mask(target + share.first, UInt64(share.first), share.count, seed, rate)
        }
    }
}
