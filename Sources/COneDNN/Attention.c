#include "Memory.h"
#include "Products.h"
#include "Rows.h"

#include "Functions.h"

// Attention of one head fits the nearest caches: keys and values are laid out once as bf16 pairs, and six queries at a
// time are scored, weighed and mixed without their scores ever leaving the first cache (after Dao et al. 2022, whose
// running maximum short rows do not need).
#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>
#define BF16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,fma")))
#define BF16_INLINE static inline __attribute__((always_inline)) BF16

enum { queries_abreast = 6, blocks_abreast = 4 };

int braid_has_attention(void) {
  // DNNL_MAX_CPU_ISA limits this kernel too, so that what other processors do can be tested on this one.
  if (!braid_has_bf16()) return 0;
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

// Sixteen numbers of a row from `at` on as f32, those from `n` on being 0.
BF16_INLINE __m512 read16(int type, const void *x, int64_t at, int64_t n) {
  __mmask16 m = n >= 16 ? 0xffff : (__mmask16)((1u << (n < 0 ? 0 : n)) - 1);
  if (type == 0) return _mm512_maskz_loadu_ps(m, (const float *)x + at);
  __m256i h = _mm256_maskz_loadu_epi16(m, (const uint16_t *)x + at);
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(h), 16));
}
BF16_INLINE __m256i narrow16(__m512 x) { return (__m256i)_mm512_cvtneps_pbh(x); }

// A row's numbers, times `scale`, as bf16; zeros up to `wide`.
BF16_INLINE void narrow_row(int type, const void *x, int64_t at, int64_t n, int64_t wide, float scale, uint16_t *y) {
  for (int64_t i = 0; i < wide; i += 16)
    _mm256_storeu_si256((__m256i *)(y + i),
                        narrow16(_mm512_mul_ps(read16(type, x, at + i, n - i), _mm512_set1_ps(scale))));
}

// acc[q][b] (+)= pairs of row q, each repeated, times pairs of block b: `steps` of them. A row of x is `row` pairs, a
// step of y `step` pairs, a block `apart` pairs from the last.
#define PRODUCT(Q, B)                                                                                       \
  {                                                                                                         \
    __m512 acc[Q][B];                                                                                       \
    _Pragma("clang loop unroll(full)") for (int q = 0; q < Q; q++)                                          \
        _Pragma("clang loop unroll(full)") for (int b = 0; b < B; b++) acc[q][b] = _mm512_setzero_ps();     \
    for (int64_t d = 0; d < steps; d++) {                                                                   \
      __m512i line[B];                                                                                      \
      _Pragma("clang loop unroll(full)") for (int b = 0; b < B; b++) line[b] =                              \
          _mm512_loadu_si512(y + d * step + b * apart);                                                     \
      _Pragma("clang loop unroll(full)") for (int q = 0; q < Q; q++) {                                      \
        __m512i one = _mm512_set1_epi32((int)x[q * row + d]);                                               \
        _Pragma("clang loop unroll(full)") for (int b = 0; b < B; b++) acc[q][b] =                          \
            _mm512_dpbf16_ps(acc[q][b], (__m512bh)line[b], (__m512bh)one);                                  \
      }                                                                                                     \
    }                                                                                                       \
    _Pragma("clang loop unroll(full)") for (int q = 0; q < Q; q++)                                          \
        _Pragma("clang loop unroll(full)") for (int b = 0; b < B; b++)                                      \
            _mm512_storeu_ps(out + q * wide + b * 16, acc[q][b]);                                           \
    break;                                                                                                  \
  }

// out [6, 16 blocks] of rows `wide` apart.
BF16_INLINE void products(int blocks, int64_t steps, const uint32_t *x, int64_t row, const uint32_t *y, int64_t step,
                          int64_t apart, float *out, int64_t wide) {
  switch (blocks) {
    case 1: PRODUCT(6, 1)
    case 2: PRODUCT(6, 2)
    case 3: PRODUCT(6, 3)
    case 4: PRODUCT(6, 4)
  }
}

// As many parts of at most four blocks as are needed, of even sizes.
BF16_INLINE void all_products(int64_t blocks, int64_t steps, const uint32_t *x, int64_t row, const uint32_t *y,
                              int64_t step, int64_t apart, float *out, int64_t wide) {
  int64_t parts = (blocks + blocks_abreast - 1) / blocks_abreast;
  for (int64_t part = 0, at = 0; part < parts; part++) {
    int64_t some = (blocks - at) / (parts - part);
    products((int)some, steps, x, row, y + at * apart, step, apart, out + at * 16, wide);
    at += some;
  }
}

