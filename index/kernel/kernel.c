/* The innermost loops of a search, for those who compile them: see __init__.py.

   Everything here is done by numpy too, with the same results to the last bit. All that comes from a file is
   checked before it is used as an index: a damaged segment makes a function return DAMAGED, never read
   outside of an array. Sizes and places are counted in entries. */

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define VERSION 4
#define BLOCK 256
#define DAMAGED (-1)
#define NO_MEMORY (-2)

enum { BITS, NARROW, WIDE };
enum { RANGE = 65536, FAR = 255, FARTHER = 65535 };

typedef int64_t i64;
typedef uint64_t u64;

/* A column of small numbers (index/codec/packing.py): the streams of 1, 2, 4 and 8 bits, the large values. */
typedef struct {
    const uint8_t *stream[5];
    i64 size[5]; /* in bytes */
    const u64 *over_at;
    const uint32_t *over;
    i64 overs;
} Column;

/* The places of a column's groups: the width of each, as its power, and where it begins in its stream. */
typedef struct {
    const uint8_t *powers;
    const i64 *offsets;
} Groups;

/* The arrays of a field of words (index/codec/format.py), and where its terms begin (index/codec/places.py).
   The last five are only there for phrases. */
typedef struct {
    i64 doc_count, term_count;
    const uint8_t *bits;
    i64 bits_size;
    const uint16_t *docs16;
    i64 docs16_size;
    const uint32_t *docs32;
    i64 docs32_size;
    const uint32_t *ranges;
    i64 ranges_size;
    Column freqs, heads;
    const void *df;
    i64 df_width; /* in bytes */
    const int8_t *kinds;
    const i64 *docs_at, *ranges_at, *postings_at;
    Groups freqs_at, heads_at;
    Column ranks;
    const uint8_t *positions;
    i64 positions_size;
    const uint16_t *far;
    i64 far_size;
    const u64 *farther_at;
    const uint32_t *farther;
    i64 farthers;
    const void *cf;
    i64 cf_width;
    const i64 *occurrences_at, *far_at;
    Groups ranks_at;
} Words;

/* A term in one segment; `base` is the segment's first article, `first` the term's first place. */
typedef struct {
    const Words *words;
    i64 term, base, first;
    const uint8_t *living; /* of the segment's articles, 0 if all live */
} Part;

/* A part whose numbers of articles may be read. */
typedef struct {
    const Words *words;
    i64 term, base, first, df;
    int kind;
    const uint8_t *living, *bits;
    const uint16_t *docs16;
    const uint32_t *docs32, *ranges;
    i64 range_count;
} Term;

static const int BITS_OF[5] = {0, 1, 2, 4, 8};
static const int LARGEST[5] = {0, 1, 3, 15, 255};

i64 byline_version(void) { return VERSION; }

/* A group that is read value by value, its large values in step. */
typedef struct {
    const uint8_t *stream;
    int power, bits, mask;
    i64 size, offset, place, count;
    const u64 *over_at;
    const uint32_t *over;
    i64 over_first, over_last;
} Reader;

static i64 lower_bound(const u64 *values, i64 low, i64 high, u64 wanted) {
    while (low < high) {
        i64 middle = (low + high) >> 1;
        if (values[middle] < wanted) low = middle + 1;
        else high = middle;
    }
    return low;
}

/* Opens the group of a term; `place` is that of its first value among all of the column. */
static int open_group(Reader *reader, const Column *column, const Groups *groups, i64 term, i64 place, i64 count) {
    if (!groups->powers) { /* a column that the field lacks: all zeros */
        memset(reader, 0, sizeof *reader);
        reader->count = count;
        return 1;
    }
    int power = groups->powers[term];
    i64 offset = groups->offsets[term];
    if (power > 4 || offset < 0 || count < 0) return 0;
    int bits = BITS_OF[power];
    if (power && offset + count > column->size[power] * 8 / bits) return 0;
    reader->stream = column->stream[power];
    reader->size = column->size[power];
    reader->power = power;
    reader->bits = bits;
    reader->mask = (1 << bits) - 1;
    reader->offset = offset;
    reader->place = place;
    reader->count = count;
    reader->over_at = column->over_at;
    reader->over = column->over;
    reader->over_first = lower_bound(column->over_at, 0, column->overs, (u64)place);
    reader->over_last = lower_bound(column->over_at, reader->over_first, column->overs, (u64)(place + count));
    return 1;
}

static inline i64 packed_at(const Reader *reader, i64 at) {
    i64 value = reader->offset + at;
    switch (reader->power) {
    case 0: return 0;
    case 1: return reader->stream[value >> 3] >> (value & 7) & 1;
    case 2: return reader->stream[value >> 2] >> ((value & 3) << 1) & 3;
    case 3: return reader->stream[value >> 1] >> ((value & 1) << 2) & 15;
    default: return reader->stream[value];
    }
}

static i64 value_at(const Reader *reader, i64 at) {
    i64 value = packed_at(reader, at);
    if (value == LARGEST[reader->power] && reader->over_first < reader->over_last) {
        u64 wanted = (u64)(reader->place + at);
        i64 found = lower_bound(reader->over_at, reader->over_first, reader->over_last, wanted);
        if (found < reader->over_last && reader->over_at[found] == wanted) return reader->over[found];
    }
    return value;
}

