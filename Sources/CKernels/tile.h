// Register tiles: MR rows by `vectors` vectors of accumulators, included after simd.h by the kernels that multiply
// matrices. The counts are compile-time constants at every call, so that after inlining the loops unroll and the
// accumulators stay in registers.

// Columns of a packed panel, and vectors in one panel's width.
#define PANEL 16
#define PANEL_VECTORS (PANEL / VW)

#define tile_zero LEVEL(tile_zero)
FN void tile_zero(vf *acc, const int vectors) {
#pragma clang loop unroll(full)
    for (int i = 0; i < MR * vectors; i++) acc[i] = splat(0.0f);
}

// acc[i][v] += sum over t < count of x[i * x_row + t * x_step] * b[t * b_step + columns of vector v], where panel g
// of b begins at b + g * b_panel. Ahead of a wide unpacked b, `fetch` floats further on are prefetched.
#define tile_add LEVEL(tile_add)
FN void tile_add(
    vf *acc, const int vectors, const float *x, ptrdiff_t x_row, ptrdiff_t x_step, const float *b, ptrdiff_t b_panel,
    ptrdiff_t b_step, int64_t count, const int fetch
) {
#pragma clang loop unroll_count(2)
    for (int64_t t = 0; t < count; t++) {
        vf columns[GROUP * PANEL_VECTORS];
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++)
            columns[v] = load(b + (v / PANEL_VECTORS) * b_panel + (v % PANEL_VECTORS) * VW);
        if (fetch) __builtin_prefetch(b + fetch);
#pragma clang loop unroll(full)
        for (int i = 0; i < MR; i++) {
            vf factor = splat(x[i * x_row]);
#pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++) acc[i * vectors + v] += factor * columns[v];
        }
        x += x_step;
        b += b_step;
    }
}

#ifdef DOT_BF16
// One instruction: acc += low * low + high * high, lane by lane. The emulation is for the test harness.
#define dot_pairs LEVEL(dot_pairs)
#ifdef ASSIZE_EMULATE_AVX512
FN vf dot_pairs(vf acc, vu a, vu b) {
    vf odd = as_float(a & 0xffff0000u) * as_float(b & 0xffff0000u);
    return acc + (odd + as_float(a << 16) * as_float(b << 16));
}
#else
FN vf dot_pairs(vf acc, vu a, vu b) {
    return __builtin_bit_cast(
        vf,
        _mm512_dpbf16_ps(
            __builtin_bit_cast(__m512, acc), __builtin_bit_cast(__m512bh, a), __builtin_bit_cast(__m512bh, b)
        )
    );
}
#endif

// The same in bfloat16: x and the panels hold pairs of consecutive t in one 32-bit unit; pairs counts these.
#define tile_add_dot LEVEL(tile_add_dot)
FN void tile_add_dot(
    vf *acc, const int vectors, const uint32_t *x, ptrdiff_t x_row, const uint32_t *b, ptrdiff_t b_panel, int64_t pairs
) {
#pragma clang loop unroll_count(2)
    for (int64_t t = 0; t < pairs; t++) {
        vu columns[GROUP * PANEL_VECTORS];
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++)
            columns[v] = load_bits(b + (v / PANEL_VECTORS) * b_panel + (v % PANEL_VECTORS) * VW);
#pragma clang loop unroll(full)
        for (int i = 0; i < MR; i++) {
            vu factor = (vu)(x[i * x_row]);
#pragma clang loop unroll(full)
            for (int v = 0; v < vectors; v++)
                acc[i * vectors + v] = dot_pairs(acc[i * vectors + v], factor, columns[v]);
        }
        x++;
        b += PANEL;
    }
}
#endif

// How many panels the next tile takes of those left: never leaves a lone, latency-bound panel where two pairs do.
#define group_width LEVEL(group_width)
FN int group_width(int64_t left) {
    if (GROUP == 1 || left <= 1) return 1;
    if (left == 5) return 3;
    return left < GROUP ? (int)left : GROUP;
}

// Runs `call(width)` with the width as a compile-time constant.
#undef WITH_WIDTH
#if VW == 16
#define WITH_WIDTH(width, call)  \
    switch (width) {             \
    case 1: call(1); break;      \
    case 2: call(2); break;      \
    case 3: call(3); break;      \
    default: call(4); break;     \
    }
#else
#define WITH_WIDTH(width, call) \
    (void)(width);              \
    call(1);
#endif
