// The packed product, compiled once per CPU level by each_level.h.

#include "simd.h"
#include "tile.h"

// x[rows][k0 ..< k0 + depth] into the block, as floats or as bfloat16 pairs, zero to the padded depth and row tile.
#define pack_x LEVEL(pack_x)
static void pack_x(
    const float *x, int64_t ldx, int64_t rows, int64_t padded_rows, int64_t depth, int64_t padded, int dot, float *out
) {
    for (int64_t i = 0; i < padded_rows; i++, out += depth_stride) {
        int64_t filled = i < rows ? depth : 0;
        const float *row = x + i * ldx;
        if (!dot) {
            if (filled) memcpy(out, row, (size_t)filled * sizeof(float));
            for (int64_t t = filled; t < padded; t++) out[t] = 0.0f;
            continue;
        }
        uint16_t *pairs = (uint16_t *)out;
        int64_t t = 0;
        for (; t + VW <= filled; t += VW) {
            typedef uint16_t half __attribute__((ext_vector_type(VW), aligned(2), may_alias));
            *(half *)(pairs + t) = __builtin_convertvector(round_bf16(load(row + t)), half);
        }
        for (; t < filled; t++) {
            float one[VW] = {row[t]};
            pairs[t] = (uint16_t)round_bf16(load(one))[0];
        }
        for (; t < padded; t++) pairs[t] = 0;
    }
}

// A group's panels of bfloat16 as floats. Done once for all the rows of a block, this costs little, where widening
// inside the product would take the registers it needs.
#define widen LEVEL(widen)
static void widen(const char *panels, int64_t panel_bytes, int64_t depth, int64_t width, float *out) {
    for (int64_t p = 0; p < width; p++) {
        const uint32_t *pairs = (const uint32_t *)(panels + p * panel_bytes);
        for (int64_t t = 0; t < depth; t += 2, pairs += PANEL, out += 2 * PANEL)
            for (int c = 0; c < PANEL; c += VW) {
                vu both = load_bits(pairs + c);
                store_bits(out + c, both << 16);
                store_bits(out + PANEL + c, both & 0xffff0000u);
            }
    }
}

// The product of one row tile with `vectors` vectors of the panels' columns, over this block's depth.
#define multiply LEVEL(multiply)
FN void multiply(vf *acc, const int vectors, const block *in, int64_t tile_row, const int dot) {
    const float *x = in->x + tile_row * depth_stride;
#ifdef DOT_BF16
    if (dot) {
        tile_add_dot(acc, vectors, (const uint32_t *)x, depth_stride, (const uint32_t *)in->panels, in->panel_bytes / 4,
                     in->depth / 2);
        return;
    }
#endif
    (void)dot;
    tile_add(acc, vectors, x, depth_stride, 1, (const float *)in->panels, in->panel_bytes / 4, PANEL, in->depth, 0);
}