/* Unpacks values [from, to), at most a block, and adds them to `out` (from `out[0]` on). */
static void add_values(const Reader *reader, i64 from, i64 to, double *out) {
    i64 count = to - from;
    if (reader->power) {
        /* Each byte gives its values as the bytes of a wider number, without a loop over bits. */
        uint8_t values[BLOCK + 16];
        i64 each = 8 / reader->bits, first = reader->offset + from, skipped = first % each;
        const uint8_t *stream = reader->stream + first / each;
        i64 bytes = (skipped + count + each - 1) / each;
        switch (reader->power) {
        case 1:
            for (i64 at = 0; at < bytes; at++) {
                u64 wide = (stream[at] * 0x0101010101010101ull & 0x8040201008040201ull) + 0x7F7F7F7F7F7F7F7Full;
                wide = (wide | ((stream[at] * 0x0101010101010101ull & 0x8040201008040201ull))) >> 7;
                wide &= 0x0101010101010101ull;
                memcpy(values + 8 * at, &wide, 8);
            }
            break;
        case 2:
            for (i64 at = 0; at < bytes; at++) {
                uint32_t byte = stream[at];
                uint32_t wide = (byte & 3) | (byte & 12) << 6 | (byte & 48) << 12 | (byte & 192) << 18;
                memcpy(values + 4 * at, &wide, 4);
            }
            break;
        case 3:
            for (i64 at = 0; at < bytes; at++) {
                values[2 * at] = stream[at] & 15;
                values[2 * at + 1] = stream[at] >> 4;
            }
            break;
        default: memcpy(values, stream, (size_t)count);
        }
        for (i64 at = 0; at < count; at++) out[at] += values[skipped + at];
    }
    if (reader->over_first == reader->over_last) return;
    i64 over = lower_bound(reader->over_at, reader->over_first, reader->over_last, (u64)(reader->place + from));
    for (; over < reader->over_last; over++) {
        i64 at = (i64)reader->over_at[over] - reader->place - from;
        if (at < 0 || at >= count) break;
        out[at] += (double)reader->over[over] - LARGEST[reader->power];
    }
}

/* The sum of the packed values [from, to). */
static i64 sum_of(const Reader *reader, i64 from, i64 to) {
    i64 sum = 0;
    if (reader->power) {
        /* As many whole values as 64 bits from a byte on hold; none lies across two bytes. */
        i64 bit = (reader->offset + from) * reader->bits, end = (reader->offset + to) * reader->bits;
        while (bit < end) {
            i64 byte = bit >> 3, skipped = bit & 7, left = reader->size - byte, count = 64 - skipped;
            u64 word = 0;
            if (left >= 8) memcpy(&word, reader->stream + byte, 8);
            else memcpy(&word, reader->stream + byte, (size_t)left);
            word >>= skipped;
            if (count > end - bit) {
                count = end - bit;
                word &= ((u64)1 << count) - 1;
            }
            bit += count;
            if (reader->power == 1) sum += __builtin_popcountll(word);
            else if (reader->power == 2)
                sum += __builtin_popcountll(word) + __builtin_popcountll(word & 0xAAAAAAAAAAAAAAAAull);
            else {
                if (reader->power == 3)
                    word = (word & 0x0F0F0F0F0F0F0F0Full) + (word >> 4 & 0x0F0F0F0F0F0F0F0Full);
                word = (word & 0x00FF00FF00FF00FFull) + (word >> 8 & 0x00FF00FF00FF00FFull);
                sum += (i64)(word * 0x0001000100010001ull >> 48);
            }
        }
    }
    if (reader->over_first == reader->over_last) return sum;
    i64 over = lower_bound(reader->over_at, reader->over_first, reader->over_last, (u64)(reader->place + from));
    for (; over < reader->over_last && reader->over_at[over] < (u64)(reader->place + to); over++)
        sum += (i64)reader->over[over] - LARGEST[reader->power];
    return sum;
}

static i64 number_at(const void *values, i64 width, i64 at) {
    switch (width) {
    case 1: return ((const uint8_t *)values)[at];
    case 2: return ((const uint16_t *)values)[at];
    case 4: return ((const uint32_t *)values)[at];
    default: return ((const i64 *)values)[at];
    }
}

/* Opens a part; returns 0 if its articles cannot be read. */
static int open_term(Term *term, const Part *part) {
    const Words *words = part->words;
    i64 at = part->term;
    if (at < 0 || at >= words->term_count) return 0;
    *term = (Term){words, at, part->base, part->first, number_at(words->df, words->df_width, at),
                   words->kinds[at], part->living, 0, 0, 0, 0, 0};
    i64 docs_at = words->docs_at[at];
    if (term->df < 1 || term->df > words->doc_count || docs_at < 0) return 0;
    if (term->kind == BITS) {
        term->bits = words->bits + docs_at;
        return docs_at + (words->doc_count + 7) / 8 <= words->bits_size;
    }
    if (term->kind == WIDE) {
        term->docs32 = words->docs32 + docs_at;
        return docs_at + term->df <= words->docs32_size;
    }
    if (docs_at + term->df > words->docs16_size) return 0;
    term->docs16 = words->docs16 + docs_at;
    term->range_count = (words->doc_count + RANGE - 1) / RANGE - 1;
    if (term->range_count <= 0) {
        term->range_count = 0;
        return 1;
    }
    i64 ranges_at = words->ranges_at[at], before = 0;
    if (ranges_at < 0 || ranges_at + term->range_count > words->ranges_size) return 0;
    term->ranges = words->ranges + ranges_at;
    for (i64 range = 0; range < term->range_count; range++) {
        i64 bound = term->ranges[range];
        if (bound < before || bound > term->df) return 0;
        before = bound;
    }
    return 1;
}

static u64 chunk_of(const uint8_t *bits, i64 size, i64 at) {
    u64 chunk = 0;
    i64 left = size - at * 8;
    memcpy(&chunk, bits + at * 8, (size_t)(left < 8 ? left : 8));
    return chunk;
}

/* Writes the numbers of the living articles of a term, ascending, and unless `places` is 0, their places;
   returns how many there are, or that they are not what they must be. */
