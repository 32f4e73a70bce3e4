internal import CKernels
internal import CLlama

extension ProcessorOperations {
    func project(_ x: Value, _ linear: Linear, adding residual: Value?, keeps: Bool) -> Value {
        guard case .panels(let forward, let backward) = linear.weights else {
            preconditionFailure("our own products need weights as panels")
        }
        let tokens = x.tensor.dimensions[1]
        let factors = usesAdapter ? linear.factors : nil
        if let factors, dropout != nil {
            return projectHiding(x, linear, factors, forward, backward, adding: residual, keeps: keeps)
        }
        let kept = factors.flatMap { factors in activations?.side([factors.rank, tokens]) }
        let y = keep([linear.outputs, tokens], if: keeps) {
            product(
                Product(weights: forward, factors: factors?.packed.map { ($0, true) }, bias: linear.bias),
                x.tensor,
                adding: residual?.tensor,
                lowRank: kept
            )
        }
        let isTracked = x.isTracked || factors != nil || residual?.isTracked == true
        return tape.result(y, isTracked: isTracked) { dy in
            if let residual { tape.addGradient(dy, to: residual) }
            guard let factors, let packed = factors.packed else {
                let gathered = tape.gradient(of: x)
                guard x.isTracked else { return }
                let weights = Product(weights: backward, factors: nil, bias: nil)
                tape.setGradient(product(weights, dy, adding: gathered, lowRank: nil), of: x)
                return
            }
            // g = scale B^T dy comes with dx; where nobody wants dx the product is made all the same, once a pass.
            let g = side.place([factors.rank, tokens])
            let dx = product(
                Product(weights: backward, factors: (packed, false), bias: nil),
                dy,
                adding: x.isTracked ? tape.gradient(of: x) : nil,
                lowRank: g
            )
            let h = kept ?? product(Product(weights: packed.down, factors: nil, bias: nil), x.tensor)
            sumOuter(g, x.tensor, scale: 1, into: factors.gradientA, after: dx)
            sumOuter(dy, h, scale: factors.scale, into: factors.gradientB, after: h)
            tape.setGradient(dx, of: x)
        }
    }

    /// A projection whose adapter does not see all of `x`: the two no longer share a product.
    private func projectHiding(
        _ x: Value,
        _ linear: Linear,
        _ factors: LoraFactors,
        _ forward: PackedMatrix,
        _ backward: PackedMatrix,
        adding residual: Value?,
        keeps: Bool
    ) -> Value {
        let adaptation = Adaptation(self, linear, factors, x: x)
        let y = keep([linear.outputs, x.tensor.dimensions[1]], if: keeps) {
            let frozen = Product(weights: forward, factors: nil, bias: linear.bias)
            return graph.sum(product(frozen, x.tensor, adding: residual?.tensor), adaptation.change())
        }
        return tape.result(y, isTracked: true) { dy in
            if let residual { tape.addGradient(dy, to: residual) }
            if x.isTracked {
                let frozen = Product(weights: backward, factors: nil, bias: nil)
                tape.setGradient(product(frozen, dy, adding: tape.gradient(of: x)), of: x)
            }
            adaptation.addGradients(dy)
        }
    }

    /// What a product multiplies by and adds.
    struct Product {
        let weights: PackedMatrix
        /// The adapter's factors, and whether in their forward form.
        let factors: (PackedFactors, isForward: Bool)?
        let bias: Tensor?
    }

    /// `W x + bias + scale B A x + residual`; `A x` goes to `lowRank` where there is one.
    func product(
        _ product: Product,
        _ x: Tensor,
        adding residual: Tensor? = nil,
        lowRank: Tensor? = nil,
        waitingFor node: Tensor? = nil
    ) -> Tensor {
        let (width, rows) = (product.weights.outputs, x.dimensions[1])
        let rank = Int64(product.factors?.0.rank ?? 0)
        workspace.reserve(assize_linear_scratch_size(rank))
        let operands = [x] + [residual, product.bias, node].compactMap { $0 }
        return graph.custom([width, rows], of: operands) { [workspace] result, thread, threads in
            var arguments = unsafe assize_linear_arguments()
            unsafe arguments.m = Int64(rows)
            unsafe arguments.weight = UnsafeRawPointer(product.weights.bytes)
            if let (factors, isForward) = product.factors {
                unsafe arguments.lora = UnsafeRawPointer(isForward ? factors.forward : factors.backward)
            }
            unsafe arguments.x = UnsafePointer(x.floats)
            unsafe arguments.ldx = Int64(product.weights.inputs)
            unsafe arguments.bias = product.bias.flatMap { unsafe UnsafePointer($0.floats) }
            unsafe arguments.residual = residual.flatMap { unsafe UnsafePointer($0.floats) }
            unsafe arguments.ld_residual = Int64(width)
            unsafe arguments.y = result.floats
            unsafe arguments.ldy = Int64(width)
            unsafe arguments.h = lowRank?.floats
            unsafe arguments.ldh = rank
            unsafe assize_linear(&arguments, thread, threads, workspace.part(of: thread))
        }
    }

    /// Adds `scale u^T v` to a factor's gradient.
    private func sumOuter(_ u: Tensor, _ v: Tensor, scale: Float, into target: Tensor, after node: Tensor) {
        let (rows, p, q) = (u.dimensions[1], u.dimensions[0], v.dimensions[0])
        graph.require(
            graph.custom([1], of: [u, v, node]) { _, thread, threads in
                unsafe assize_outer(
                    u.floats,
                    Int64(p),
                    v.floats,
                    Int64(q),
                    Int64(rows),
                    Int64(p),
                    Int64(q),
                    scale,
                    1,
                    target.floats,
                    Int64(q),
                    thread,
                    threads
                )
            }
        )
    }

    func score(_ normed: Tensor, tokens: Tensor, head: Linear, forGradients: Bool) -> ScoredTokens {
        guard case .panels(let forward, let backward) = head.weights else {
            preconditionFailure("our own products need weights as panels")
        }
        let (rows, vocabulary) = (normed.dimensions[1], head.outputs)
        let logits = product(Product(weights: forward, factors: nil, bias: head.bias), normed)
        let logProbabilities = graph.custom([1, rows], of: [logits, tokens]) { result, thread, threads in
            let targets = unsafe tokens.data?.assumingMemoryBound(to: Int32.self)
            unsafe assize_log_softmax_target(
                logits.floats,
                Int64(vocabulary),
                Int64(rows),
                Int64(vocabulary),
                targets,
                result.floats,
                forGradients ? 1 : 0,
                thread,
                threads
            )
        }
        guard forGradients else { return ScoredTokens(logProbabilities: logProbabilities, gradients: nil) }
        // The logits hold the gradients by the logits once the logarithms are there.
        return ScoredTokens(
            logProbabilities: logProbabilities,
            gradients: product(
                Product(weights: backward, factors: nil, bias: nil),
                logits,
                waitingFor: logProbabilities
            )
        )
    }
}
