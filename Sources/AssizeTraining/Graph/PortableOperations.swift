/// Stock ggml operations, for any device and as the reference for all others.
struct PortableOperations: Operations {
    let tape: Tape
    let shape: ModelShape
    let inputs: PackInputs
    let activations: Activations?
    let usesAdapter: Bool
    let device: Device
    let dropout: Dropout?

    func norm(_ x: Value, weight: Tensor) -> Value {
        let y = graph.elementwise(graph.rootMeanSquareNorm(x.tensor, epsilon: shape.normEpsilon), weight)
        return tape.result(y, isTracked: x.isTracked) { [tape, graph, shape] dy in
            let scaled = graph.elementwise(dy, weight)
            tape.addGradient(graph.rootMeanSquareNormBack(scaled, at: x.tensor, epsilon: shape.normEpsilon), to: x)
        }
    }

    func normHeads(_ x: Value, weight: Tensor, heads: Int) -> Value {
        let (size, tokens) = (shape.headSize, x.tensor.dimensions[1])
        let split = tape.result(graph.reshaped(x.tensor, [size, heads, tokens]), isTracked: x.isTracked) {
            [tape, graph] dy in
            tape.addGradient(graph.reshaped(dy, [size * heads, tokens]), to: x)
        }
        let normed = norm(split, weight: weight)
        return tape.result(graph.reshaped(normed.tensor, [size * heads, tokens]), isTracked: x.isTracked) {
            [tape, graph] dy in
            tape.addGradient(graph.reshaped(dy, [size, heads, tokens]), to: normed)
        }
    }

    func project(_ x: Value, _ linear: Linear, adding residual: Value?, keeps: Bool) -> Value {
        guard case .tensors(let forward, let backward) = linear.weights else {
            preconditionFailure("stock operations need weights as tensors")
        }
        let tokens = x.tensor.dimensions[1]
        let factors = usesAdapter ? linear.factors : nil
        let adaptation = factors.map { Adaptation(self, linear, $0, x: x) }
        let y = keep([linear.outputs, tokens], if: keeps) {
            var y = graph.product(forward, x.tensor)
            if let bias = linear.bias { y = graph.sum(y, bias) }
            if let adaptation { y = graph.sum(y, adaptation.change()) }
            if let residual { y = graph.sum(y, residual.tensor) }
            return y
        }
        let isTracked = x.isTracked || factors != nil || residual?.isTracked == true
        return tape.result(y, isTracked: isTracked) { [tape, graph] dy in
            if let residual { tape.addGradient(dy, to: residual) }
            if x.isTracked { tape.addGradient(graph.product(backward, dy), to: x) }
            adaptation?.addGradients(dy)
        }
    }

    func attend(queries: Value, keys: Value, values: Value) -> Value {
        let (size, heads, sharedHeads) = (shape.headSize, shape.heads, shape.sharedHeads)
        let tokens = queries.tensor.dimensions[1]
        let scale = shape.attentionScale
        // [size, tokens, heads], each head a matrix of its own.
        func split(_ tensor: Tensor, _ heads: Int) -> Tensor {
            graph.permuted(graph.reshaped(tensor, [size, heads, tokens]), (0, 2, 1, 3))
        }
        func sideBySide(_ tensor: Tensor) -> Tensor { graph.contiguous(graph.permuted(tensor, (0, 2, 1, 3))) }
        func joined(_ tensor: Tensor, _ heads: Int) -> Tensor {
            graph.reshaped(sideBySide(tensor), [size * heads, tokens])
        }
        let q = split(queries.tensor, heads)
        let k = split(keys.tensor, sharedHeads)
        let v = split(values.tensor, sharedHeads)
        let probabilities = graph.softmax(graph.product(k, q), mask: inputs.mask, scale: scale)
        let output = keep([size, heads, tokens]) {
            sideBySide(graph.product(graph.transposed(v), probabilities))
        }
        let y = graph.reshaped(output, [size * heads, tokens])
        let isTracked = queries.isTracked || keys.isTracked || values.isTracked
        return tape.result(y, isTracked: isTracked) { [tape, graph] dy in
            let dOutput = graph.permuted(graph.reshaped(dy, [size, heads, tokens]), (0, 2, 1, 3))
            // Sums the heads that share a key.
            func grouped(_ gradient: Tensor) -> Tensor {
                let share = heads / sharedHeads
                guard share > 1 else { return joined(gradient, heads) }
                let flat = graph.reshaped(gradient, [size * tokens, share, sharedHeads])
                let shape = graph.leaf([size * tokens, 1, sharedHeads])
                let summed = graph.summedBack(flat, to: shape)
                return joined(graph.reshaped(summed, [size, tokens, sharedHeads]), sharedHeads)
            }
            let contiguousOutput = graph.contiguous(dOutput)
            if values.isTracked {
                tape.addGradient(
                    grouped(graph.product(graph.transposed(contiguousOutput), graph.transposed(probabilities))),
                    to: values
                )
            }
            let dScores = graph.softmaxBack(graph.product(v, contiguousOutput), of: probabilities, scale: scale)
            if queries.isTracked {
                tape.addGradient(joined(graph.product(graph.transposed(k), dScores), heads), to: queries)
            }
            if keys.isTracked {
                let q = graph.contiguous(q)
                tape.addGradient(
                    grouped(graph.product(graph.transposed(q), graph.transposed(dScores))),
                    to: keys
                )
            }
        }
    }

    func gate(_ gate: Value, _ up: Value) -> Value {
        let y = graph.elementwise(graph.sigmoidLinear(gate.tensor), up.tensor)
        return tape.result(y, isTracked: gate.isTracked || up.isTracked) { [tape, graph] dy in
            tape.addGradient(
                graph.sigmoidLinearBack(graph.elementwise(dy, up.tensor), at: gate.tensor),
                to: gate
            )
            tape.addGradient(graph.elementwise(dy, graph.sigmoidLinear(gate.tensor)), to: up)
        }
    }

    func score(_ normed: Tensor, tokens: Tensor, head: Linear, forGradients: Bool) -> ScoredTokens {
        guard case .tensors(let forward, let backward) = head.weights else {
            preconditionFailure("stock operations need weights as tensors")
        }
        // log p = logit - log sum exp. The sum is taken around the largest logit, which is computed again from its own row: ggml
        // has no maximum, only its place.
        let logits = graph.product(forward, normed)
        func logit(_ rows: Tensor) -> Tensor { graph.rowSums(graph.elementwise(rows, normed)) }
        let largest = logit(graph.gathered(forward, rows: graph.largestPlaces(logits)))
        let weights = graph.gathered(forward, rows: tokens)
        let exponentials = graph.exponential(graph.difference(logits, largest))
        let sums = graph.rowSums(exponentials)
        let logProbabilities = graph.difference(logit(weights), graph.sum(graph.logarithm(sums), largest))
        guard forGradients else { return ScoredTokens(logProbabilities: logProbabilities, gradients: nil) }
        let probabilities = graph.quotient(exponentials, sums)
        let gradients = graph.difference(weights, graph.product(backward, probabilities))
        return ScoredTokens(logProbabilities: logProbabilities, gradients: gradients)
    }
}