static i64 read_docs(const Term *term, int32_t *out, i64 *places) {
    const Words *words = term->words;
    i64 count = term->df, doc_count = words->doc_count, size = (doc_count + 7) / 8, found = 0;
    int32_t base = (int32_t)term->base;
    if (term->kind == BITS) {
        for (i64 at = 0; at * 8 < size; at++)
            for (u64 chunk = chunk_of(term->bits, size, at); chunk; chunk &= chunk - 1) {
                if (found == count) return DAMAGED;
                out[found++] = (int32_t)(at * 64 + __builtin_ctzll(chunk)) + base;
            }
        if (found != count) return DAMAGED;
    } else if (term->kind == WIDE) {
        for (i64 at = 0; at < count; at++) {
            if (term->docs32[at] >= doc_count) return DAMAGED;
            out[at] = (int32_t)term->docs32[at] + base;
        }
    } else {
        for (i64 range = 0; range <= term->range_count; range++) {
            i64 end = range < term->range_count ? term->ranges[range] : count;
            int32_t from = base + (int32_t)(range * RANGE);
            for (; found < end; found++) out[found] = term->docs16[found] + from;
        }
    }
    int falling = out[0] < base || out[count - 1] >= base + doc_count;
    for (i64 at = 1; at < count; at++) falling |= out[at] <= out[at - 1];
    if (falling) return DAMAGED;
    if (places)
        for (i64 at = 0; at < count; at++) places[at] = term->first + at;
    if (!term->living) return count;
    i64 left = 0;
    for (i64 at = 0; at < count; at++) {
        if (!term->living[out[at] - base]) continue;
        out[left] = out[at];
        if (places) places[left] = places[at];
        left++;
    }
    return left;
}

static void sift(double *heap, i64 size) {
    for (i64 at = 0;;) {
        i64 child = 2 * at + 1;
        if (child >= size) return;
        if (child + 1 < size && heap[child + 1] < heap[child]) child++;
        if (heap[at] <= heap[child]) return;
        double kept = heap[at];
        heap[at] = heap[child];
        heap[child] = kept;
        at = child;
    }
}

/* The best so far: a heap of their scores, and all articles that may be among the best. */
typedef struct {
    i64 best, size, room;
    double slack, *heap, *scores;
    i64 *docs;
} Selection;

static int begin_selection(Selection *selection, i64 best, double slack) {
    *selection = (Selection){best, 0, 0, slack, 0, 0, 0};
    selection->heap = malloc((size_t)(best ? best : 1) * sizeof(double));
    if (!selection->heap) return 0;
    for (i64 at = 0; at < best; at++) selection->heap[at] = -1.0 / 0.0;
    return 1;
}

static int grow(Selection *selection) {
    i64 room = selection->room ? 2 * selection->room : 256;
    double *scores = realloc(selection->scores, (size_t)room * sizeof(double));
    if (scores) selection->scores = scores;
    i64 *docs = realloc(selection->docs, (size_t)room * sizeof(i64));
    if (docs) selection->docs = docs;
    if (!scores || !docs) return 0;
    selection->room = room;
    return 1;
}

/* Forgets what can no longer be among the best. */
static void tidy(Selection *selection) {
    double limit = selection->heap[0] - selection->slack;
    i64 left = 0;
    for (i64 at = 0; at < selection->size; at++) {
        if (selection->scores[at] < limit) continue;
        selection->scores[left] = selection->scores[at];
        selection->docs[left++] = selection->docs[at];
    }
    selection->size = left;
}

static inline int offer(Selection *selection, i64 doc, double score) {
    if (score < selection->heap[0] - selection->slack) return 1;
    if (score > selection->heap[0]) {
        selection->heap[0] = score;
        sift(selection->heap, selection->best);
    }
    if (selection->size == selection->room) {
        tidy(selection);
        if (2 * selection->size >= selection->room && !grow(selection)) return 0;
    }
    selection->docs[selection->size] = doc;
    selection->scores[selection->size++] = score;
    return 1;
}

/* Hands over what was selected, as much as there is room for; returns how much there is. */
static i64 end_selection(Selection *selection, i64 room, i64 *docs, double *scores) {
    if (selection->best) tidy(selection);
    for (i64 at = 0; at < selection->size && at < room; at++) {
        docs[at] = selection->docs[at];
        scores[at] = selection->scores[at];
    }
    free(selection->heap);
    free(selection->docs);
    free(selection->scores);
    return selection->size;
}

/* What `among` does for articles [from, to) of one segment, all of them marked by bits: quicker than to walk
   along both lists, where the processor cannot guess which of them comes next. */
static i64 among_bits(const Term *term, const int32_t *docs, i64 from, i64 to, i64 *kept, i64 *places) {
    i64 left = 0, base = term->base, span = (term->range_count + 1) * RANGE;
    if (term->kind == WIDE || span < term->words->doc_count) span = term->words->doc_count;
    i64 chunks = span / 64 + 1, result = 0;
    u64 *bits = calloc((size_t)chunks, sizeof(u64));
    uint32_t *before = malloc((size_t)chunks * sizeof(uint32_t));
    if (!bits || !before) result = NO_MEMORY;
    for (i64 at = from; at < to && !result; at++) bits[(docs[at] - base) >> 6] |= (u64)1 << ((docs[at] - base) & 63);
    for (i64 chunk = 0, sum = 0; chunk < chunks && !result; chunk++) {
        before[chunk] = (uint32_t)sum;
        sum += __builtin_popcountll(bits[chunk]);
    }
    i64 place = 0;
    for (i64 range = 0; range <= term->range_count && !result; range++) {
        i64 high = range < term->range_count ? term->ranges[range] : term->df, begin = range * RANGE;
        for (; place < high; place++) {
            i64 doc = term->kind == NARROW ? term->docs16[place] + begin : (i64)term->docs32[place];
            if (doc >= span) {
                result = DAMAGED;
                break;
            }
            u64 chunk = bits[doc >> 6];
            if (!(chunk >> (doc & 63) & 1)) continue;
            if (left == to - from) { /* an article that stands twice */
                result = DAMAGED;
                break;
            }
            kept[left] = from + before[doc >> 6] + __builtin_popcountll(chunk & (((u64)1 << (doc & 63)) - 1));
            places[left++] = term->first + place;
        }
    }
    free(bits);
    free(before);
    return result ? result : left;
}

