// The vector layer of one CPU level. No include guard on purpose: each_level.h includes every kernel body once per
// level with VW (floats per vector) and LEVEL(name) (adds the level's suffix) defined, and each body starts with this
// file. Everything is a clang vector extension, so the one source becomes SSE2, AVX2, AVX-512 or NEON code.

typedef float LEVEL(float_vector) __attribute__((ext_vector_type(VW)));
typedef int32_t LEVEL(int_vector) __attribute__((ext_vector_type(VW)));
typedef uint32_t LEVEL(bits_vector) __attribute__((ext_vector_type(VW)));
// The same vectors as they lie in user data: four-byte aligned, aliasing anything.
typedef float LEVEL(float_data) __attribute__((ext_vector_type(VW), aligned(4), may_alias));
typedef int32_t LEVEL(int_data) __attribute__((ext_vector_type(VW), aligned(4), may_alias));
typedef uint32_t LEVEL(bits_data) __attribute__((ext_vector_type(VW), aligned(4), may_alias));

#define vf LEVEL(float_vector)
#define vi LEVEL(int_vector)
#define vu LEVEL(bits_vector)
#define FN static inline __attribute__((always_inline, unused))

#define load LEVEL(load)
FN vf load(const float *p) { return *(const LEVEL(float_data) *)p; }
#define load_bits LEVEL(load_bits)
FN vu load_bits(const void *p) { return *(const LEVEL(bits_data) *)p; }
#define load_ints LEVEL(load_ints)
FN vi load_ints(const int32_t *p) { return *(const LEVEL(int_data) *)p; }
#define store LEVEL(store)
FN void store(float *p, vf v) { *(LEVEL(float_data) *)p = v; }
#define store_bits LEVEL(store_bits)
FN void store_bits(void *p, vu v) { *(LEVEL(bits_data) *)p = v; }
#define splat LEVEL(splat)
FN vf splat(float s) { return (vf)(s); }

#define as_float(v) __builtin_bit_cast(vf, v)
#define as_bits(v) __builtin_bit_cast(vu, v)
#define as_ints(v) __builtin_bit_cast(vi, v)

// Lanes of a where the mask is all ones, of b where it is zero.
#define choose LEVEL(choose)
FN vf choose(vi mask, vf a, vf b) { return as_float((as_ints(a) & mask) | (as_ints(b) & ~mask)); }

#define vmax LEVEL(vmax)
FN vf vmax(vf a, vf b) { return __builtin_elementwise_max(a, b); }
#define vmin LEVEL(vmin)
FN vf vmin(vf a, vf b) { return __builtin_elementwise_min(a, b); }

// Sum and maximum over the lanes, always in the same order.
#define lane_sum LEVEL(lane_sum)
FN float lane_sum(vf v) {
    float lanes[VW];
    store(lanes, v);
    for (int width = VW / 2; width > 0; width /= 2)
        for (int i = 0; i < width; i++) lanes[i] += lanes[i + width];
    return lanes[0];
}
#define lane_max LEVEL(lane_max)
FN float lane_max(vf v) {
    float lanes[VW];
    store(lanes, v);
    float best = lanes[0];
    for (int i = 1; i < VW; i++) best = lanes[i] > best ? lanes[i] : best;
    return best;
}

// e^r for |r| <= ln2/2, times 2^n where n is a whole number held as float bits of (n + 1.5 * 2^23).
#define exp_finish LEVEL(exp_finish)
FN vf exp_finish(vf r, vf shifted) {
    vf p = splat(1.38145e-3f);
    p = p * r + 8.36875e-3f;
    p = p * r + 4.166839e-2f;
    p = p * r + 1.666652e-1f;
    p = p * r + 4.9999993e-1f;
    p = p * r + 1.0f;
    p = p * r + 1.0f;
    return as_float(as_bits(p) + (as_bits(shifted) << 23));
}

// 2^x for x <= 126; exactly zero below -126, so that masked scores leave nothing behind.
#define exp2_fast LEVEL(exp2_fast)
FN vf exp2_fast(vf x) {
    const vf magic = splat(12582912.0f);
    vf safe = vmax(x, splat(-126.0f));
    vf shifted = safe + magic;
    vf whole = shifted - magic;
    vf r = (safe - whole) * 0.693147181f;
    return as_float(as_ints(exp_finish(r, shifted)) & (vi)(x >= splat(-126.0f)));
}

// e^x, within about 2e-7 of the true value; zero below -87.3, held at e^88 above 88.
#define exp_fast LEVEL(exp_fast)
FN vf exp_fast(vf x) {
    const vf magic = splat(12582912.0f);
    vf safe = vmin(vmax(x, splat(-87.3f)), splat(88.0f));
    vf shifted = safe * 1.44269504f + magic;
    vf whole = shifted - magic;
    // ln 2 in two pieces, the first short enough that whole * piece is exact.
    vf r = safe - whole * 0.693359375f;
    r = r - whole * -2.12194440e-4f;
    return as_float(as_ints(exp_finish(r, shifted)) & (vi)(x >= splat(-87.3f)));
}

// The upper halves of floats rounded to nearest even, as bfloat16 in the low 16 bits of each lane.
#define round_bf16 LEVEL(round_bf16)
FN vu round_bf16(vf v) {
    vu u = as_bits(v);
    vu rounded = (u + 0x7fffu + ((u >> 16) & 1u)) >> 16;
    // A NaN's payload must not carry into infinity.
    vu quiet = (u >> 16) | 0x40u;
    vi nan = (vi)(v != v);
    return __builtin_bit_cast(vu, (as_ints(quiet) & nan) | (as_ints(rounded) & ~nan));
}
