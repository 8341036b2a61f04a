#pragma once
#include <math.h>
#include <stdint.h>

#include "number.h"

/* A cell that is a plain number: 1 with `*cursor` at the separator or line end that follows, 0 where the cell must be
   looked at more closely and nothing has moved, -1 where it is beyond a float. */

static inline __attribute__((always_inline)) int braid_plain_cell(
    const uint8_t **cursor, uint8_t separator, uint8_t decimal, float *value) {
  const uint8_t *p = *cursor, *q = p;
  braid_decimal number;
  if (!braid_scan_decimal(&q, decimal, &number)) return 0;
  const uint8_t *stop = q;
  if (*q == '\r' && q[1] == '\n') q++;
  if (*q != separator && *q != '\n') return 0;
  float read = braid_nearest_float(&number, p, stop, decimal);
  if (!isfinite(read)) return -1;
  *value = read;
  *cursor = q;
  return 1;
}

#if defined(__x86_64__)
#define BRAID_HAS_SSE4 1
#include <immintrin.h>

/* For each length of a number (below 16) and place of its point (the length where there is none): the shuffle that
   takes the point out and moves the digits to the right end, zeros before them. */
extern uint8_t braid_digit_shuffles[16][16][16];

/* Sixteen bytes at once: which are digits, where the point is, and the digits to a number in three multiplications.
   Longer cells, exponents and everything odd go the plain way. */
static inline __attribute__((target("sse4.1"))) int braid_sse4_cell(
    const uint8_t **cursor, uint8_t separator, uint8_t decimal, float *value) {
  const uint8_t *p = *cursor;
  unsigned negative = *p == '-';
  p += negative;
  __m128i digits = _mm_sub_epi8(_mm_loadu_si128((const __m128i *)p), _mm_set1_epi8('0'));
  __m128i is_digit = _mm_cmpeq_epi8(_mm_min_epu8(digits, _mm_set1_epi8(9)), digits);
  unsigned others = ~(unsigned)_mm_movemask_epi8(is_digit) & 0xFFFF;
  if (others == 0) return braid_plain_cell(cursor, separator, decimal, value);
  unsigned point = (unsigned)__builtin_ctz(others), length = point;
  if (p[point] == decimal) {
    others &= others - 1;
    if (others == 0) return braid_plain_cell(cursor, separator, decimal, value);
    length = (unsigned)__builtin_ctz(others);
  }
  const uint8_t *stop = p + length;
  if (*stop == '\r' && stop[1] == '\n') stop++;
  unsigned fraction = length - point - (length > point);
  if ((*stop != separator && *stop != '\n') || point + fraction == 0) {
    return braid_plain_cell(cursor, separator, decimal, value);
  }
  __m128i moved = _mm_shuffle_epi8(digits, _mm_load_si128((const __m128i *)braid_digit_shuffles[length][point]));
  __m128i pairs = _mm_maddubs_epi16(moved, _mm_set_epi8(1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10));
  __m128i fours = _mm_madd_epi16(pairs, _mm_set_epi16(1, 100, 1, 100, 1, 100, 1, 100));
  fours = _mm_packus_epi32(fours, fours);
  __m128i eights = _mm_madd_epi16(fours, _mm_set_epi16(1, 10000, 1, 10000, 1, 10000, 1, 10000));
  uint64_t both = (uint64_t)_mm_cvtsi128_si64(eights);
  uint64_t mantissa = (both & 0xFFFFFFFF) * 100000000 + (both >> 32);
  /* At most 15 digits: exact, and so is the power; one rounding to a double, and one to a float unless the double
     lies in the middle between two. */
  union { double d; uint64_t bits; } u = {(double)(int64_t)mantissa / braid_exact_powers[fraction]};
  if ((u.bits & 0x1FFFFFFF) - 0x0FFFFFFF <= 2) return braid_plain_cell(cursor, separator, decimal, value);
  float read = (float)u.d;
  *value = negative ? -read : read;
  *cursor = stop;
  return 1;
}
#endif
