internal import CKernels

/// Adam with decoupled weight decay (arXiv 1711.05101), over all parameters of an adapter at once.
struct AdamW {
    /// The constants that do not change in a run.
    struct Options: Hashable, Sendable, Codable {
        var beta1 = 0.9
        var beta2 = 0.999
        var epsilon = 1e-8
        var weightDecay = 0.0
        /// The longest gradient, to which longer ones are scaled down; 0 lets all pass.
        var maximumNorm = 1.0
    }

    let options: Options
    /// Steps taken.
    private(set) var step: Int
    /// Running means of the gradients.
    private(set) var mean: [Float]
    /// Running means of their squares.
    private(set) var square: [Float]

    init(options: Options, count: Int) {
        self.options = options
        step = 0
        mean = [Float](repeating: 0, count: count)
        square = [Float](repeating: 0, count: count)
    }

    /// Goes on where an earlier run stopped.
    init(options: Options, step: Int, mean: [Float], square: [Float]) {
        precondition(mean.count == square.count)
        self.options = options
        self.step = step
        self.mean = mean
        self.square = square
    }

    /// Changes the parameters by one step.
    ///
    /// - Returns: The gradient's Euclidean norm before it was scaled; when that is not finite nothing was changed.
    mutating func update(_ parameters: AdapterParameters, rate: Double) -> Double {
        if let norm = unsafe parameters.withMemory({ values, gradients in
            unsafe update(values, gradients, count: parameters.count, rate: rate)
        }) {
            return norm
        }
        var values = parameters.values
        let gradients = parameters.gradients
        let norm = unsafe values.withUnsafeMutableBufferPointer { values in
            unsafe gradients.withUnsafeBufferPointer { gradients -> Double in
                guard let values = values.baseAddress, let gradients = gradients.baseAddress else { return 0 }
                return unsafe update(values, gradients, count: parameters.count, rate: rate)
            }
        }
        parameters.values = values
        return norm
    }

    private mutating func update(
        _ values: UnsafeMutablePointer<Float>,
        _ gradients: UnsafePointer<Float>,
        count: Int,
        rate: Double
    ) -> Double {
        precondition(count == mean.count)
        let norm = unsafe assize_sum_of_squares(gradients, count).squareRoot()
        guard norm.isFinite else { return norm }
        step += 1
        var constants = assize_adamw_options(
            learning_rate: rate,
            beta1: options.beta1,
            beta2: options.beta2,
            epsilon: options.epsilon,
            weight_decay: options.weightDecay,
            step: step,
            // As torch.nn.utils.clip_grad_norm_ has it.
            gradient_scale: options.maximumNorm > 0 ? min(1, options.maximumNorm / (norm + 1e-6)) : 1
        )
        unsafe assize_adamw(values, gradients, &mean, &square, count, &constants)
        return norm
    }
}