// One row tile by `width` panels: the product, LoRA's rank on top, and the result in y.
#define tile_to_y LEVEL(tile_to_y)
FN void tile_to_y(
    const block *in, int64_t tile_row, int64_t row, int64_t rows, int64_t panel, const int width, const int dot
) {
    const int vectors = width * PANEL_VECTORS;
    const assize_linear_arguments *args = in->args;
    int64_t column = panel * PANEL;
    vf acc[MR * GROUP * PANEL_VECTORS];
    tile_zero(acc, vectors);
    float *y = args->y + row * args->ldy + column;
    // y's lines are asked for now, so that they are there when the product is done.
    for (int64_t i = 0; i < rows; i++)
        for (int v = 0; v < width; v++) __builtin_prefetch(y + i * args->ldy + v * PANEL, 1);
    multiply(acc, vectors, in, tile_row, dot);
    if (in->h)
        tile_add(acc, vectors, in->h + tile_row * in->h_stride, in->h_stride, 1, in->up + panel * in->up_panel,
                 in->up_panel, PANEL, in->up_depth, 0);

    const float *base = in->first ? args->residual : args->y;
    int64_t base_stride = in->first ? args->ld_residual : args->ldy;
    if (base) base += row * base_stride + column;
    const float *bias = in->first && args->bias ? args->bias + column : NULL;
    if (column + width * PANEL <= in->n) {
#pragma clang loop unroll(full)
        for (int i = 0; i < MR; i++) {
            if (i < rows) {
#pragma clang loop unroll(full)
                for (int v = 0; v < vectors; v++) {
                    vf sum = acc[i * vectors + v];
                    if (base) sum += load(base + i * base_stride + v * VW);
                    if (bias) sum += load(bias + v * VW);
                    store(y + i * args->ldy + v * VW, sum);
                }
            }
        }
        return;
    }
    // The last columns: through memory, one by one.
    float sums[MR][GROUP * PANEL];
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) store(&sums[i][v * VW], acc[i * vectors + v]);
    for (int64_t i = 0; i < rows; i++)
        for (int64_t c = 0; column + c < in->n; c++) {
            float sum = sums[i][c];
            if (base) sum += base[i * base_stride + c];
            if (bias) sum += bias[c];
            y[i * args->ldy + c] = sum;
        }
}

// One row tile of h = x A^T: into the block's own h, which is padded to whole panels and tiles.
#define tile_to_h LEVEL(tile_to_h)
FN void tile_to_h(const block *in, int64_t tile_row, float *h, const int width, const int dot) {
    const int vectors = width * PANEL_VECTORS;
    vf acc[MR * GROUP * PANEL_VECTORS];
    tile_zero(acc, vectors);
    multiply(acc, vectors, in, tile_row, dot);
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) {
            float *at = h + (tile_row + i) * in->h_stride + v * VW;
            store(at, in->first ? acc[i * vectors + v] : load(at) + acc[i * vectors + v]);
        }
}

// All row tiles of the block against `width` panels, which stay in the nearest cache meanwhile. One machine function
// for each kind of product, so that each has the registers to itself.
#define rows_to_y LEVEL(rows_to_y)
static __attribute__((noinline)) void rows_to_y(const block *in, int64_t row, int64_t rows, int64_t panel, int width) {
    for (int64_t i = 0; i < rows; i += MR) {
        int64_t tile_rows = rows - i < MR ? rows - i : MR;
#define TILE_TO_Y(w) tile_to_y(in, i, row + i, tile_rows, panel, w, 0)
        WITH_WIDTH(width, TILE_TO_Y)
    }
}
#define rows_to_h LEVEL(rows_to_h)
static __attribute__((noinline)) void rows_to_h(const block *in, int64_t rows, float *h, int width) {
    for (int64_t i = 0; i < rows; i += MR) {
#define TILE_TO_H(w) tile_to_h(in, i, h, w, 0)
        WITH_WIDTH(width, TILE_TO_H)
    }
}
#ifdef DOT_BF16
static __attribute__((noinline)) void rows_to_y_dot(
    const block *in, int64_t row, int64_t rows, int64_t panel, int width
) {
    for (int64_t i = 0; i < rows; i += MR) {
        int64_t tile_rows = rows - i < MR ? rows - i : MR;
#define TILE_TO_Y_DOT(w) tile_to_y(in, i, row + i, tile_rows, panel, w, 1)
        WITH_WIDTH(width, TILE_TO_Y_DOT)
    }
}
static __attribute__((noinline)) void rows_to_h_dot(const block *in, int64_t rows, float *h, int width) {
    for (int64_t i = 0; i < rows; i += MR) {
#define TILE_TO_H_DOT(w) tile_to_h(in, i, h, w, 1)
        WITH_WIDTH(width, TILE_TO_H_DOT)
    }
}
#endif

