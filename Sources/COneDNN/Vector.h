// Inline pieces of the kernels, written so that the compiler turns loops over them into vector code for each CPU
// named in KERNEL.
#ifndef BRAID_VECTOR_H
#define BRAID_VECTOR_H
#include <math.h>
#include <stdint.h>
#include <string.h>

// The loader picks a clone before the thread sanitizer stands, whose checks the picking would then run into.
#if defined(__x86_64__) && defined(__linux__) && !__has_feature(thread_sanitizer)
#define KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KERNEL
#endif
#define INLINE static inline __attribute__((always_inline))

// Before a loop whose pointers are either apart or the same: each element is read before it is written, so the
// compiler need not check for overlap (and would fall back to one element at a time where they are the same).
#define LANES _Pragma("clang loop vectorize(assume_safety)")
// Before a loop over rows padded to sixteens: whole vectors, nothing left over.
#define LANES16 _Pragma("clang loop vectorize(assume_safety) vectorize_width(16) interleave_count(1)")

// Sixteen floats at once, at any address. Reductions go through these: sixteen partial results, folded in halves,
// so that the order, and with it every bit, is the same at each run.
typedef float lanes __attribute__((vector_size(64), aligned(4), may_alias));
#define AT(x) (*(const lanes *)(x))
#define HALVES(v, OP)                                                                                       \
  ({                                                                                                        \
    __auto_type w = v;                                                                                      \
    __auto_type a = OP(__builtin_shufflevector(w, w, 0, 1, 2, 3, 4, 5, 6, 7),                               \
                       __builtin_shufflevector(w, w, 8, 9, 10, 11, 12, 13, 14, 15));                        \
    __auto_type b = OP(__builtin_shufflevector(a, a, 0, 1, 2, 3), __builtin_shufflevector(a, a, 4, 5, 6, 7)); \
    __auto_type c = OP(__builtin_shufflevector(b, b, 0, 1), __builtin_shufflevector(b, b, 2, 3));           \
    OP(c[0], c[1]);                                                                                         \
  })
#define PLUS(a, b) ((a) + (b))
#define FOLD_SUM(v) HALVES(v, PLUS)
#define FOLD_MAX(v) HALVES(v, __builtin_elementwise_max)

enum { chunk = 512 };  // elements of bf16 widened at a time: four such buffers stay in the first cache

INLINE float as_float(uint32_t u) {
  float f;
  memcpy(&f, &u, 4);
  return f;
}
INLINE uint32_t as_bits(float f) {
  uint32_t u;
  memcpy(&u, &f, 4);
  return u;
}

INLINE float widen(uint16_t b) { return as_float((uint32_t)b << 16); }

// Round to nearest, ties to even; a NaN stays a quiet NaN.
INLINE uint16_t narrow(float f) {
  uint32_t u = as_bits(f);
  uint32_t rounded = (u + 0x7fffu + ((u >> 16) & 1)) >> 16;
  return (u & 0x7fffffffu) > 0x7f800000u ? (uint16_t)((u >> 16) | 0x40) : (uint16_t)rounded;
}

INLINE float row_max(int64_t n, const float *x) {
  lanes part = (lanes){0} - INFINITY;
  int64_t i = 0;
  for (; i + 16 <= n; i += 16) part = __builtin_elementwise_max(part, AT(x + i));
  float rest = -INFINITY;
  for (; i < n; i++) rest = x[i] > rest ? x[i] : rest;
  return __builtin_elementwise_max(FOLD_MAX(part), rest);
}
INLINE float row_sum(int64_t n, const float *x) {
  lanes part = {0};
  float rest = 0;
  int64_t i = 0;
  for (; i + 16 <= n; i += 16) part += AT(x + i);
  for (; i < n; i++) rest += x[i];
  return rest + FOLD_SUM(part);
}
INLINE float row_dot(int64_t n, const float *x, const float *y) {
  lanes part = {0};
  float rest = 0;
  int64_t i = 0;
  for (; i + 16 <= n; i += 16) part += AT(x + i) * AT(y + i);
  for (; i < n; i++) rest += x[i] * y[i];
  return rest + FOLD_SUM(part);
}
INLINE float row_spread(int64_t n, const float *x, float mean) {
  lanes part = {0};
  float rest = 0;
  int64_t i = 0;
  for (; i + 16 <= n; i += 16) part += (AT(x + i) - mean) * (AT(x + i) - mean);
  for (; i < n; i++) rest += (x[i] - mean) * (x[i] - mean);
  return rest + FOLD_SUM(part);
}

INLINE const float *load(int type, const void *x, int64_t at, int64_t n, float *buffer) {
  if (type == 0) return (const float *)x + at;
  const uint16_t *h = (const uint16_t *)x + at;
  LANES for (int64_t i = 0; i < n; i++) buffer[i] = widen(h[i]);
  return buffer;
}
INLINE float *place(int type, void *y, int64_t at, float *buffer) {
  return type == 0 ? (float *)y + at : buffer;
}
INLINE void store(int type, void *y, int64_t at, int64_t n, const float *buffer) {
  if (type == 0) return;
  uint16_t *h = (uint16_t *)y + at;
  LANES for (int64_t i = 0; i < n; i++) h[i] = narrow(buffer[i]);
}
#endif
