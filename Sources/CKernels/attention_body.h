// Pieces of both directions of attention, once per CPU level. Scores are kept transposed, [key][row]: the rows of a
// block lie along the vectors, so softmax needs no sums across lanes, keys and values are read as they lie in memory,
// and only the queries (and the gradients of the output) are turned.

#include "simd.h"
#include "tile.h"

// rows x depth at source, turned to panels [row panel][depth][16], times factor; missing rows are zero.
#define turn LEVEL(turn)
static void turn(const float *source, int64_t ld, int64_t rows, int64_t depth, float factor, float *out) {
    for (int64_t panel = 0; panel < attention_rows; panel += PANEL, out += depth * PANEL) {
        int64_t filled = rows - panel < 0 ? 0 : least(rows - panel, PANEL);
        const float *from = source + panel * ld;
        if (filled == PANEL) {
            for (int64_t d = 0; d < depth; d++)
                for (int i = 0; i < PANEL; i++) out[d * PANEL + i] = from[i * ld + d] * factor;
        } else {
            for (int64_t d = 0; d < depth; d++)
                for (int i = 0; i < PANEL; i++) out[d * PANEL + i] = i < filled ? from[i * ld + d] * factor : 0.0f;
        }
    }
}

// Rows copied into a buffer whose rows are padded with zeros, so that whole panels may be read.
#define pad_rows LEVEL(pad_rows)
static void pad_rows(const float *source, int64_t ld, int64_t rows, int64_t depth, int64_t padded, float *out) {
    for (int64_t i = 0; i < rows; i++, out += padded) {
        memcpy(out, source + i * ld, (size_t)depth * sizeof(float));
        for (int64_t d = depth; d < padded; d++) out[d] = 0.0f;
    }
}

// MR rows from `row` on, for a tile: where they lie, or copied and zero-padded if they reach beyond the last token.
#define tile_rows_at LEVEL(tile_rows_at)
FN const float *tile_rows_at(
    const float *base, int64_t *stride, int64_t row, int64_t tokens, int64_t depth, float *edge
) {
    if (row + MR <= tokens) return base + row * *stride;
    for (int64_t i = 0; i < MR; i++)
        for (int64_t d = 0; d < depth; d++) edge[i * depth + d] = row + i < tokens ? base[(row + i) * *stride + d] : 0.0f;
    *stride = depth;
    return edge;
}

// All ones in the lanes of the rows (from lane on) that see the key.
#define sees LEVEL(sees)
FN vi sees(const row_limits *limits, int64_t lane, int64_t key) {
    vi j = (vi)((int32_t)key);
    vi prefix = (vi)(j >= load_ints(limits->prefix_begin + lane)) & (vi)(j < load_ints(limits->prefix_end + lane));
    vi own = (vi)(j >= load_ints(limits->own_begin + lane)) & (vi)(j <= load_ints(limits->self + lane));
    return prefix | own;
}

// out[i][column] = out[i][column] * factor[i] + sum over t < count of x[i * x_row + t * x_step] b[t * ldb + column],
// for i < rows and all columns; out's rows are `columns` apart, a multiple of 16, and reach to a whole tile. Without
// factors out is added to, or, if `fresh`, written.
#define accumulate_tile LEVEL(accumulate_tile)
FN void accumulate_tile(
    const float *x, int64_t x_row, int64_t x_step, const float *b, int64_t ldb, int64_t count, const float *factor,
    int fresh, float *out, int64_t ldo, const int width
) {
    const int vectors = width * PANEL_VECTORS;
    vf acc[MR * GROUP * PANEL_VECTORS];
    tile_zero(acc, vectors);
    tile_add(acc, vectors, x, x_row, x_step, b, PANEL, ldb, count, 0);
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) {
            float *at = out + i * ldo + v * VW;
            vf sum = acc[i * vectors + v];
            if (factor)
                sum += load(at) * factor[i];
            else if (!fresh)
                sum += load(at);
            store(at, sum);
        }
}

#define accumulate LEVEL(accumulate)
static void accumulate(
    const float *x, int64_t x_row, int64_t x_step, const float *b, int64_t ldb, int64_t count, int64_t rows,
    int64_t columns, const float *factor, int fresh, float *out
) {
    for (int64_t column = 0, width; column < columns; column += width * PANEL) {
        width = group_width((columns - column) / PANEL);
        for (int64_t i = 0; i < rows; i += MR) {
#define ACCUMULATE_TILE(w)                                                                                      \
    accumulate_tile(x + i * x_row, x_row, x_step, b + column, ldb, count, factor ? factor + i : NULL, fresh,    \
                    out + i * columns + column, columns, w)
            WITH_WIDTH(width, ACCUMULATE_TILE)
        }
    }
}
