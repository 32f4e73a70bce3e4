// Sums of outer products over the rows of two matrices: the gradients of LoRA's factors.

#include "include/CKernels.h"

#include <string.h>

// Rows summed in registers before the sum goes to memory; also what a padded copy at the edges holds.
enum { outer_rows = 64 };

#define BODY "outer_body.h"
#include "each_level.h"

void assize_outer(
    const float *u, int64_t ldu, const float *v, int64_t ldv, int64_t m, int64_t p, int64_t q, float scale,
    int32_t accumulate, float *out, int64_t ldo, int ith, int nth
) {
    // The longer side lies along the vectors; the tile is turned as it is stored where that is p.
    if (q >= p)
        CALL_LEVEL(outer, u, ldu, v, ldv, m, p, q, scale, accumulate, out, ldo, 1, ith, nth);
    else
        CALL_LEVEL(outer, v, ldv, u, ldu, m, q, p, scale, accumulate, out, 1, ldo, ith, nth);
}
