// CPU kernels for training LoRA adapters: packed products, attention with segments, norms, gates and the loss head.
//
// Common rules
// - Matrices are float32, row-major; `ldx` is the distance between the rows of x in floats (at least their length).
//   No alignment is asked of them. Packed buffers and shared work buffers start on a multiple of 64 bytes.
// - Functions with `ith` and `nth` are called by all nth threads with the same arguments, each thread with its own ith
//   in 0 ..< nth, in any order, also one after the other; each does its own share and none waits. The result is
//   complete when all have returned. Unless a function says otherwise its result is bit for bit the same for every
//   nth. (It does depend on the CPU level.)
// - `scratch` is one thread's own: never shared by two calls at the same time, any content before, none of use after,
//   any alignment. The `..._scratch_size` function says how many bytes one thread needs.
// - Outputs must not overlap inputs or each other unless a function says they may.
// - Nothing allocates, and nothing is global but the CPU level.
#ifndef ASSIZE_CKERNELS_H
#define ASSIZE_CKERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// MARK: CPU level

// What the kernels use: 0 portable vectors (NEON on arm64, SSE2 on x86-64), 1 AVX2 with FMA, 2 AVX-512,
// 3 AVX-512 with the bfloat16 dot product.
int assize_cpu_level(void);

// Holds the kernels at a level no higher than `most`, for tests; 3 lifts the limit. Not while kernels run. A LoRA pair
// packed before works after, though perhaps more slowly.
void assize_limit_cpu_level(int most);

// MARK: Packing

enum {
    ASSIZE_F32 = 0,
    // Half the memory. Level 3 rounds x to bfloat16 as well and multiplies pairs; below, the weights are widened as
    // they are loaded and everything else is float32.
    ASSIZE_BF16 = 1,
};

// The product y = x W^T has n columns (outputs) and depth k. The packed form serves every CPU level. Rounding to
// bfloat16 is to nearest even.
size_t assize_packed_size(int64_t n, int64_t k, int32_t format);

// Packs w. transposed 0: w is [n][k], as a linear layer's weight lies. transposed 1: w is [k][n]; so the very same
// array of a layer [out][in] packs for the forward product as (n = out, k = in, transposed 0) and for the backward
// product dx = dy W as (n = in, k = out, transposed 1).
void assize_pack(
    const float *w, int64_t n, int64_t k, int64_t ld, int32_t transposed, int32_t format, void *packed
);

// The same in parts, so that a large matrix need never lie in memory as floats, or may be packed by several threads:
// `assize_pack_begin` once, then rows [first, first + count) of w, in any order and cut anywhere. `rows` points at row
// `first`.
void assize_pack_begin(int64_t n, int64_t k, int32_t format, void *packed);
void assize_pack_rows(
    const float *rows, int64_t first, int64_t count, int64_t ld, int32_t transposed, void *packed
);

// A LoRA pair of a layer with n outputs and k inputs: a is [rank][k], b is [n][rank], both contiguous; the layer's
// output gains scale * b a x. backward 0 packs for the forward product (h = a x, y += scale b h), backward 1 for dx
// (h = scale b^T dy, dx += a^T h). Quick: to be called after every optimiser step. `weight_format` is the format of
// the packed weight it will be used with.
size_t assize_packed_lora_size(int64_t n, int64_t k, int64_t rank);
void assize_pack_lora(
    const float *a, const float *b, int64_t n, int64_t k, int64_t rank, float scale, int32_t backward,
    int32_t weight_format, void *packed
);

// MARK: Linear layers

// y[m][n] = (residual) + (bias) + x W^T + h up, where h[m][rank] = x down^T: W from `weight`, down and up from `lora`,
// n and k as they were packed. The backward product is the same call with x = dy, y = dx and what was packed for
// backward; its h is then scale * dy b, the factor of the gradient of a.
typedef struct {
    int64_t m;
    const void *weight;
    const void *lora;      // or null
    const float *x;
    int64_t ldx;
    const float *bias;     // [n], or null
    const float *residual; // or null; may be y itself with ld_residual == ldy: then y accumulates
    int64_t ld_residual;
    float *y;              // not x
    int64_t ldy;
    float *h;              // [m][rank], or null; written if lora is given. Not scaled (see assize_pack_lora).
    int64_t ldh;
} assize_linear_arguments;

// rank 0 where there is no LoRA.
size_t assize_linear_scratch_size(int64_t rank);
void assize_linear(const assize_linear_arguments *args, int ith, int nth, void *scratch);

