// Norms, gates and the loss of one thread's rows, compiled once per CPU level by each_level.h.

#include "simd.h"

static void LEVEL(rms_norm)(
    const float *x, int64_t ldx, const float *w, int64_t m, int64_t n, float eps, float *y, int64_t ldy, int ith, int nth
) {
    for (int64_t i = m * ith / nth; i < m * (ith + 1) / nth; i++) {
        const float *row = x + i * ldx;
        float *out = y + i * ldy;
        vf squares = splat(0.0f), more = splat(0.0f);
        int64_t c = 0;
        for (; c + 2 * VW <= n; c += 2 * VW) {
            squares += load(row + c) * load(row + c);
            more += load(row + c + VW) * load(row + c + VW);
        }
        float sum = lane_sum(squares + more);
        for (; c < n; c++) sum += row[c] * row[c];
        float inverse = 1.0f / sqrtf(sum / (float)n + eps);
        for (c = 0; c + VW <= n; c += VW) store(out + c, load(row + c) * inverse * load(w + c));
        for (; c < n; c++) out[c] = row[c] * inverse * w[c];
    }
}

static void LEVEL(rms_norm_backward)(
    const float *x, int64_t ldx, const float *w, const float *dy, int64_t lddy, int64_t m, int64_t n, float eps,
    int32_t accumulate, float *dx, int64_t lddx, int ith, int nth
) {
    for (int64_t i = m * ith / nth; i < m * (ith + 1) / nth; i++) {
        const float *row = x + i * ldx, *gradient = dy + i * lddy;
        float *out = dx + i * lddx;
        vf squares = splat(0.0f), products = splat(0.0f);
        int64_t c = 0;
        for (; c + VW <= n; c += VW) {
            vf v = load(row + c);
            squares += v * v;
            products += v * (load(gradient + c) * load(w + c));
        }
        float sum = lane_sum(squares), product = lane_sum(products);
        for (; c < n; c++) {
            sum += row[c] * row[c];
            product += row[c] * (gradient[c] * w[c]);
        }
        float inverse = 1.0f / sqrtf(sum / (float)n + eps);
        // d(x / rms) takes out of the gradient its part along x.
        float along = product * inverse * inverse * inverse / (float)n;
        for (c = 0; c + VW <= n; c += VW) {
            vf d = load(gradient + c) * load(w + c) * inverse - load(row + c) * along;
            store(out + c, accumulate ? load(out + c) + d : d);
        }
        for (; c < n; c++) {
            float d = gradient[c] * w[c] * inverse - row[c] * along;
            out[c] = accumulate ? out[c] + d : d;
        }
    }
}

// The last, short vector of a row goes through padded copies, so that every element is computed alike.
#define load_some LEVEL(load_some)
FN vf load_some(const float *p, int64_t count) {
    float lanes[VW] = {0};
    memcpy(lanes, p, (size_t)count * sizeof(float));
    return load(lanes);
}
#define store_some LEVEL(store_some)
FN void store_some(float *p, vf v, int64_t count) {
    float lanes[VW];
    store(lanes, v);
    memcpy(p, lanes, (size_t)count * sizeof(float));
}

#define sigmoid LEVEL(sigmoid)
FN vf sigmoid(vf x) { return 1.0f / (1.0f + exp_fast(-x)); }

static void LEVEL(swiglu)(
    const float *gate, int64_t ldg, const float *up, int64_t ldu, int64_t m, int64_t n, float *y, int64_t ldy, int ith,
    int nth
) {
    for (int64_t i = m * ith / nth; i < m * (ith + 1) / nth; i++) {
        const float *g = gate + i * ldg, *u = up + i * ldu;
        float *out = y + i * ldy;
        int64_t c = 0;
        for (; c + VW <= n; c += VW) store(out + c, load(g + c) * sigmoid(load(g + c)) * load(u + c));
        if (c < n) {
            vf some = load_some(g + c, n - c);
            store_some(out + c, some * sigmoid(some) * load_some(u + c, n - c), n - c);
        }
    }
}

static void LEVEL(swiglu_backward)(
    const float *gate, int64_t ldg, const float *up, int64_t ldu, const float *dy, int64_t lddy, int64_t m, int64_t n,
    float *dgate, int64_t lddg, float *dup, int64_t lddu, int ith, int nth
) {
    for (int64_t i = m * ith / nth; i < m * (ith + 1) / nth; i++) {
        const float *g = gate + i * ldg, *u = up + i * ldu, *d = dy + i * lddy;
        float *dg = dgate + i * lddg, *du = dup + i * lddu;
        for (int64_t c = 0; c < n; c += VW) {
            int64_t count = n - c;
            int whole = count >= VW;
            vf x = whole ? load(g + c) : load_some(g + c, count);
            vf other = whole ? load(u + c) : load_some(u + c, count);
            vf gradient = whole ? load(d + c) : load_some(d + c, count);
            vf s = sigmoid(x);
            vf to_up = gradient * (x * s);
            vf to_gate = gradient * other * (s * (1.0f + x * (1.0f - s)));
            if (whole) {
                store(dg + c, to_gate);
                store(du + c, to_up);
            } else {
                store_some(dg + c, to_gate, count);
                store_some(du + c, to_up, count);
            }
        }
    }
}

static void LEVEL(log_softmax_target)(
    float *logits, int64_t ldl, int64_t m, int64_t n, const int32_t *targets, float *log_probability, int32_t gradient,
    int ith, int nth
) {
    // Lanes are summed as floats over this many vectors, and those sums as doubles.
    enum { run = 32 };
    for (int64_t i = m * ith / nth; i < m * (ith + 1) / nth; i++) {
        float *row = logits + i * ldl;
        int32_t target = targets[i];
        if (target < 0 || target >= n) {
            log_probability[i] = 0.0f;
            if (gradient) memset(row, 0, (size_t)n * sizeof(float));
            continue;
        }
        vf tops = splat(row[0]);
        int64_t c = 0;
        for (; c + VW <= n; c += VW) tops = vmax(tops, load(row + c));
        float top = lane_max(tops);
        for (; c < n; c++) top = row[c] > top ? row[c] : top;

        float chosen = row[target];
        double sum = 0.0;
        for (c = 0; c + VW <= n;) {
            vf part = splat(0.0f);
            for (int t = 0; t < run && c + VW <= n; t++, c += VW) {
                vf e = exp_fast(load(row + c) - top);
                if (gradient) store(row + c, e);
                part += e;
            }
            sum += lane_sum(part);
        }
        if (c < n) {
            vf e = exp_fast(load_some(row + c, n - c) - top);
            if (gradient) store_some(row + c, e, n - c);
            float lanes[VW];
            store(lanes, e);
            for (int64_t t = 0; t < n - c; t++) sum += lanes[t];
        }
        log_probability[i] = (float)((double)chosen - top - log(sum));
        if (!gradient) continue;
        float factor = (float)(-1.0 / sum);
        for (c = 0; c + VW <= n; c += VW) store(row + c, load(row + c) * factor);
        for (; c < n; c++) row[c] *= factor;
        row[target] += 1.0f;
    }
}
