// Backward attention of one thread, compiled once per CPU level by each_level.h.

#include "attention_body.h"

// One thread's buffers.
typedef struct {
    float *queries, *douts;             // turned: queries times scale and log2 e, gradients of the output
    float *probabilities, *dscores;     // [key][row] of one block
    float *dqueries;                    // [row][padded]
    float *dkeys, *dvalues;             // [key of the strip][padded]
    float *padded_keys;                 // [key of the strip][padded], if the head size is no multiple of 16
    float *padded_queries, *padded_douts;
    float *key_edge, *value_edge;
} LEVEL(backward_buffers);
#define buffers LEVEL(backward_buffers)

// One key tile against `width` row panels: probabilities from the scores and lse, then the gradients of the scores.
// Keys from `count` on are beyond the span: zero.
#define gradient_tile LEVEL(gradient_tile)
FN void gradient_tile(
    const float *keys, int64_t ldk, const float *values, int64_t ldv, const float *queries, const float *douts,
    int64_t depth, int64_t key, int64_t count, int full, const row_limits *limits, const float *lse, const float *delta,
    float scale, int64_t lane, float *probabilities, float *dscores, const int width
) {
    const int vectors = width * PANEL_VECTORS;
    vf acc[MR * GROUP * PANEL_VECTORS];
    tile_zero(acc, vectors);
    tile_add(acc, vectors, keys, ldk, 1, queries, depth * PANEL, PANEL, depth, 0);
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) {
            vf p = splat(0.0f);
            if (i < count) {
                p = exp2_fast(acc[i * vectors + v] - load(lse + lane + v * VW));
                if (!full) p = choose(sees(limits, lane + v * VW, key + i), p, splat(0.0f));
            }
            store(probabilities + i * attention_rows + v * VW, p);
        }
    tile_zero(acc, vectors);
    tile_add(acc, vectors, values, ldv, 1, douts, depth * PANEL, PANEL, depth, 0);
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) {
            vf p = load(probabilities + i * attention_rows + v * VW) * scale;
            store(dscores + i * attention_rows + v * VW, p * (acc[i * vectors + v] - load(delta + lane + v * VW)));
        }
}

#define gradient_block LEVEL(gradient_block)
static void gradient_block(
    const assize_attention_arguments *a, const float *k, const float *v, key_span span, const row_limits *limits,
    const float *lse, const float *delta, const buffers *buffer
) {
    int64_t depth = a->head_size, count = span.end - span.begin;
    for (int64_t j = 0; j < count; j += MR) {
        int64_t ldk = a->ldk, ldv = a->ldv, key = span.begin + j;
        const float *keys = tile_rows_at(k, &ldk, key, a->tokens, depth, buffer->key_edge);
        const float *values = tile_rows_at(v, &ldv, key, a->tokens, depth, buffer->value_edge);
        for (int64_t panel = 0, width; panel < attention_rows / PANEL; panel += width) {
            width = group_width(attention_rows / PANEL - panel);
            int64_t at = j * attention_rows + panel * PANEL, turned = panel * depth * PANEL;
#define GRADIENT_TILE(w)                                                                                           \
    gradient_tile(keys, ldk, values, ldv, buffer->queries + turned, buffer->douts + turned, depth, key, count - j, \
                  span.full, limits, lse, delta, a->scale, panel * PANEL, buffer->probabilities + at,              \
                  buffer->dscores + at, w)
            WITH_WIDTH(width, GRADIENT_TILE)
        }
    }
}

// One row block of one query head against the keys [k0, k1) of a strip.
#define backward_rows LEVEL(backward_rows)
static void backward_rows(
    const assize_attention_arguments *a, int64_t r0, int64_t head, int64_t k0, int64_t k1, const float *k,
    const float *v, const float *wide_keys, int64_t wide_stride, float *dq, int64_t lddq, const buffers *buffer
) {
    int64_t depth = a->head_size, padded = padded_head(depth), rows = least(attention_rows, a->tokens - r0);
    const float *q = a->q + r0 * a->ldq + head * depth, *dout = a->dout + r0 * a->lddout + head * depth;
    const float *out = a->out + r0 * a->ldout + head * depth;
    row_limits limits;
    fill_limits(a, r0, &limits);
    turn(q, a->ldq, rows, depth, a->scale * LOG2_E, buffer->queries);
    turn(dout, a->lddout, rows, depth, 1.0f, buffer->douts);
    float lse[attention_rows] = {0}, delta[attention_rows] = {0};
    for (int64_t i = 0; i < rows; i++) {
        lse[i] = a->lse[(r0 + i) * a->heads + head] * LOG2_E;
        vf sum = splat(0.0f);
        int64_t d = 0;
        for (; d + VW <= depth; d += VW) sum += load(dout + i * a->lddout + d) * load(out + i * a->ldout + d);
        delta[i] = lane_sum(sum);
        for (; d < depth; d++) delta[i] += dout[i * a->lddout + d] * out[i * a->ldout + d];
    }
    int64_t ldq = a->ldq, lddout = a->lddout;
    if (padded != depth) {
        pad_rows(q, ldq, rows, depth, padded, buffer->padded_queries);
        pad_rows(dout, lddout, rows, depth, padded, buffer->padded_douts);
        q = buffer->padded_queries;
        dout = buffer->padded_douts;
        ldq = lddout = padded;
    }

    key_bounds range = bounds(a, r0, r0 + rows);
    int fresh = 1;
    for (int64_t block = k0; block < k1; block += backward_keys) {
        int64_t end = least(block + backward_keys, k1);
        if ((end <= range.own_begin || block >= range.own_end) && (end <= range.prefix_begin || block >= range.prefix_end))
            continue;
        key_span span = visible(a, r0, r0 + rows, block, end);
        int64_t count = span.end - span.begin, offset = span.begin - k0;
        if (count <= 0) continue;
        gradient_block(a, k, v, span, &limits, lse, delta, buffer);
        accumulate(buffer->probabilities, attention_rows, 1, dout, lddout, rows, count, padded, NULL, 0,
                   buffer->dvalues + offset * padded);
        accumulate(buffer->dscores, attention_rows, 1, q, ldq, rows, count, padded, NULL, 0,
                   buffer->dkeys + offset * padded);
        accumulate(buffer->dscores, 1, attention_rows, wide_keys + offset * wide_stride, wide_stride, count, rows,
                   padded, NULL, fresh, buffer->dqueries);
        fresh = 0;
    }
    if (fresh) return;
    for (int64_t i = 0; i < rows; i++)
        memcpy(dq + (r0 + i) * lddq + head * depth, buffer->dqueries + i * padded, (size_t)depth * sizeof(float));
}