// Points the block at `width` panels of a packed matrix from panel p and depth k0 on.
#define take_panels LEVEL(take_panels)
static void take_panels(
    block *in, const assize_packed_header *packed, int64_t p, int64_t width, int64_t k0, int dot, float *wide
) {
    int64_t size = packed->format == ASSIZE_BF16 ? 2 : 4;
    in->panel_bytes = packed->depth_padded * PANEL * size;
    in->panels = packed_panels(packed) + p * in->panel_bytes + k0 * PANEL * size;
    if (packed->format == ASSIZE_BF16 && !dot) {
        widen(in->panels, in->panel_bytes, in->depth, width, wide);
        in->panels = (const char *)wide;
        in->panel_bytes = in->depth * PANEL * (int64_t)sizeof(float);
    }
}

#undef RUN
#ifdef DOT_BF16
#define RUN(name, ...) (dot ? name##_dot : name)(__VA_ARGS__)
#else
#define RUN(name, ...) name(__VA_ARGS__)
#endif

static void LEVEL(linear)(const assize_linear_arguments *args, int ith, int nth, void *scratch) {
    const assize_packed_header *weight = packed_header(args->weight);
    const assize_lora_header *lora = args->lora;
    const assize_packed_header *down = NULL, *up = NULL;
    if (lora) {
        if (lora->magic != lora_magic) __builtin_trap();
        down = packed_header((const char *)lora + lora->down_offset);
        up = packed_header((const char *)lora + lora->up_offset);
        if (down->depth != weight->depth || up->columns != weight->columns) __builtin_trap();
    }
    int dot = 0;
#ifdef DOT_BF16
    // x is rounded for both or neither of the matrices that multiply it.
    dot = weight->format == ASSIZE_BF16 && (!down || down->format == ASSIZE_BF16);
#endif
    int64_t k = weight->depth;
    int64_t panels = (weight->columns + PANEL - 1) / PANEL;
    share part = split(args->m, panels, MR, ith, nth);
    if (part.panel_begin == part.panel_end) return;

    float *x = (float *)(((uintptr_t)scratch + 63) & ~(uintptr_t)63);
    float *wide = x + row_block * depth_stride, *h = wide + most_group * PANEL * depth_units;
    int64_t rank_panels = lora ? (lora->rank + PANEL - 1) / PANEL : 0;

    // Equal depth blocks, a multiple of 4 deep.
    int64_t most = dot ? 2 * depth_units : depth_units;
    int64_t blocks = (k + most - 1) / most;
    int64_t depth = ((k + blocks - 1) / blocks + 3) / 4 * 4;
    block in = {.x = x, .args = args, .n = weight->columns, .h_stride = rank_panels * PANEL};

    for (int64_t row = part.row_begin; row < part.row_end; row += row_block) {
        int64_t rows = part.row_end - row < row_block ? part.row_end - row : row_block;
        for (int64_t k0 = 0; k0 < k; k0 += depth) {
            int64_t filled = k - k0 < depth ? k - k0 : depth;
            in.depth = (filled + 3) / 4 * 4;
            in.first = k0 == 0;
            in.h = NULL;
            pack_x(args->x + row * args->ldx + k0, args->ldx, rows, (rows + MR - 1) / MR * MR, filled, in.depth, dot, x);
            if (lora) {
                for (int64_t p = 0, width; p < rank_panels; p += width) {
                    width = group_width(rank_panels - p);
                    take_panels(&in, down, p, width, k0, dot, wide);
                    RUN(rows_to_h, &in, rows, h + p * PANEL, (int)width);
                }
                if (k0 + depth >= k) {
                    in.h = h;
                    in.up = (const float *)packed_panels(up);
                    in.up_depth = lora->rank;
                    in.up_panel = up->depth_padded * PANEL;
                    if (args->h && part.panel_begin == 0)
                        for (int64_t i = 0; i < rows; i++)
                            memcpy(args->h + (row + i) * args->ldh, h + i * in.h_stride, lora->rank * sizeof(float));
                }
            }
            for (int64_t p = part.panel_begin, width; p < part.panel_end; p += width) {
                width = group_width(part.panel_end - p);
                take_panels(&in, weight, p, width, k0, dot, wide);
                RUN(rows_to_y, &in, row, rows, p, (int)width);
            }
        }
    }
}