BF16 static void attend(int type, int64_t batch, int64_t heads, int64_t queries, int64_t keys, int64_t depth,
                        const void *q, const void *k, const void *v, const float *mask, int causal, void *y,
                        char *room, int64_t wide, int64_t deep) {
  int64_t width = heads * depth, pairs = deep / 2;
  uint32_t *key_pairs = (uint32_t *)room, *value_pairs = key_pairs + wide * pairs;
  uint32_t *row_pairs = value_pairs + wide / 2 * deep, *query_pairs = row_pairs + 16 * pairs;
  uint32_t *weight_pairs = query_pairs + queries_abreast * pairs;
  float *scores = (float *)(weight_pairs + queries_abreast * wide / 2);
  float *mixed = scores + queries_abreast * wide, *hide = mixed + queries_abreast * deep;
  float scale = 1.0f / sqrtf((float)depth);
  for (int64_t b = 0; b < batch; b++) {
    for (int64_t i = 0; i < wide; i++)
      hide[i] = i < keys && (!mask || mask[b * keys + i] != 0.0f) ? 0.0f : -INFINITY;
    for (int64_t h = 0; h < heads; h++) {
      int64_t from = b * keys * width + h * depth, start = b * queries * width + h * depth;
      // Keys: blocks of sixteen, within them the pairs of a place of all sixteen beside each other.
      for (int64_t j = 0; j < wide; j += 16) {
        for (int64_t l = 0; l < 16; l++) {
          if (j + l < keys) narrow_row(type, k, from + (j + l) * width, depth, deep, 1, (uint16_t *)(row_pairs + l * pairs));
          else memset(row_pairs + l * pairs, 0, (size_t)pairs * 4);
        }
        uint32_t *to = key_pairs + j * pairs;
        for (int64_t d = 0; d < pairs; d++)
          for (int64_t l = 0; l < 16; l++) to[d * 16 + l] = row_pairs[l * pairs + d];
      }
      // Values: the pairs are of two keys.
      for (int64_t j = 0; j < wide; j += 2) {
        for (int64_t d = 0; d < deep; d += 16) {
          __m512 first = j < keys ? read16(type, v, from + j * width + d, depth - d) : _mm512_setzero_ps();
          __m512 second = j + 1 < keys ? read16(type, v, from + (j + 1) * width + d, depth - d) : _mm512_setzero_ps();
          __m512i low = _mm512_cvtepu16_epi32(narrow16(first)), high = _mm512_cvtepu16_epi32(narrow16(second));
          _mm512_storeu_si512(value_pairs + j / 2 * deep + d, _mm512_or_si512(low, _mm512_slli_epi32(high, 16)));
        }
      }
      for (int64_t i = 0; i < queries; i += queries_abreast) {
        int64_t some = queries - i < queries_abreast ? queries - i : queries_abreast;
        float inverse[queries_abreast];
        for (int64_t a = 0; a < queries_abreast; a++) {
          int64_t place = i + (a < some ? a : some - 1);
          narrow_row(type, q, start + place * width, depth, deep, scale, (uint16_t *)(query_pairs + a * pairs));
        }
        all_products(wide / 16, pairs, query_pairs, pairs, key_pairs, 16, 16 * pairs, scores, wide);
        for (int64_t a = 0; a < some; a++) {
          float *row = scores + a * wide;
          LANES16 for (int64_t j = 0; j < wide; j++) row[j] += hide[j];
          if (causal)
            for (int64_t j = i + a + keys - queries + 1; j < keys; j++) row[j < 0 ? 0 : j] = -INFINITY;
          float most = row_max(wide, row);
          most = most == -INFINITY ? 0.0f : most;
          LANES16 for (int64_t j = 0; j < wide; j++) row[j] = falling_exp(row[j] - most);
          float sum = row_sum(wide, row);
          inverse[a] = sum == 0.0f ? 0.0f : 1.0f / sum;
          narrow_row(0, row, 0, wide, wide, 1, (uint16_t *)(weight_pairs + a * wide / 2));
        }
        all_products(deep / 16, wide / 2, weight_pairs, wide / 2, value_pairs, deep, 16, mixed, deep);
        for (int64_t a = 0; a < some; a++) {
          int64_t at = start + (i + a) * width;
          for (int64_t d = 0; d < depth; d += 16) {
            __mmask16 m = depth - d >= 16 ? 0xffff : (__mmask16)((1u << (depth - d)) - 1);
            __m512 x = _mm512_mul_ps(_mm512_loadu_ps(mixed + a * deep + d), _mm512_set1_ps(inverse[a]));
            if (type == 0) _mm512_mask_storeu_ps((float *)y + at + d, m, x);
            else _mm256_mask_storeu_epi16((uint16_t *)y + at + d, m, narrow16(x));
          }
        }
      }
    }
  }
}

int braid_attention(int type, int64_t batch, int64_t heads, int64_t queries, int64_t keys, int64_t depth,
                    const void *q, const void *k, const void *v, const float *mask, int causal, void *y) {
  if (!braid_has_attention()) return 0;
  int64_t wide = (keys + 15) & ~(int64_t)15, deep = (depth + 15) & ~(int64_t)15, pairs = deep / 2;
  size_t count = (size_t)(wide * pairs + wide / 2 * deep + 16 * pairs + queries_abreast * (pairs + wide / 2 + wide + deep) + wide);
  char *room = braid_allocate(count * 4);
  if (!room) return 0;
  memset(room, 0, count * 4);
  attend(type, batch, heads, queries, keys, depth, q, k, v, mask, causal, y, room, wide, deep);
  braid_release(room);
  return 1;
}
#else
int braid_has_attention(void) { return 0; }
int braid_attention(int type, int64_t batch, int64_t heads, int64_t queries, int64_t keys, int64_t depth,
                    const void *q, const void *k, const void *v, const float *mask, int causal, void *y) {
  return 0;
}
#endif
