// y = x W^T (+ bias) (+ residual) with LoRA inside; the arithmetic is in linear_body.h, once per CPU level.

#include "packed.h"

#include <stddef.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Rows of x packed at a time: their block must stay in L2 beside a panel of W.
enum { row_block = 192 };
// Depth of one pass, in 32-bit units (a float, or a pair of bfloat16): sixteen columns of W this deep and one row tile
// of x fit in a 32 KB L1. The stride is an odd number of cache lines, so that rows fall in different sets.
enum { depth_units = 320, depth_stride = 336 };
// Panels of the widest register tile.
enum { most_group = 4 };

// What one thread computes: a range of rows and a range of 16-column panels.
typedef struct {
    int64_t row_begin, row_end, panel_begin, panel_end;
} share;

// Everything the tiles of one (row block, depth block) share.
typedef struct {
    const float *x;        // packed rows, depth_stride units apart
    int64_t depth;         // this block's depth in values, a multiple of 4
    const char *panels;    // the panels of W that are multiplied now, at this block's first depth
    int64_t panel_bytes;   // from panel to panel
    const float *h;        // LoRA: rows of x A^T, or null while the depth is unfinished
    int64_t h_stride;
    const float *up;       // LoRA: the panels of B
    int64_t up_depth, up_panel;
    const assize_linear_arguments *args;
    int64_t n;
    int first;             // nothing in y yet
} block;

// Threads split rows while each keeps enough of them to pay for streaming the weights; the rest of the split is over
// columns. No sum is ever split, so the result does not depend on the number of threads.
static share split(int64_t m, int64_t panels, int64_t tile, int ith, int nth) {
    int64_t by_rows = 1;
    for (int64_t d = 2; d <= nth; d++)
        if (nth % d == 0 && m / d >= 48) by_rows = d;
    int64_t by_columns = nth / by_rows;
    int64_t row_part = ith % by_rows, column_part = ith / by_rows;
    int64_t tiles = (m + tile - 1) / tile;
    int64_t row_end = tiles * (row_part + 1) / by_rows * tile;
    return (share){
        tiles * row_part / by_rows * tile,
        row_end < m ? row_end : m,
        panels * column_part / by_columns,
        panels * (column_part + 1) / by_columns,
    };
}

static int64_t padded_rank(int64_t rank) { return (rank + panel_columns - 1) / panel_columns * panel_columns; }

size_t assize_linear_scratch_size(int64_t rank) {
    size_t panels = most_group * panel_columns * depth_units;
    return sizeof(float) * (panels + (size_t)(row_block * (depth_stride + padded_rank(rank)))) + 64;
}

#define BODY "linear_body.h"
#define BODY_USES_DOT 1
#include "each_level.h"

void assize_linear(const assize_linear_arguments *args, int ith, int nth, void *scratch) {
    CALL_LEVEL(linear, args, ith, nth, scratch);
}
