// What the attention kernels share: block sizes, who sees what, and how work is dealt to threads. Not exported.
#pragma once

#include "include/CKernels.h"

#include <string.h>

enum {
    // Rows of a block: a multiple of the panel (16) and of every register tile's height.
    attention_rows = 48,
    // Keys of a block: forward's scores are one buffer, backward has two.
    forward_keys = 96,
    backward_keys = 48,
    most_strips = 32,
};

// Scores of keys a row must not see. Finite, so that a row that has seen nothing yet does not make NaN: the rubbish
// it gathers is multiplied by zero as soon as it sees a key.
#define MASKED_SCORE (-1e30f)
#define LOG2_E 1.44269504088896341f
#define LN_2 0.693147180559945309f

// The keys of [k0, k1) between the first and the last that any of the rows [r0, r1) sees; `full` if all rows see all
// of these.
typedef struct {
    int64_t begin, end;
    int full;
} key_span;

static inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

static inline key_span visible(const assize_attention_arguments *a, int64_t r0, int64_t r1, int64_t k0, int64_t k1) {
    key_span span = {k1, k0, 1};
    for (int64_t i = r0; i < r1; i++) {
        int64_t pb = most(a->prefix_begin[i], k0), pe = least(a->prefix_end[i], k1);
        int64_t ob = most(a->own_begin[i], k0), oe = least(i + 1, k1);
        if (pb < pe) span.begin = least(span.begin, pb), span.end = most(span.end, pe);
        if (ob < oe) span.begin = least(span.begin, ob), span.end = most(span.end, oe);
    }
    for (int64_t i = r0; i < r1 && span.full; i++) {
        int64_t pb = a->prefix_begin[i], pe = a->prefix_end[i], ob = a->own_begin[i], oe = i + 1;
        int by_prefix = pb <= span.begin && span.end <= pe, by_own = ob <= span.begin && span.end <= oe;
        int by_both = pb <= span.begin && pe == ob && span.end <= oe;
        span.full = by_prefix || by_own || by_both;
    }
    return span;
}

// The two ranges of keys outside which no row of [r0, r1) sees anything, the first before the second, either in the
// prefixes and the own sequences, or all in the second where these overlap.
typedef struct {
    int64_t prefix_begin, prefix_end, own_begin, own_end;
} key_bounds;

static inline key_bounds bounds(const assize_attention_arguments *a, int64_t r0, int64_t r1) {
    key_bounds b = {a->tokens, 0, a->tokens, r1};
    for (int64_t i = r0; i < r1; i++) {
        if (a->prefix_begin[i] < a->prefix_end[i]) {
            b.prefix_begin = least(b.prefix_begin, a->prefix_begin[i]);
            b.prefix_end = most(b.prefix_end, a->prefix_end[i]);
        }
        b.own_begin = least(b.own_begin, a->own_begin[i]);
    }
    if (b.own_begin < b.prefix_end) {
        b.own_begin = least(b.own_begin, b.prefix_begin);
        b.prefix_begin = b.prefix_end = 0;
    }
    if (b.prefix_begin > b.prefix_end) b.prefix_begin = b.prefix_end = 0;
    return b;
}

// What each row of a block may see, as vectors want it; rows beyond the last token repeat it.
typedef struct {
    int32_t prefix_begin[attention_rows], prefix_end[attention_rows], own_begin[attention_rows], self[attention_rows];
} row_limits;

static inline void fill_limits(const assize_attention_arguments *a, int64_t r0, row_limits *limits) {
    for (int64_t i = 0; i < attention_rows; i++) {
        int64_t row = least(r0 + i, a->tokens - 1);
        limits->prefix_begin[i] = a->prefix_begin[row];
        limits->prefix_end[i] = a->prefix_end[row];
        limits->own_begin[i] = a->own_begin[row];
        limits->self[i] = (int32_t)row;
    }
}

// Work dealt to threads: kinds of work with a cost each, every kind `copies` times (one per head). The dearest first,
// each to the thread with the least so far; every thread deals the same cards and keeps its own.
typedef struct {
    int64_t cost;
    int64_t kind;
} card;

static inline void sort_cards(card *cards, int64_t count) {
    for (int64_t gap = count / 2; gap > 0; gap /= 2)
        for (int64_t i = gap; i < count; i++) {
            card held = cards[i];
            int64_t j = i;
            for (; j >= gap && cards[j - gap].cost < held.cost; j -= gap) cards[j] = cards[j - gap];
            cards[j] = held;
        }
}

static inline int deal(int64_t *load, int nth, int64_t cost) {
    int taker = 0;
    for (int t = 1; t < nth; t++)
        if (load[t] < load[taker]) taker = t;
    load[taker] += cost;
    return taker;
}

// Pieces of a buffer, each on a 64-byte boundary.
static inline size_t padded_bytes(int64_t count, size_t size) { return ((size_t)count * size + 63) / 64 * 64; }

static inline void *carve(char **at, int64_t count, size_t size) {
    char *piece = *at;
    *at += padded_bytes(count, size);
    return piece;
}

static inline char *align_up(void *p) { return (char *)(((uintptr_t)p + 63) & ~(uintptr_t)63); }

static inline int64_t padded_head(int64_t head_size) { return (head_size + 15) / 16 * 16; }

static inline int64_t block_count(int64_t tokens) { return (tokens + attention_rows - 1) / attention_rows; }