// out[p][q] = scale * sum over m of u[m][p] v[m][q], added to out if accumulate is set. For LoRA:
//   d a [rank][k] = outer(u = h of the backward product, v = x), scale 1 (h has it);
//   d b [n][rank] = outer(u = dy, v = h of the forward product), scale the LoRA scale.
// Made for one of p and q small and the other large. u and v may be the same array.
void assize_outer(
    const float *u, int64_t ldu, const float *v, int64_t ldv, int64_t m, int64_t p, int64_t q, float scale,
    int32_t accumulate, float *out, int64_t ldo, int ith, int nth
);

// MARK: Attention

// Causal attention over packed sequences. Row i sees the keys j with prefix_begin[i] <= j < prefix_end[i] or
// own_begin[i] <= j <= i, where prefix_end[i] <= own_begin[i] <= i, so that every row sees itself. Query head h lies in
// columns h * head_size of q, out, dout and dq; key head h * kv_heads / heads likewise in k, v, dk and dv.
typedef struct {
    int64_t tokens;
    int32_t heads, kv_heads, head_size; // heads is a multiple of kv_heads; any head_size
    float scale;                        // usually 1 / sqrt(head_size)
    const int32_t *prefix_begin, *prefix_end, *own_begin; // [tokens]
    const float *q;
    int64_t ldq;
    const float *k;
    int64_t ldk;
    const float *v;
    int64_t ldv;
    float *out; // written by forward, read by backward
    int64_t ldout;
    float *lse; // [tokens][heads], log of the sum of exp(scale q k): written by forward, read by backward
    // Only backward uses what follows.
    const float *dout;
    int64_t lddout;
    float *dq;
    int64_t lddq;
    float *dk;
    int64_t lddk;
    float *dv;
    int64_t lddv;
} assize_attention_arguments;

size_t assize_attention_forward_scratch_size(int64_t tokens, int64_t head_size, int nth);
void assize_attention_forward(const assize_attention_arguments *args, int ith, int nth, void *scratch);

// Backward in two calls, with a barrier between them: all threads must have left `assize_attention_backward` before any
// enters `assize_attention_backward_finish`. `shared` is one buffer for all threads and both calls. dk and dv are
// complete after the first. Writes dq, dk and dv; adds nothing to what they held. Same bits for nth 1 to 4; with more
// threads dq (only) is summed in more parts, and may differ in its last bits between different nth.
size_t assize_attention_backward_shared_size(
    int64_t tokens, int64_t heads, int64_t kv_heads, int64_t head_size, int nth
);
size_t assize_attention_backward_scratch_size(int64_t tokens, int64_t head_size, int nth);
void assize_attention_backward(
    const assize_attention_arguments *args, void *shared, int ith, int nth, void *scratch
);
void assize_attention_backward_finish(const assize_attention_arguments *args, const void *shared, int ith, int nth);

// MARK: Norms and gates

// y[m][n] = x / sqrt(mean(x^2) + eps) * w, row by row; w is [n]. y may be x.
void assize_rms_norm(
    const float *x, int64_t ldx, const float *w, int64_t m, int64_t n, float eps, float *y, int64_t ldy, int ith, int nth
);

// The gradient of x, from x as it went in and the gradient of y; added to dx if accumulate is set. dx may be dy, then
// with accumulate 0; or x.
void assize_rms_norm_backward(
    const float *x, int64_t ldx, const float *w, const float *dy, int64_t lddy, int64_t m, int64_t n, float eps,
    int32_t accumulate, float *dx, int64_t lddx, int ith, int nth
);

// y[m][n] = silu(gate) * up. y may be gate or up.
void assize_swiglu(
    const float *gate, int64_t ldg, const float *up, int64_t ldu, int64_t m, int64_t n, float *y, int64_t ldy, int ith,
    int nth
);

// The gradients of gate and up. dgate and dup may each be one of gate, up and dy (the same rows at the same places),
// but not each other.
void assize_swiglu_backward(
    const float *gate, int64_t ldg, const float *up, int64_t ldu, const float *dy, int64_t lddy, int64_t m, int64_t n,
    float *dgate, int64_t lddg, float *dup, int64_t lddu, int ith, int nth
);

// MARK: Loss

// For each row of logits [m][n]: log_probability[i] = log softmax(row)[targets[i]], and, if gradient is set, the row
// becomes that value's gradient, onehot(target) - softmax(row). A target outside 0 ..< n (say -1) leaves its row out:
// log probability 0, gradient 0. Without gradient the logits stay as they are.
void assize_log_softmax_target(
    float *logits, int64_t ldl, int64_t m, int64_t n, const int32_t *targets, float *log_probability, int32_t gradient,
    int ith, int nth
);

#ifdef __cplusplus
}
#endif

#endif