/* Keeps those of `count` articles, ascending, that a term has; their places in the list so far go to `kept`,
   the term's places to `places`. Returns how many are left. */
static i64 among(const Term *term, const int32_t *docs, i64 count, i64 *kept, i64 *places) {
    i64 left = 0, at = 0, base = term->base, doc_count = term->words->doc_count, end = base + doc_count;
    while (at < count && docs[at] < base) at++;
    if (term->kind == BITS) {
        i64 size = (doc_count + 7) / 8, chunk_at = 0, before = 0;
        for (; at < count && docs[at] < end; at++) {
            i64 doc = docs[at] - base;
            if (!(term->bits[doc >> 3] >> (doc & 7) & 1)) continue;
            for (; chunk_at < doc >> 6; chunk_at++)
                before += __builtin_popcountll(chunk_of(term->bits, size, chunk_at));
            u64 below = chunk_of(term->bits, size, chunk_at) & (((u64)1 << (doc & 63)) - 1);
            i64 place = before + __builtin_popcountll(below);
            if (place >= term->df) return DAMAGED;
            kept[left] = at;
            places[left++] = term->first + place;
        }
        return left;
    }
    i64 last = at;
    if (count && docs[count - 1] < end) last = count;
    else
        while (last < count && docs[last] < end) last++;
    if ((last - at) * 16 >= term->df && (last - at + term->df) * 16 >= doc_count)
        return among_bits(term, docs, at, last, kept, places);
    i64 place = 0;
    for (i64 range = 0; range <= term->range_count; range++) {
        i64 high = range < term->range_count ? term->ranges[range] : term->df, start = at;
        i64 bound = range < term->range_count ? base + (range + 1) * RANGE : end;
        while (at < count && docs[at] < bound) at++;
        /* Where there are far fewer, each is looked up, else both sides are walked together. */
        int few = (at - start) * 16 < high - place;
        i64 begin = term->kind == NARROW ? base + range * RANGE : base;
#define WALK(array)                                                                                            \
    for (; start < at; start++) {                                                                              \
        i64 wanted = docs[start] - begin;                                                                      \
        if (few)                                                                                               \
            for (i64 top = high; place < top;) {                                                               \
                i64 middle = (place + top) >> 1;                                                               \
                if ((i64)(array)[middle] < wanted) place = middle + 1;                                         \
                else top = middle;                                                                             \
            }                                                                                                  \
        else                                                                                                   \
            while (place < high && (i64)(array)[place] < wanted) place++;                                      \
        if (place < high && (i64)(array)[place] == wanted) {                                                   \
            kept[left] = start;                                                                                \
            places[left++] = term->first + place;                                                              \
        }                                                                                                      \
    }
        if (term->kind == NARROW) { WALK(term->docs16) }
        else { WALK(term->docs32) }
        place = high;
    }
    return left;
}

/* The terms of a query: the parts of term t are parts[starts[t]] to parts[starts[t + 1] - 1]. */
typedef struct {
    const Part *parts;
    const i64 *starts;
    i64 count;
    const double *weights, *norms;
} Terms;

/* The living articles of a term, ascending, and their places. */
typedef struct {
    i64 count;
    int32_t *docs;
    i64 *places;
} Postings;

static void forget(Postings *postings) {
    free(postings->docs);
    free(postings->places);
    *postings = (Postings){0, 0, 0};
}

/* The number of a term's postings, those of deleted articles included; none is an error. */
static i64 size_of(const Terms *terms, i64 term) {
    i64 size = 0;
    for (i64 at = terms->starts[term]; at < terms->starts[term + 1]; at++) {
        Term opened;
        if (!open_term(&opened, &terms->parts[at])) return DAMAGED;
        size += opened.df;
    }
    return size ? size : DAMAGED;
}

static i64 load(Postings *postings, const Terms *terms, i64 term) {
    i64 size = size_of(terms, term);
    *postings = (Postings){0, 0, 0};
    if (size < 0) return size;
    postings->docs = malloc((size_t)size * sizeof(int32_t));
    postings->places = malloc((size_t)size * sizeof(i64));
    if (!postings->docs || !postings->places) return NO_MEMORY;
    for (i64 at = terms->starts[term]; at < terms->starts[term + 1]; at++) {
        Term opened;
        if (!open_term(&opened, &terms->parts[at])) return DAMAGED;
        i64 before = postings->count;
        i64 own = read_docs(&opened, postings->docs + before, postings->places + before);
        if (own < 0) return own;
        if (before && own && postings->docs[before] <= postings->docs[before - 1]) return DAMAGED;
        postings->count += own;
    }
    return postings->count;
}

/* Keeps those of `count` articles, ascending, that a term has: see `among`. */
static i64 among_all(const Terms *terms, i64 term, const int32_t *docs, i64 count, i64 *kept, i64 *places) {
    i64 left = 0;
    for (i64 at = terms->starts[term]; at < terms->starts[term + 1]; at++) {
        Term opened;
        if (!open_term(&opened, &terms->parts[at])) return DAMAGED;
        i64 own = among(&opened, docs, count, kept + left, places + left);
        if (own < 0) return own;
        left += own;
    }
    return left;
}

