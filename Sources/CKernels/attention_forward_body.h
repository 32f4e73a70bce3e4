// Forward attention of one thread, compiled once per CPU level by each_level.h.

#include "attention_body.h"

// Scores of one key tile against `width` row panels: out[key][row].
#define score_tile LEVEL(score_tile)
FN void score_tile(
    const float *keys, int64_t ldk, const float *turned, int64_t depth, float *out, const int width
) {
    const int vectors = width * PANEL_VECTORS;
    vf acc[MR * GROUP * PANEL_VECTORS];
    tile_zero(acc, vectors);
    tile_add(acc, vectors, keys, ldk, 1, turned, depth * PANEL, PANEL, depth, 0);
#pragma clang loop unroll(full)
    for (int i = 0; i < MR; i++)
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) store(out + i * attention_rows + v * VW, acc[i * vectors + v]);
}

#define score_block LEVEL(score_block)
static void score_block(
    const float *keys, int64_t ldk, int64_t begin, int64_t count, int64_t tokens, const float *turned, int64_t depth,
    float *edge, float *out
) {
    for (int64_t j = 0; j < count; j += MR) {
        int64_t stride = ldk;
        const float *tile = tile_rows_at(keys, &stride, begin + j, tokens, depth, edge);
        for (int64_t panel = 0, width; panel < attention_rows / PANEL; panel += width) {
            width = group_width(attention_rows / PANEL - panel);
            float *to = out + j * attention_rows + panel * PANEL;
            const float *queries = turned + panel * depth * PANEL;
#define SCORE_TILE(w) score_tile(tile, stride, queries, depth, to, w)
            WITH_WIDTH(width, SCORE_TILE)
        }
    }
}

// One step of the online softmax: scores (in powers of two) become 2^(score - new maximum); `factor` is what the sums
// so far must be multiplied by.
#define soften LEVEL(soften)
static void soften(
    float *scores, int64_t begin, int64_t count, int full, const row_limits *limits, float *maximum, float *sum,
    float *factor
) {
    for (int64_t lane = 0; lane < attention_rows; lane += VW) {
        float *column = scores + lane;
        vf old = load(maximum + lane), top = old;
        for (int64_t j = 0; j < count; j++) {
            vf s = load(column + j * attention_rows);
            if (!full) {
                s = choose(sees(limits, lane, begin + j), s, splat(MASKED_SCORE));
                store(column + j * attention_rows, s);
            }
            top = vmax(top, s);
        }
        vf total = splat(0.0f);
        for (int64_t j = 0; j < count; j++) {
            vf p = exp2_fast(load(column + j * attention_rows) - top);
            store(column + j * attention_rows, p);
            total += p;
        }
        vf shrink = exp2_fast(old - top);
        store(maximum + lane, top);
        store(sum + lane, load(sum + lane) * shrink + total);
        store(factor + lane, shrink);
    }
}

// One row block of one head.
#define forward_item LEVEL(forward_item)
static void forward_item(const assize_attention_arguments *a, int64_t r0, int64_t head, char *at) {
    int64_t depth = a->head_size, padded = padded_head(depth), rows = least(attention_rows, a->tokens - r0);
    int64_t key_head = head * a->kv_heads / a->heads;
    float *turned = carve(&at, attention_rows * depth, sizeof(float));
    float *scores = carve(&at, (forward_keys + MR) * attention_rows, sizeof(float));
    float *sums = carve(&at, attention_rows * padded, sizeof(float));
    float *values = carve(&at, forward_keys * padded, sizeof(float));
    float *edge = carve(&at, MR * depth, sizeof(float));
    float maximum[attention_rows], total[attention_rows], factor[attention_rows];
    row_limits limits;
    fill_limits(a, r0, &limits);
    turn(a->q + r0 * a->ldq + head * depth, a->ldq, rows, depth, a->scale * LOG2_E, turned);
    memset(sums, 0, (size_t)(attention_rows * padded) * sizeof(float));
    for (int i = 0; i < attention_rows; i++) maximum[i] = MASKED_SCORE, total[i] = 0.0f;

    key_bounds range = bounds(a, r0, r0 + rows);
    const float *k = a->k + key_head * depth, *v = a->v + key_head * depth;
    for (int part = 0; part < 2; part++) {
        int64_t begin = part ? range.own_begin : range.prefix_begin, end = part ? range.own_end : range.prefix_end;
        for (int64_t block = begin; block < end; block += forward_keys) {
            key_span span = visible(a, r0, r0 + rows, block, least(block + forward_keys, end));
            int64_t count = span.end - span.begin;
            if (count <= 0) continue;
            score_block(k, a->ldk, span.begin, count, a->tokens, turned, depth, edge, scores);
            soften(scores, span.begin, count, span.full, &limits, maximum, total, factor);
            const float *from = v + span.begin * a->ldv;
            int64_t stride = a->ldv;
            if (padded != depth) {
                pad_rows(from, stride, count, depth, padded, values);
                from = values;
                stride = padded;
            }
            accumulate(scores, 1, attention_rows, from, stride, count, rows, padded, factor, 0, sums);
        }
    }
    for (int64_t i = 0; i < rows; i++) {
        float *out = a->out + (r0 + i) * a->ldout + head * depth;
        float inverse = 1.0f / total[i];
        for (int64_t d = 0; d < depth; d++) out[d] = sums[i * padded + d] * inverse;
        a->lse[(r0 + i) * a->heads + head] = (maximum[i] + log2f(total[i])) * LN_2;
    }
}

static void LEVEL(attention_forward)(const assize_attention_arguments *a, int ith, int nth, void *scratch) {
    char *at = align_up(scratch);
    int64_t count = block_count(a->tokens);
    card *cards = carve(&at, count, sizeof(card));
    int64_t *load = carve(&at, nth, sizeof(int64_t));
    memset(load, 0, (size_t)nth * sizeof(int64_t));
    for (int64_t i = 0; i < count; i++) {
        int64_t r0 = i * attention_rows;
        key_bounds range = bounds(a, r0, least(r0 + attention_rows, a->tokens));
        int64_t keys = range.own_end - range.own_begin + range.prefix_end - range.prefix_begin;
        // Turning the queries and writing the result cost about as much as a few keys.
        cards[i] = (card){keys + 16, r0};
    }
    sort_cards(cards, count);
    for (int64_t i = 0; i < count; i++)
        for (int64_t head = 0; head < a->heads; head++)
            if (deal(load, nth, cards[i].cost) == ith) forward_item(a, cards[i].kind, head, at);
}