// One strip of keys of one key head, against all rows of all its query heads.
#define backward_strip LEVEL(backward_strip)
static void backward_strip(
    const assize_attention_arguments *a, int64_t k0, int64_t k1, int64_t key_head, float *dq, int64_t lddq,
    const buffers *buffer
) {
    int64_t depth = a->head_size, padded = padded_head(depth), group = a->heads / a->kv_heads;
    const float *k = a->k + key_head * depth, *v = a->v + key_head * depth;
    const float *wide_keys = k + k0 * a->ldk;
    int64_t wide_stride = a->ldk;
    if (padded != depth) {
        pad_rows(wide_keys, a->ldk, k1 - k0, depth, padded, buffer->padded_keys);
        wide_keys = buffer->padded_keys;
        wide_stride = padded;
    }
    memset(buffer->dkeys, 0, (size_t)((k1 - k0 + MR) * padded) * sizeof(float));
    memset(buffer->dvalues, 0, (size_t)((k1 - k0 + MR) * padded) * sizeof(float));
    for (int64_t head = key_head * group; head < (key_head + 1) * group; head++)
        // No row sees keys after itself.
        for (int64_t r0 = k0 / attention_rows * attention_rows; r0 < a->tokens; r0 += attention_rows)
            backward_rows(a, r0, head, k0, k1, k, v, wide_keys, wide_stride, dq, lddq, buffer);
    for (int64_t j = k0; j < k1; j++) {
        memcpy(a->dk + j * a->lddk + key_head * depth, buffer->dkeys + (j - k0) * padded, (size_t)depth * sizeof(float));
        memcpy(a->dv + j * a->lddv + key_head * depth, buffer->dvalues + (j - k0) * padded, (size_t)depth * sizeof(float));
    }
}

static void LEVEL(attention_backward)(
    const assize_attention_arguments *a, const strips *cut, float *parts, int ith, int nth, char *at
) {
    int64_t depth = a->head_size, padded = padded_head(depth), strip = a->tokens + MR;
    int64_t *load = carve(&at, nth, sizeof(int64_t));
    buffers buffer;
    float **pieces[] = {
        &buffer.queries,     &buffer.douts,          &buffer.probabilities, &buffer.dscores,  &buffer.dqueries,
        &buffer.dkeys,       &buffer.dvalues,        &buffer.padded_keys,   &buffer.padded_queries,
        &buffer.padded_douts, &buffer.key_edge,      &buffer.value_edge,
    };
    int64_t scores = (backward_keys + MR) * attention_rows, block = attention_rows * padded;
    int64_t sizes[] = {
        attention_rows * depth, attention_rows * depth, scores, scores, block,
        strip * padded, strip * padded, padded == depth ? 0 : strip * padded, block,
        block, MR * depth, MR * depth,
    };
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) *pieces[i] = carve(&at, sizes[i], sizeof(float));

    card cards[most_strips];
    for (int64_t s = 0; s < cut->count; s++) cards[s] = (card){cut->cost[s], s};
    sort_cards(cards, cut->count);
    memset(load, 0, (size_t)nth * sizeof(int64_t));
    int64_t width = a->heads * depth;
    for (int64_t i = 0; i < cut->count; i++)
        for (int64_t head = 0; head < a->kv_heads; head++) {
            if (deal(load, nth, cards[i].cost) != ith) continue;
            int64_t s = cards[i].kind;
            // The first strip's share of dq goes to dq itself, the others' to their parts.
            float *dq = s == 0 ? a->dq : parts + (s - 1) * a->tokens * width;
            backward_strip(a, cut->begin[s], cut->begin[s + 1], head, dq, s == 0 ? a->lddq : width, &buffer);
        }
}
