/* The innermost loops of indexing, for those who compile them: see indexing.py.

   Numpy does the same, to the last bit. Arrays come from there; what is an index into another array is checked
   before it is used. A function returns how many entries it has written, or DAMAGED. */

#include <stdint.h>
#include <string.h>

#define DAMAGED (-1)

typedef int64_t i64;
typedef uint64_t u64;

/* --- Texts to words: index/tokenise.py and index/keytable.py --- */

enum { BLANKED = 4 }; /* bytes of an entry: how long the character is, and its bytes */
#define FLAGS 0x8080808080808080u

static const int32_t ABSENT = INT32_MIN;
static const u64 FIRST = 0x9E3779B97F4A7C15u, SECOND = 0xC2B2AE3D27D4EB4Fu;

/* A table of 1 << bits entries; `high` is 0 where keys are of one word. */
typedef struct {
    const u64 *low, *high;
    const int32_t *values;
    i64 bits;
} Table;

/* Sets the flag of each byte that is part of words: letters, digits, the percent sign and all that is beyond
   ASCII, but for the characters of `blanked`. Behind the last flag there are eight more that are not set. */
static void set_flags(const uint8_t *text, i64 size, const uint8_t *blanked, i64 blanked_count, uint8_t *flags) {
    uint8_t beyond = 0;
    for (i64 at = 0; at < size; at++) {
        uint8_t byte = text[at], letter = (uint8_t)((byte | 32) - 'a'), digit = (uint8_t)(byte - '0');
        flags[at] = (uint8_t)((letter < 26 || digit < 10 || byte == '%' || byte >= 128) << 7);
        beyond |= byte;
    }
    memset(flags + size, 0, 8);
    if (beyond < 128) return;
    for (i64 at = 0; at < size; at++)
        for (i64 entry = 0; text[at] >= 128 && entry < blanked_count; entry++) {
            const uint8_t *character = blanked + BLANKED * entry;
            i64 length = character[0];
            if (length >= BLANKED || length > size - at || memcmp(text + at, character + 1, (size_t)length))
                continue;
            memset(flags + at, 0, (size_t)length);
            break;
        }
}

/* Where the next byte with a flag is, or the next without; `end` if there is none before. */
static inline i64 next_flag(const uint8_t *flags, i64 at, i64 end, u64 inverted) {
    while (at < end) {
        u64 word;
        memcpy(&word, flags + at, 8);
        word ^= inverted;
        if (word) {
            at += __builtin_ctzll(word) >> 3;
            return at < end ? at : end;
        }
        at += 8;
    }
    return end;
}

/* Up to eight bytes in lower case, the first in the lowest bits. */
static inline u64 key_of(const uint8_t *text, i64 count, i64 left) {
    u64 key = 0;
    if (left >= 8) {
        memcpy(&key, text, 8);
        if (count < 8) key &= ((u64)1 << (count << 3)) - 1;
    } else memcpy(&key, text, (size_t)(count < left ? count : left));
    u64 seven = key & ~FLAGS;
    u64 from_a = seven + 0x3F3F3F3F3F3F3F3Fu, above_z = seven + 0x2525252525252525u;
    return key | (((from_a ^ above_z) & ~key & FLAGS) >> 2);
}

/* A run that waits to be looked up, so that its slot is on its way from memory meanwhile. */
typedef struct {
    const Table *table; /* 0 if it is longer than the keys of any */
    u64 low, high, slot;
    i64 start, end;
} Run;

enum { WAITING = 32 };

/* Where runs go once they are looked up: see `byline_words`. */
typedef struct {
    int32_t *values;
    i64 *unknown, count, unknown_count;
} Found;

static inline void seek(Run *run, const Table *table, u64 low, u64 high) {
    u64 mixed = table->high ? low ^ high * SECOND : low;
    run->table = table;
    run->low = low;
    run->high = high;
    run->slot = mixed * FIRST >> (64 - table->bits);
    __builtin_prefetch(table->low + run->slot);
    __builtin_prefetch(table->values + run->slot);
}

static int32_t look_up(const Run *run) {
    const Table *table = run->table;
    if (!table) return ABSENT;
    u64 mask = ((u64)1 << table->bits) - 1, slot = run->slot;
    for (u64 tried = 0; tried <= mask; tried++, slot = (slot + 1) & mask) {
        int32_t value = table->values[slot];
        if (value == ABSENT) break;
        if (table->low[slot] == run->low && (!table->high || table->high[slot] == run->high)) return value;
    }
    return ABSENT;
}

static void look_up_all(const Run *runs, i64 count, Found *found) {
    for (i64 at = 0; at < count; at++) {
        int32_t value = look_up(runs + at);
        if (value == ABSENT) {
            found->unknown[2 * found->unknown_count] = runs[at].start;
            found->unknown[2 * found->unknown_count++ + 1] = runs[at].end;
        }
        found->values[found->count++] = value;
    }
}

/* Cuts texts into runs and looks these up. `text` has a separator before each of `text_count` texts of `sizes`
   bytes, and one behind the last. `flags` has room for eight entries more than the text, `values` for half as
   many and one, `unknown` for twice as many as `values`: of each run that is not in a table, `values` has
   ABSENT and `unknown` where it starts and ends. `counts` are the runs of each text. Returns how many runs
   there are, and in `unknown_count` how many of them are unknown. */
