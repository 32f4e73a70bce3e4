internal import CKernels
internal import CLlama

/// Kernels of our own, for processors: packed products that add the adapter as they go, attention that skips what no token
/// sees, and norms and gates in one pass over memory.
struct ProcessorOperations: Operations {
    let tape: Tape
    let shape: ModelShape
    let inputs: PackInputs
    let activations: Activations?
    let usesAdapter: Bool
    let device: Device
    let dropout: Dropout?
    let workspace: Workspace
    /// Where products with adapter factors and sums of exponentials go that a backward rule of the same graph wants.
    let side: SideMemory

    func norm(_ x: Value, weight: Tensor) -> Value {
        let (width, rows) = (x.tensor.dimensions[0], x.tensor.count / x.tensor.dimensions[0])
        let epsilon = shape.normEpsilon
        let input = x.tensor
        let y = graph.custom(input.dimensions, of: [input, weight]) { result, thread, threads in
            unsafe assize_rms_norm(
                input.floats,
                Int64(width),
                weight.floats,
                Int64(rows),
                Int64(width),
                epsilon,
                result.floats,
                Int64(width),
                thread,
                threads
            )
        }
        return tape.result(y, isTracked: x.isTracked) { [tape, graph] dy in
            let gathered = tape.gradient(of: x)
            let operands = [input, weight, dy] + (gathered.map { [$0] } ?? [])
            let dx = graph.custom(input.dimensions, of: operands) { result, thread, threads in
                // Each thread's rows, so that what was gathered can be copied first.
                let part = Share(rows, thread, threads)
                guard part.count > 0, let target = unsafe result.floats, let from = unsafe input.floats,
                    let gradient = unsafe dy.floats
                else { return }
                let offset = part.first * width
                if let gathered = unsafe gathered?.floats {
                    unsafe (target + offset).update(from: gathered + offset, count: part.count * width)
                }
                unsafe assize_rms_norm_backward(
                    from + offset,
                    Int64(width),
                    weight.floats,
                    gradient + offset,
                    Int64(width),
                    Int64(part.count),
                    Int64(width),
                    epsilon,
                    gathered == nil ? 0 : 1,
                    target + offset,
                    Int64(width),
                    0,
                    1
                )
            }
            tape.setGradient(dx, of: x)
        }
    }

    func normHeads(_ x: Value, weight: Tensor, heads: Int) -> Value {
        // Heads lie side by side, so each is a row of its own.
        let (size, tokens) = (shape.headSize, x.tensor.dimensions[1])
        let split = tape.result(graph.reshaped(x.tensor, [size, heads * tokens]), isTracked: x.isTracked) {
            [tape, graph] dy in
            tape.addGradient(graph.reshaped(dy, [size * heads, tokens]), to: x)
        }
        let normed = norm(split, weight: weight)
        return tape.result(graph.reshaped(normed.tensor, [size * heads, tokens]), isTracked: x.isTracked) {
            [tape, graph] dy in
            tape.addGradient(graph.reshaped(dy, [size, heads * tokens]), to: normed)
        }
    }

    func gate(_ gate: Value, _ up: Value) -> Value {
        let (width, rows) = (gate.tensor.dimensions[0], gate.tensor.dimensions[1])
        let (g, u) = (gate.tensor, up.tensor)
        let y = graph.custom([width, rows], of: [g, u]) { result, thread, threads in
            let width = Int64(width)
            unsafe assize_swiglu(
                g.floats,
                width,
                u.floats,
                width,
                Int64(rows),
                width,
                result.floats,
                width,
                thread,
                threads
            )
        }
        return tape.result(y, isTracked: gate.isTracked || up.isTracked) { [tape, graph] dy in
            let both = graph.custom([width * rows, 2], of: [g, u, dy]) { result, thread, threads in
                guard let target = unsafe result.floats else { return }
                let step = Int64(width)
                unsafe assize_swiglu_backward(
                    g.floats,
                    step,
                    u.floats,
                    step,
                    dy.floats,
                    step,
                    Int64(rows),
                    step,
                    target,
                    step,
                    target + width * rows,
                    step,
                    thread,
                    threads
                )
            }
            tape.addGradient(graph.part(both, [width, rows], at: 0), to: gate)
            tape.addGradient(graph.part(both, [width, rows], at: width * rows), to: up)
        }
    }
}

/// A thread's share of rows.
struct Share {
    let first: Int
    let count: Int

    init(_ rows: Int, _ thread: Int32, _ threads: Int32) {
        first = rows * Int(thread) / Int(threads)
        count = rows * (Int(thread) + 1) / Int(threads) - first
    }
}
