internal import CKernels
internal import CLlama

extension ProcessorOperations {
    func attend(queries: Value, keys: Value, values: Value) -> Value {
        let tokens = queries.tensor.dimensions[1]
        let width = shape.headSize * shape.heads
        let sharedWidth = shape.headSize * shape.sharedHeads
        let (q, k, v) = (queries.tensor, keys.tensor, values.tensor)
        let sums = activations?.side([shape.heads, tokens]) ?? side.place([shape.heads, tokens])
        let threads = Int32(workspace.threadCount)
        let (count, size) = (Int64(tokens), Int64(shape.headSize))
        workspace.reserve(assize_attention_forward_scratch_size(count, size, threads))
        let output = keep([width, tokens]) {
            graph.custom([width, tokens], of: [q, k, v]) { [self] result, thread, threads in
                unsafe withArguments(q, k, v, out: result, sums: sums) { arguments in
                    unsafe assize_attention_forward(&arguments, thread, threads, workspace.part(of: thread))
                }
            }
        }
        let isTracked = queries.isTracked || keys.isTracked || values.isTracked
        return tape.result(output, isTracked: isTracked) { dy in
            let shared = assize_attention_backward_shared_size(
                count,
                Int64(shape.heads),
                Int64(shape.sharedHeads),
                size,
                threads
            )
            workspace.reserve(assize_attention_backward_scratch_size(count, size, threads))
            // The gradients of queries, keys and values, then what the two phases share, with room to align it.
            let (queryCount, keyCount) = (width * tokens, sharedWidth * tokens)
            let total = queryCount + 2 * keyCount + shared / 4 + 32
            func arguments(
                _ result: Tensor,
                _ body: (inout assize_attention_arguments, UnsafeMutableRawPointer) -> Void
            ) {
                guard let memory = unsafe result.floats else { return }
                unsafe withArguments(q, k, v, out: output, sums: sums) { arguments in
                    unsafe arguments.dout = UnsafePointer(dy.floats)
                    unsafe arguments.lddout = Int64(width)
                    unsafe arguments.dq = memory
                    unsafe arguments.lddq = Int64(width)
                    unsafe arguments.dk = memory + queryCount
                    unsafe arguments.lddk = Int64(sharedWidth)
                    unsafe arguments.dv = memory + queryCount + keyCount
                    unsafe arguments.lddv = Int64(sharedWidth)
                    let free = unsafe UnsafeMutableRawPointer(memory + queryCount + 2 * keyCount)
                    unsafe body(&arguments, free.alignedUp(toMultipleOf: 64))
                }
            }
            let begun = graph.custom([total], of: [q, k, v, output, dy]) { [workspace] result, thread, threads in
                unsafe arguments(result) { arguments, shared in
                    unsafe assize_attention_backward(&arguments, shared, thread, threads, workspace.part(of: thread))
                }
            }
            let all = graph.changed(begun) { result, thread, threads in
                unsafe arguments(result) { arguments, shared in
                    unsafe assize_attention_backward_finish(&arguments, shared, thread, threads)
                }
            }
            tape.addGradient(graph.part(all, [width, tokens], at: 0), to: queries)
            tape.addGradient(graph.part(all, [sharedWidth, tokens], at: queryCount), to: keys)
            tape.addGradient(graph.part(all, [sharedWidth, tokens], at: queryCount + keyCount), to: values)
        }
    }

    /// Lends what both passes need in the kernels' form.
    private func withArguments(
        _ q: Tensor,
        _ k: Tensor,
        _ v: Tensor,
        out: Tensor,
        sums: Tensor,
        _ body: (inout assize_attention_arguments) -> Void
    ) {
        let pack = inputs.pack
        unsafe pack.prefixBegin.withUnsafeBufferPointer { prefixBegin in
            unsafe pack.prefixEnd.withUnsafeBufferPointer { prefixEnd in
                unsafe pack.ownBegin.withUnsafeBufferPointer { ownBegin in
                    var arguments = unsafe assize_attention_arguments()
                    unsafe arguments.tokens = Int64(pack.count)
                    unsafe arguments.heads = Int32(shape.heads)
                    unsafe arguments.kv_heads = Int32(shape.sharedHeads)
                    unsafe arguments.head_size = Int32(shape.headSize)
                    unsafe arguments.scale = shape.attentionScale
                    unsafe arguments.prefix_begin = prefixBegin.baseAddress
                    unsafe arguments.prefix_end = prefixEnd.baseAddress
                    unsafe arguments.own_begin = ownBegin.baseAddress
                    unsafe arguments.q = UnsafePointer(q.floats)
                    unsafe arguments.ldq = Int64(shape.headSize * shape.heads)
                    unsafe arguments.k = UnsafePointer(k.floats)
                    unsafe arguments.ldk = Int64(shape.headSize * shape.sharedHeads)
                    unsafe arguments.v = UnsafePointer(v.floats)
                    unsafe arguments.ldv = Int64(shape.headSize * shape.sharedHeads)
                    unsafe arguments.out = out.floats
                    unsafe arguments.ldout = Int64(shape.headSize * shape.heads)
                    unsafe arguments.lse = sums.floats
                    unsafe body(&arguments)
                }
            }
        }
    }
}
