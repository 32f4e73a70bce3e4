// Attention, backward: probabilities again from the scores and their log-sum-exp. The keys are cut into strips; one
// piece of work is a strip of one key head with all rows that see it, so that the gradients of its keys and values are
// summed by one thread, block by block in a fixed order. The gradient of a query gathers from several strips: each
// writes its own part, and the finish adds the parts in order.

#include "attention.h"

// Strip s is the keys from begin[s] to begin[s + 1].
typedef struct {
    int64_t count;
    int64_t begin[most_strips + 1];
    int64_t cost[most_strips];
} strips;

#define BODY "attention_backward_body.h"
#include "each_level.h"

// As many strips as give every thread about three pieces of work; no fewer than for four threads, so that up to four
// give the same bits.
static int64_t strip_count(int64_t tokens, int64_t kv_heads, int nth) {
    int64_t wanted = (most(12, 3 * (int64_t)nth) + kv_heads - 1) / kv_heads;
    return most(1, least(least(wanted, most_strips), tokens / 96));
}

// Cuts the keys where the rows that see them add up to equal shares. `rows_of` has room for tokens + 1.
static strips cut_keys(const assize_attention_arguments *a, int nth, int32_t *rows_of) {
    strips cut = {.count = strip_count(a->tokens, a->kv_heads, nth)};
    memset(rows_of, 0, (size_t)(a->tokens + 1) * sizeof(int32_t));
    int64_t total = 0;
    for (int64_t i = 0; i < a->tokens; i++) {
        if (a->prefix_begin[i] < a->prefix_end[i]) {
            rows_of[a->prefix_begin[i]]++;
            rows_of[a->prefix_end[i]]--;
            total += a->prefix_end[i] - a->prefix_begin[i];
        }
        rows_of[a->own_begin[i]]++;
        rows_of[i + 1]--;
        total += i + 1 - a->own_begin[i];
    }
    // A key's own row block is computed whole, whichever of its rows see the key.
    enum { overhead = attention_rows / 2 };
    total += a->tokens * overhead;
    int64_t seen = 0, sum = 0, strip = 0;
    for (int64_t key = 0; key < a->tokens; key++) {
        seen += rows_of[key];
        sum += seen + overhead;
        cut.cost[strip] += seen + overhead;
        // Tiles are up to six keys high: cuts elsewhere would leave more of them unfilled.
        if ((key + 1) % 12 == 0 && strip + 1 < cut.count && sum * cut.count >= total * (strip + 1))
            cut.begin[++strip] = key + 1;
    }
    cut.count = strip + 1;
    cut.begin[cut.count] = a->tokens;
    return cut;
}

size_t assize_attention_backward_shared_size(
    int64_t tokens, int64_t heads, int64_t kv_heads, int64_t head_size, int nth
) {
    int64_t parts = strip_count(tokens, kv_heads, nth) - 1;
    return padded_bytes(1, sizeof(strips)) + padded_bytes(parts * tokens * heads * head_size, sizeof(float));
}

size_t assize_attention_backward_scratch_size(int64_t tokens, int64_t head_size, int nth) {
    enum { tile = 6 };
    int64_t padded = padded_head(head_size);
    size_t strip = padded_bytes((tokens + tile) * padded, sizeof(float));
    return 64 + padded_bytes(tokens + 1, sizeof(int32_t)) + padded_bytes(nth, sizeof(int64_t)) +
           2 * padded_bytes(attention_rows * head_size, sizeof(float)) +
           2 * padded_bytes((backward_keys + tile) * attention_rows, sizeof(float)) +
           3 * padded_bytes(attention_rows * padded, sizeof(float)) + (padded == head_size ? 2 : 3) * strip +
           2 * padded_bytes(tile * head_size, sizeof(float));
}

void assize_attention_backward(
    const assize_attention_arguments *args, void *shared, int ith, int nth, void *scratch
) {
    char *at = align_up(scratch);
    int32_t *rows_of = carve(&at, args->tokens + 1, sizeof(int32_t));
    // Every thread cuts the keys alike; the first leaves the cuts for the finish.
    strips cut = cut_keys(args, nth, rows_of);
    if (ith == 0) memcpy(shared, &cut, sizeof cut);
    float *parts = (float *)((char *)shared + padded_bytes(1, sizeof(strips)));
    CALL_LEVEL(attention_backward, args, &cut, parts, ith, nth, at);
}

void assize_attention_backward_finish(const assize_attention_arguments *args, const void *shared, int ith, int nth) {
    const strips *cut = shared;
    const float *parts = (const float *)((const char *)shared + padded_bytes(1, sizeof(strips)));
    int64_t blocks = block_count(args->tokens), width = (int64_t)args->heads * args->head_size;
    if (cut->count == 1) return;
    for (int64_t block = blocks * ith / nth; block < blocks * (ith + 1) / nth; block++) {
        int64_t r0 = block * attention_rows, r1 = least(r0 + attention_rows, args->tokens);
        int empty = 1;
        for (int64_t s = 0; s < cut->count; s++) {
            key_span span = visible(args, r0, r1, cut->begin[s], cut->begin[s + 1]);
            // A strip that no row sees has written nothing.
            if (span.end <= span.begin) continue;
            const float *part = s == 0 ? args->dq : parts + (s - 1) * args->tokens * width;
            for (int64_t i = s == 0 ? r1 : r0; i < r1; i++) {
                float *restrict dq = args->dq + i * args->lddq;
                const float *restrict from = part + i * width;
                if (empty)
                    memcpy(dq, from, (size_t)width * sizeof(float));
                else
                    for (int64_t d = 0; d < width; d++) dq[d] += from[d];
            }
            empty = 0;
        }
    }
}