/* Adds the scores that a term gives some of its articles, whose ascending places are known, to `sums`: with
   `kept`, article kept[n] is docs[kept[n]] and its sum sums[kept[n]]. */
static i64 add_scores(const Terms *terms, i64 term, const int32_t *docs, const i64 *kept, const i64 *places,
                      i64 count, double *sums) {
    double weight = terms->weights[term], values[BLOCK], norms[BLOCK];
    i64 from = 0;
    for (i64 at = terms->starts[term]; at < terms->starts[term + 1]; at++) {
        const Part *part = &terms->parts[at];
        const Words *words = part->words;
        Reader freqs, heads;
        i64 df = number_at(words->df, words->df_width, part->term), place = words->postings_at[part->term];
        if (!open_group(&freqs, &words->freqs, &words->freqs_at, part->term, place, df) ||
            !open_group(&heads, &words->heads, &words->heads_at, part->term, place, df))
            return DAMAGED;
        while (from < count && places[from] < part->first + df) {
            i64 first = places[from] - part->first, size = 1;
            /* A stretch without gaps is unpacked as a whole. */
            while (size < BLOCK && from + size < count && places[from + size] - part->first == first + size &&
                   first + size < df)
                size++;
            if (first < 0) return DAMAGED;
            for (i64 each = 0; each < size; each++) values[each] = 1.0;
            if (size < 8) {
                for (i64 each = 0; each < size; each++)
                    values[each] += (double)(value_at(&freqs, first + each) + value_at(&heads, first + each));
            } else {
                add_values(&freqs, first, first + size, values);
                add_values(&heads, first, first + size, values);
            }
            if (kept) {
                for (i64 each = 0; each < size; each++) {
                    double norm = terms->norms[docs[kept[from + each]]];
                    sums[kept[from + each]] += values[each] / (norm + values[each]) * weight;
                }
            } else {
                for (i64 each = 0; each < size; each++) norms[each] = terms->norms[docs[from + each]];
                for (i64 each = 0; each < size; each++)
                    sums[from + each] += values[each] / (norms[each] + values[each]) * weight;
            }
            from += size;
        }
    }
    return from == count ? 0 : DAMAGED;
}

/* Sets the bits of the living articles that have a term. */
static i64 mark(const Terms *terms, i64 term, u64 *bits) {
    for (i64 at = terms->starts[term]; at < terms->starts[term + 1]; at++) {
        Term opened;
        if (!open_term(&opened, &terms->parts[at])) return DAMAGED;
        i64 doc_count = opened.words->doc_count;
        if (opened.kind == BITS && !opened.living && opened.base % 64 == 0) {
            i64 size = (doc_count + 7) / 8;
            for (i64 chunk = 0; chunk * 8 < size; chunk++)
                bits[opened.base / 64 + chunk] |= chunk_of(opened.bits, size, chunk);
            continue;
        }
        int32_t *docs = malloc((size_t)opened.df * sizeof(int32_t));
        if (!docs) return NO_MEMORY;
        i64 count = read_docs(&opened, docs, 0);
        for (i64 each = 0; each < count; each++) bits[docs[each] >> 6] |= (u64)1 << (docs[each] & 63);
        free(docs);
        if (count < 0) return count;
    }
    return 0;
}

/* How many articles have any of the terms; `size` is the number of articles. */
static i64 count_any(const Terms *terms, i64 size) {
    i64 chunks = size / 64 + 1, count = 0;
    u64 *bits = calloc((size_t)chunks, sizeof(u64));
    if (!bits) return NO_MEMORY;
    for (i64 term = 0; term < terms->count && count >= 0; term++) count = mark(terms, term, bits);
    for (i64 chunk = 0; chunk < chunks && count >= 0; chunk++) count += __builtin_popcountll(bits[chunk]);
    free(bits);
    return count;
}

/* What is known of some articles while their scores are put together. */
typedef struct {
    i64 *kept, *places;
    double *sums;
    uint8_t *before; /* whether a term that was dealt with before has the article */
    i64 both;        /* how many have another term */
} Sums;

/* Adds up what all terms give `count` ascending articles of one term, in the order of the terms; `own` is what
   that one gives, `done` tells which terms were dealt with before. */
static i64 complete(Sums *work, const Terms *terms, i64 number, const int32_t *docs, const double *own,
                    i64 count, const uint8_t *done) {
    memset(work->sums, 0, (size_t)count * sizeof(double));
    memset(work->before, 0, (size_t)count);
    work->both = 0;
    for (i64 term = 0; term < terms->count; term++) {
        if (term == number) {
            for (i64 at = 0; at < count; at++) work->sums[at] += own[at];
            continue;
        }
        i64 left = among_all(terms, term, docs, count, work->kept, work->places);
        if (left < 0) return left;
        work->both += left;
        if (done[term])
            for (i64 at = 0; at < left; at++) work->before[work->kept[at]] = 1;
        i64 result = add_scores(terms, term, docs, work->kept, work->places, left, work->sums);
        if (result < 0) return result;
    }
    return 0;
}

static int make_sums(Sums *work, i64 count) {
    work->kept = malloc((size_t)count * sizeof(i64));
    work->places = malloc((size_t)count * sizeof(i64));
    work->sums = malloc((size_t)count * sizeof(double));
    work->before = malloc((size_t)count);
    return work->kept && work->places && work->sums && work->before;
}

static void forget_sums(Sums *work) {
    free(work->kept);
    free(work->places);
    free(work->sums);
    free(work->before);
}

static double limit_of(const Selection *selection) { return selection->heap[0] - selection->slack; }

/* So many times the articles that are wanted are scored first, to learn what the others must reach. */
enum { SCOUTS = 4 };

