// The outer-product sums, compiled once per CPU level by each_level.h.

#include "simd.h"
#include "tile.h"

// One tile: MR columns of u by `width` panels of v over `count` rows, into out at (i * row_step + j * column_step).
#define outer_tile LEVEL(outer_tile)
FN void outer_tile(
    const float *u, int64_t ldu, const float *v, int64_t ldv, int64_t count, int64_t rows, int64_t columns, float scale,
    int add, float *out, int64_t row_step, int64_t column_step, const int width
) {
    const int vectors = width * PANEL_VECTORS;
    vf acc[MR * GROUP * PANEL_VECTORS];
    tile_zero(acc, vectors);
    tile_add(acc, vectors, u, 1, ldu, v, PANEL, ldv, count, GROUP * PANEL);
    if (column_step == 1 && columns == width * PANEL) {
#pragma clang loop unroll(full)
        for (int i = 0; i < MR; i++) {
            if (i < rows) {
#pragma clang loop unroll(full)
                for (int n = 0; n < vectors; n++) {
                    float *at = out + i * row_step + n * VW;
                    vf sum = acc[i * vectors + n] * scale;
                    store(at, add ? load(at) + sum : sum);
                }
            }
        }
        return;
    }
    float sums[MR][GROUP * PANEL];
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
        for (int n = 0; n < vectors; n++) store(&sums[i][n * VW], acc[i * vectors + n] * scale);
    for (int64_t c = 0; c < columns; c++)
        for (int64_t i = 0; i < rows; i++) {
            float *at = out + i * row_step + c * column_step;
            *at = add ? *at + sums[i][c] : sums[i][c];
        }
}

static void LEVEL(outer)(
    const float *u, int64_t ldu, const float *v, int64_t ldv, int64_t m, int64_t p, int64_t q, float scale,
    int32_t accumulate, float *out, int64_t row_step, int64_t column_step, int ith, int nth
) {
    int64_t panels = (q + PANEL - 1) / PANEL;
    int64_t begin = panels * ith / nth, end = panels * (ith + 1) / nth;
    // Zero-padded copies for the last columns of either side, which must not be read beyond the last row's end.
    float u_edge[outer_rows * MR], v_edge[outer_rows * PANEL];
    if (m == 0 && !accumulate)
        for (int64_t j = begin * PANEL; j < end * PANEL && j < q; j++)
            for (int64_t i = 0; i < p; i++) out[i * row_step + j * column_step] = 0.0f;

    for (int64_t row = 0; row < m; row += outer_rows) {
        int64_t count = m - row < outer_rows ? m - row : outer_rows;
        int add = accumulate || row > 0;
        const float *u_rows = u + row * ldu, *v_rows = v + row * ldv;
        int64_t u_whole = p / MR * MR;
        if (u_whole < p) {
            memset(u_edge, 0, sizeof u_edge);
            for (int64_t t = 0; t < count; t++)
                for (int64_t i = u_whole; i < p; i++) u_edge[t * MR + i - u_whole] = u_rows[t * ldu + i];
        }
        for (int64_t panel = begin, width; panel < end; panel += width) {
            int64_t column = panel * PANEL;
            // The ragged last panel goes alone.
            int64_t whole = (q - column) / PANEL < end - panel ? (q - column) / PANEL : end - panel;
            width = whole > 0 ? group_width(whole) : 1;
            int64_t columns = whole > 0 ? width * PANEL : q - column;
            const float *wide = v_rows + column;
            int64_t wide_step = ldv;
            if (whole == 0) {
                memset(v_edge, 0, sizeof v_edge);
                for (int64_t t = 0; t < count; t++)
                    memcpy(v_edge + t * PANEL, wide + t * ldv, (size_t)columns * sizeof(float));
                wide = v_edge;
                wide_step = PANEL;
            }
            for (int64_t i = 0; i < p; i += MR) {
                int edge = i == u_whole;
                const float *narrow = edge ? u_edge : u_rows + i;
                int64_t narrow_step = edge ? MR : ldu, rows = p - i < MR ? p - i : MR;
                float *to = out + i * row_step + column * column_step;
#define OUTER_TILE(w)                                                                                            \
    outer_tile(narrow, narrow_step, wide, wide_step, count, rows, columns, scale, add, to, row_step, column_step, w)
                WITH_WIDTH(width, OUTER_TILE)
            }
        }
    }
}
