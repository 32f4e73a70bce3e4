// Row-wise kernels: norms, gates and the loss; each thread takes a run of rows.

#include "include/CKernels.h"

#include <math.h>
#include <string.h>

#define BODY "elementwise_body.h"
#include "each_level.h"

void assize_rms_norm(
    const float *x, int64_t ldx, const float *w, int64_t m, int64_t n, float eps, float *y, int64_t ldy, int ith, int nth
) {
    CALL_LEVEL(rms_norm, x, ldx, w, m, n, eps, y, ldy, ith, nth);
}

void assize_rms_norm_backward(
    const float *x, int64_t ldx, const float *w, const float *dy, int64_t lddy, int64_t m, int64_t n, float eps,
    int32_t accumulate, float *dx, int64_t lddx, int ith, int nth
) {
    CALL_LEVEL(rms_norm_backward, x, ldx, w, dy, lddy, m, n, eps, accumulate, dx, lddx, ith, nth);
}

void assize_swiglu(
    const float *gate, int64_t ldg, const float *up, int64_t ldu, int64_t m, int64_t n, float *y, int64_t ldy, int ith,
    int nth
) {
    CALL_LEVEL(swiglu, gate, ldg, up, ldu, m, n, y, ldy, ith, nth);
}

void assize_swiglu_backward(
    const float *gate, int64_t ldg, const float *up, int64_t ldu, const float *dy, int64_t lddy, int64_t m, int64_t n,
    float *dgate, int64_t lddg, float *dup, int64_t lddu, int ith, int nth
) {
    CALL_LEVEL(swiglu_backward, gate, ldg, up, ldu, dy, lddy, m, n, dgate, lddg, dup, lddu, ith, nth);
}

void assize_log_softmax_target(
    float *logits, int64_t ldl, int64_t m, int64_t n, const int32_t *targets, float *log_probability, int32_t gradient,
    int ith, int nth
) {
    CALL_LEVEL(log_softmax_target, logits, ldl, m, n, targets, log_probability, gradient, ith, nth);
}