/* Returns a score that `best` articles reach, by those which one term scores highest. */
static i64 scout(double *limit, Sums *work, const Terms *terms, i64 number, const Postings *postings,
                 const double *own, const uint8_t *done, i64 best) {
    i64 wanted = SCOUTS * best, count = 0;
    double *heap = malloc((size_t)wanted * sizeof(double)), *scores = malloc((size_t)wanted * sizeof(double));
    int32_t *docs = malloc((size_t)wanted * sizeof(int32_t));
    i64 result = heap && scores && docs ? 0 : NO_MEMORY;
    if (!result) {
        for (i64 at = 0; at < wanted; at++) heap[at] = -1.0 / 0.0;
        for (i64 at = 0; at < postings->count; at++)
            if (own[at] > heap[0]) {
                heap[0] = own[at];
                sift(heap, wanted);
            }
        for (i64 at = 0; at < postings->count && count < wanted; at++)
            if (own[at] >= heap[0]) {
                docs[count] = postings->docs[at];
                scores[count++] = own[at];
            }
        result = complete(work, terms, number, docs, scores, count, done);
        for (i64 at = 0; at < best; at++) heap[at] = -1.0 / 0.0;
        for (i64 at = 0; at < count && !result; at++)
            if (work->sums[at] > heap[0]) {
                heap[0] = work->sums[at];
                sift(heap, best);
            }
        *limit = heap[0];
    }
    free(heap);
    free(scores);
    free(docs);
    return result;
}

/* Offers the articles of a term that may be among the best; those that an earlier term has were offered then.
   `rest` is what the terms that follow can add. Returns how often another term has an article, if all were
   looked at. */
static i64 offer_term(Selection *selection, const Terms *terms, i64 number, double rest, int every,
                      const uint8_t *done, double *floor) {
    Postings postings;
    Sums work = {0, 0, 0, 0, 0};
    i64 count = load(&postings, terms, number), result = count < 0 ? count : 0;
    double *own = count > 0 ? calloc((size_t)count, sizeof(double)) : 0;
    if (count > 0 && (!own || !make_sums(&work, count))) result = NO_MEMORY;
    if (!result && count > 0) {
        result = add_scores(terms, number, postings.docs, 0, postings.places, count, own);
        if (!result && !every && count > SCOUTS * selection->best && selection->size < selection->best) {
            double limit = *floor;
            result = scout(&limit, &work, terms, number, &postings, own, done, selection->best);
            if (limit > *floor) *floor = limit;
        }
        double limit = *floor - selection->slack;
        if (limit_of(selection) > limit) limit = limit_of(selection);
        if (!every) {
            i64 left = 0;
            for (i64 at = 0; at < count; at++)
                if (own[at] >= limit - rest) {
                    postings.docs[left] = postings.docs[at];
                    own[left++] = own[at];
                }
            count = left;
        }
        if (!result) result = complete(&work, terms, number, postings.docs, own, count, done);
        for (i64 at = 0; at < count && !result; at++)
            if (!work.before[at] && !offer(selection, postings.docs[at], work.sums[at])) result = NO_MEMORY;
        if (!result) result = work.both;
    }
    forget(&postings);
    forget_sums(&work);
    free(own);
    return result;
}

/* How many living articles a part has. */
static i64 living_in(const Part *part) {
    Term term;
    if (!open_term(&term, part)) return DAMAGED;
    if (!term.living) return term.df;
    int32_t *docs = malloc((size_t)term.df * sizeof(int32_t));
    i64 count = docs ? read_docs(&term, docs, 0) : NO_MEMORY;
    free(docs);
    return count;
}

/* The best `best` articles with any of the terms and all that score as much as the last of them, less
   `slack`; returns how many of `size` articles have any. `order` names the terms from the highest bound of
   their scores down. `room` says how many fit into `docs` and `scores`; `chosen` gets how many there are, which
   may be more. */
i64 byline_any(const Part *parts, const i64 *starts, const double *weights, const double *bounds, const i64 *order,
               i64 term_count, i64 size, const double *norms, i64 best, double slack, i64 room, i64 *docs,
               double *scores, i64 *chosen) {
    Terms terms = {parts, starts, term_count, weights, norms};
    Selection selection;
    uint8_t *done = calloc((size_t)term_count, 1);
    double rest = 0.0, floor = -1.0 / 0.0;
    *chosen = 0;
    if (!done || !begin_selection(&selection, best, slack)) {
        free(done);
        return NO_MEMORY;
    }
    i64 total = 0;
    int pair = term_count == 2 && best; /* what two have in common is learnt on the way */
    if (!pair) total = count_any(&terms, size);
    for (i64 term = 0; term < term_count; term++) rest += bounds[term];
    for (i64 at = 0; at < term_count && total >= 0 && best; at++) {
        i64 number = order[at];
        double limit = limit_of(&selection) > floor - slack ? limit_of(&selection) : floor - slack;
        if (rest < limit) break;
        rest = 0.0;
        for (i64 later = at + 1; later < term_count; later++) rest += bounds[order[later]];
        i64 result = offer_term(&selection, &terms, number, rest, pair && !at, done, &floor);
        if (result < 0) total = result;
        else if (pair && !at) {
            i64 one = 0;
            for (i64 term = 0; term < 2 && one >= 0; term++) {
                i64 own = 0;
                for (i64 part = starts[term]; part < starts[term + 1] && own >= 0; part++) {
                    i64 living = living_in(&parts[part]);
                    own = living < 0 ? living : own + living;
                }
                one = own < 0 ? own : one + own;
            }
            total = one < 0 ? one : one - result;
        }
        done[number] = 1;
    }
    i64 selected = end_selection(&selection, room, docs, scores);
    *chosen = total < 0 ? 0 : selected;
    free(done);
    return total;
}