i64 byline_words(const uint8_t *text, i64 size, const i64 *sizes, i64 text_count, const uint8_t *blanked,
                 i64 blanked_count, const Table *shorter, const Table *longer, uint8_t *flags, int32_t *values,
                 i64 *counts, i64 *unknown, i64 *unknown_count) {
    if (shorter->bits < 1 || shorter->bits > 40 || longer->bits < 1 || longer->bits > 40) return DAMAGED;
    i64 first = 0, runs = 0, waiting = 0;
    Found found = {values, unknown, 0, 0};
    Run pending[WAITING];
    set_flags(text, size, blanked, blanked_count, flags);
    for (i64 number = 0; number < text_count; number++) {
        first++;
        if (sizes[number] < 0 || sizes[number] > size - 1 - first) return DAMAGED;
        i64 end = first + sizes[number], before = runs, at = next_flag(flags, first, end, 0);
        while (at < end) {
            i64 start = at;
            at = next_flag(flags, at, end, FLAGS);
            /* A mark with such bytes on both sides goes on with the run. */
            while (at + 1 < end && (text[at] == '.' || text[at] == ',' || text[at] == '\'') && flags[at + 1])
                at = next_flag(flags, at + 1, end, FLAGS);
            i64 length = at - start, left = size - start;
            Run *run = pending + waiting++;
            *run = (Run){0, 0, 0, 0, start, at};
            if (length <= 8) seek(run, shorter, key_of(text + start, length, left), 0);
            else if (length <= 16)
                seek(run, longer, key_of(text + start, 8, left), key_of(text + start + 8, length - 8, left - 8));
            if (waiting == WAITING) {
                look_up_all(pending, waiting, &found);
                waiting = 0;
            }
            runs++;
            at = next_flag(flags, at, end, 0);
        }
        counts[number] = runs - before;
        first = end;
    }
    look_up_all(pending, waiting, &found);
    *unknown_count = found.unknown_count;
    return runs;
}

/* --- Signatures: index/signature.py --- */

enum { SHINGLE = 3, BINS = 24 };
#define EMPTY 0xFFFFFFFFu

static const u64 FACTORS[SHINGLE] = {0x9E3779B97F4A7C15u, 0xC2B2AE3D27D4EB4Fu, 0xD6E8FEB86659FD93u};
static const u64 MIX = 0xFF51AFD7ED558CCDu;

/* Writes the signature of each text; `words` are the hashes of all words, `counts` how many each text has,
   `lenders` the bins from which each bin borrows. Returns the number of texts. */
i64 byline_signatures(const u64 *words, i64 word_count, const i64 *counts, i64 text_count, const i64 *lenders,
                      uint8_t *out) {
    for (i64 at = 0; at < BINS * BINS; at++)
        if (lenders[at] < 0 || lenders[at] >= BINS) return DAMAGED;
    i64 first = 0;
    for (i64 text = 0; text < text_count; text++, out += BINS) {
        i64 count = counts[text];
        if (count < 0 || count > word_count - first) return DAMAGED;
        uint32_t least[BINS];
        memset(least, 0xFF, sizeof least);
        i64 shingles = count >= SHINGLE ? count - SHINGLE + 1 : count > 0;
        for (i64 at = 0; at < shingles; at++) {
            u64 hash = 0;
            for (i64 place = 0; place < SHINGLE && at + place < count; place++)
                hash += words[first + at + place] * FACTORS[place];
            hash ^= hash >> 33;
            hash *= MIX;
            hash ^= hash >> 33;
            i64 bin = (i64)((hash >> 32) * BINS >> 32);
            if ((uint32_t)hash < least[bin]) least[bin] = (uint32_t)hash;
        }
        int signed_ = 0;
        for (i64 bin = 0; bin < BINS; bin++) signed_ |= least[bin] != EMPTY;
        for (i64 bin = 0; bin < BINS; bin++) {
            uint32_t value = least[bin];
            for (i64 lender = 0; signed_ && value == EMPTY && lender < BINS; lender++)
                value = least[lenders[BINS * bin + lender]];
            out[bin] = signed_ ? (uint8_t)(value % 255 + 1) : 0;
        }
        first += count;
    }
    return text_count;
}

/* --- Words of shingles: index/shingles.py --- */

static inline u64 mixed(u64 value) {
    value *= FACTORS[0];
    value ^= value >> 32;
    return value * MIX;
}

/* Writes where each word of a text starts, and its hash; there is room for half as many as bytes, and one, and
   in `flags` for eight more than bytes. Words are of letters, digits, underscores and all that is beyond ASCII,
   but for the byte behind a backslash. Returns how many there are. */
i64 byline_word_hashes(const uint8_t *text, i64 size, uint8_t *flags, i64 *starts, u64 *hashes) {
    i64 count = 0;
    for (i64 at = 0; at < size; at++) {
        uint8_t byte = text[at], letter = (uint8_t)((byte | 32) - 'a'), digit = (uint8_t)(byte - '0');
        flags[at] = (uint8_t)((letter < 26 || digit < 10 || byte == '_' || byte >= 128) << 7);
    }
    for (i64 at = 1; at < size; at++) flags[at] &= text[at - 1] == '\\' ? 0 : 0x80;
    memset(flags + size, 0, 8);
    for (i64 at = next_flag(flags, 0, size, 0); at < size; at = next_flag(flags, at, size, 0)) {
        u64 hash = 0;
        i64 start = at;
        at = next_flag(flags, at, size, FLAGS);
        for (i64 place = start; place < at; place += 8)
            hash = mixed(hash + key_of(text + place, at - place, size - place));
        starts[count] = start;
        hashes[count++] = hash;
    }
    return count;
}