/* The living articles that have all the terms, ascending, and the places of each term in them. The parts of
   term t, rarest term first, are parts[starts[t]] to parts[starts[t + 1] - 1]. `docs` has room for the
   postings of the first term, `places` for as many for each term, a row a term, `working` for twice as many.
   Returns how many there are. */
static i64 all_of(const Part *parts, const i64 *starts, i64 term_count, i64 room, int32_t *docs, i64 *places,
                  i64 *working) {
    i64 count = 0, *kept = working, *found = working + room;
    for (i64 at = starts[0]; at < starts[1]; at++) {
        Term term;
        if (!open_term(&term, &parts[at]) || count + term.df > room) return DAMAGED;
        i64 own = read_docs(&term, docs + count, places + count);
        if (own < 0) return own;
        if (count && own && docs[count] <= docs[count - 1]) return DAMAGED;
        count += own;
    }
    for (i64 term = 1; term < term_count && count; term++) {
        i64 left = 0;
        for (i64 at = starts[term]; at < starts[term + 1]; at++) {
            Term opened;
            if (!open_term(&opened, &parts[at])) return DAMAGED;
            i64 own = among(&opened, docs, count, kept + left, found + left);
            if (own < 0) return own;
            left += own;
        }
        for (i64 at = 0; at < left; at++) docs[at] = docs[kept[at]];
        for (i64 earlier = 0; earlier < term; earlier++) {
            i64 *row = places + earlier * room;
            for (i64 at = 0; at < left; at++) row[at] = row[kept[at]];
        }
        memcpy(places + term * room, found, (size_t)left * sizeof(i64));
        count = left;
    }
    return count;
}

/* The same for those who want articles and places; both are counted in 64 bits. */
i64 byline_all(const Part *parts, const i64 *starts, i64 term_count, i64 room, i64 *docs, i64 *places) {
    i64 *working = malloc((size_t)room * 2 * sizeof(i64));
    int32_t *own = malloc((size_t)room * sizeof(int32_t));
    i64 count = working && own ? all_of(parts, starts, term_count, room, own, places, working) : NO_MEMORY;
    for (i64 at = 0; at < count; at++) docs[at] = own[at];
    free(working);
    free(own);
    return count;
}

/* The best of the articles that have all the terms, as `byline_any` gives them. The terms come with the rarest
   first; `order` has the number of each in the query: scores are added in that order. */
i64 byline_best_of_all(const Part *parts, const i64 *starts, const i64 *order, const double *weights,
                       i64 term_count, i64 room, const double *norms, i64 best, double slack, i64 out_room,
                       i64 *docs, double *scores, i64 *chosen) {
    Terms terms = {parts, starts, term_count, weights, norms};
    i64 *places = malloc((size_t)room * (size_t)(term_count + 2) * sizeof(i64));
    int32_t *own = malloc((size_t)room * sizeof(int32_t));
    double *sums = calloc((size_t)room, sizeof(double));
    Selection selection;
    i64 count = NO_MEMORY;
    *chosen = 0;
    if (places && own && sums && begin_selection(&selection, best, slack)) {
        count = all_of(parts, starts, term_count, room, own, places, places + room * term_count);
        for (i64 place = 0; place < term_count && count > 0 && best; place++) {
            i64 term = 0;
            while (order[term] != place) term++;
            i64 result = add_scores(&terms, term, own, 0, places + term * room, count, sums);
            if (result < 0) count = result;
        }
        for (i64 at = 0; at < count && best; at++)
            if (!offer(&selection, own[at], sums[at])) count = NO_MEMORY;
        *chosen = end_selection(&selection, out_room, docs, scores);
    }
    free(places);
    free(own);
    free(sums);
    return count;
}

/* A word of a phrase on its way through the articles. */
typedef struct {
    Term term;
    Reader freqs, ranks;
    i64 cf, occurrences_at, far_at;
    int has_far;
    i64 place, occurrence;   /* the next posting, and how many occurrences come before it */
    i64 counted, fars;       /* so many occurrences were looked at for large steps, and so many found */
    i64 *positions, count, room;
} Cursor;

/* Reads the positions in the article at a place; returns 1, or an error. */
static i64 read_positions(Cursor *cursor, i64 place) {
    const Words *words = cursor->term.words;
    if (place < cursor->place || place >= cursor->term.df) return DAMAGED;
    cursor->occurrence += sum_of(&cursor->freqs, cursor->place, place) + place - cursor->place;
    cursor->place = place;
    i64 count = value_at(&cursor->freqs, place) + 1, first = cursor->occurrence;
    if (first < 0 || first + count > cursor->cf) return DAMAGED;
    if (count > cursor->room) {
        i64 room = count * 2 < 64 ? 64 : count * 2;
        i64 *more = realloc(cursor->positions, (size_t)room * sizeof(i64));
        if (!more) return NO_MEMORY;
        cursor->positions = more;
        cursor->room = room;
    }
    const uint8_t *steps = words->positions + cursor->occurrences_at;
    if (cursor->has_far) {
        i64 fars = 0;
        for (i64 at = cursor->counted; at < first; at++) fars += steps[at] == FAR;
        cursor->fars += fars;
        cursor->counted = first;
    }
    i64 position = 0, fars = cursor->fars;
    for (i64 at = 0; at < count; at++) {
        i64 step = steps[first + at];
        if (step == FAR) {
            i64 far = cursor->far_at + fars++;
            if (far < 0 || far >= words->far_size) return DAMAGED;
            step = words->far[far];
            if (step == FARTHER) {
                i64 found = lower_bound(words->farther_at, 0, words->farthers, (u64)far);
                if (found >= words->farthers || words->farther_at[found] != (u64)far) return DAMAGED;
                step = words->farther[found];
            }
        }
        position += step;
        cursor->positions[at] = position;
    }
    cursor->count = count;
    return 1;
}

/* How often the words stand one after the other in each of `count` articles of one segment: `rows` has for
   each word its places there. `forms` has the wanted rank of each word's form, -1 for any. With
   `titles` (the words of each title), only runs in titles count, or with `part_wanted` 2, only the others. */
static i64 count_runs(const Part *parts, i64 word_count, i64 count, const int32_t *docs, const i64 **rows,
                      const i64 *forms, const double *titles, i64 part_wanted, i64 gap, i64 *counts) {
    i64 result = 0;
    Cursor *cursors = calloc((size_t)word_count, sizeof(Cursor));
    i64 *starts = 0, *firsts = 0, room = 0;
    if (!cursors) return NO_MEMORY;
    for (i64 word = 0; word < word_count; word++) {
        Cursor *cursor = &cursors[word];
        if (!open_term(&cursor->term, &parts[word])) {
            result = DAMAGED;
            break;
        }
        const Words *words = cursor->term.words;
        i64 term = cursor->term.term, df = cursor->term.df;
        cursor->cf = number_at(words->cf, words->cf_width, term);
        cursor->occurrences_at = words->occurrences_at[term];
        cursor->far_at = words->far_at[term];
        cursor->has_far = term + 1 == words->term_count || words->far_at[term + 1] > cursor->far_at;
        if (cursor->cf < df || cursor->occurrences_at < 0 ||
            cursor->occurrences_at + cursor->cf > words->positions_size ||
            !open_group(&cursor->freqs, &words->freqs, &words->freqs_at, term, words->postings_at[term], df) ||
            !open_group(&cursor->ranks, &words->ranks, &words->ranks_at, term, cursor->occurrences_at, cursor->cf))
            result = DAMAGED;
    }
    for (i64 at = 0; at < count && !result; at++) {
        i64 left = 0;
        counts[at] = 0;
        for (i64 word = 0; word < word_count; word++) {
            Cursor *cursor = &cursors[word];
            i64 done = read_positions(cursor, rows[word][at] - cursor->term.first);
            if (done < 0) {
                result = done;
                break;
            }
            if (!word) {
                if (cursor->count > room) {
                    free(starts);
                    room = cursor->count * 2 < 64 ? 64 : cursor->count * 2;
                    starts = malloc((size_t)room * 2 * sizeof(i64));
                    if (!starts) {
                        result = NO_MEMORY;
                        break;
                    }
                    firsts = starts + room;
                }
                left = cursor->count;
                for (i64 place = 0; place < left; place++) {
                    starts[place] = cursor->positions[place];
                    firsts[place] = cursor->occurrence + place;
                }
                continue;
            }
            i64 still = 0;
            for (i64 start = 0, place = 0; start < left && place < cursor->count;) {
                i64 wanted = starts[start] + word, there = cursor->positions[place];
                if (there < wanted) place++;
                else if (there > wanted) start++;
                else {
                    int fits = forms[word] < 0 || value_at(&cursor->ranks, cursor->occurrence + place) == forms[word];
                    if (fits && word == 1 && forms[0] >= 0)
                        fits = value_at(&cursors[0].ranks, firsts[start]) == forms[0];
                    if (fits) {
                        starts[still] = starts[start];
                        firsts[still++] = firsts[start];
                    }
                    start++;
                    place++;
                }
            }
            left = still;
            if (!left) break;
        }
        if (result) break;
        if (word_count == 1 && forms[0] >= 0) {
            i64 still = 0;
            for (i64 start = 0; start < left; start++)
                if (value_at(&cursors[0].ranks, firsts[start]) == forms[0]) starts[still++] = starts[start];
            left = still;
        }
        if (titles && left) {
            double words = titles[docs[at]], bound = words > 0 ? words + (double)gap : 0.0;
            i64 still = 0;
            for (i64 start = 0; start < left; start++)
                still += ((double)(starts[start] + word_count - 1) < bound) == (part_wanted == 1);
            left = still;
        }
        counts[at] = left;
    }
    for (i64 word = 0; word < word_count; word++) free(cursors[word].positions);
    free(cursors);
    free(starts);
    return result;
}

/* In which living articles of one segment, ascending, the words stand one after the other, and how often: see
   `count_runs`. Each word has one part there; `order` names the words, the rarest first, which has `room`
   postings. Returns how many articles there are. */
i64 byline_phrase(const Part *parts, const i64 *order, i64 word_count, i64 room, const i64 *forms,
                  const double *titles, i64 part_wanted, i64 gap, i64 *docs, i64 *counts) {
    Part *ordered = malloc((size_t)word_count * sizeof(Part));
    i64 *starts = malloc((size_t)(word_count + 1) * sizeof(i64));
    const i64 **rows = malloc((size_t)word_count * sizeof(i64 *));
    i64 *places = malloc((size_t)room * (size_t)(word_count + 2) * sizeof(i64));
    int32_t *own = malloc((size_t)room * sizeof(int32_t));
    i64 found = NO_MEMORY;
    if (ordered && starts && rows && places && own) {
        for (i64 at = 0; at < word_count; at++) {
            ordered[at] = parts[order[at]];
            starts[at] = at;
            rows[order[at]] = places + at * room;
        }
        starts[word_count] = word_count;
        i64 count = all_of(ordered, starts, word_count, room, own, places, places + room * word_count);
        i64 result = count;
        if (count > 0) result = count_runs(parts, word_count, count, own, rows, forms, titles, part_wanted, gap, counts);
        found = result < 0 ? result : 0;
        for (i64 at = 0; at < count && result >= 0; at++)
            if (counts[at]) {
                docs[found] = own[at];
                counts[found++] = counts[at];
            }
    }
    free(ordered);
    free(starts);
    free(rows);
    free(places);
    free(own);
    return found;
}
