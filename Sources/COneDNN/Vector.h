// Inline pieces of the kernels: written so that the compiler turns loops over them into vector code for each
// CPU named in KERNEL. No reassociation here: the rounding trick in fast_exp depends on the order.
#ifndef BRAID_VECTOR_H
#define BRAID_VECTOR_H
#include <math.h>
#include <stdint.h>
#include <string.h>

#if defined(__x86_64__) && defined(__linux__)
#define KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define KERNEL
#endif
#define INLINE static inline __attribute__((always_inline))

// Before a loop whose pointers are either apart or the same: each element is read before it is written, so the
// compiler need not check for overlap (and would fall back to one element at a time where they are the same).
#define LANES _Pragma("clang loop vectorize(assume_safety)")

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

// e^x: x = n ln2 + r, |r| <= ln2 / 2, Taylor to r^7 (remainder below half an ulp), scaled by 2^n in two steps
// so that results below the normal range come out as denormals and above it as infinity.
INLINE float fast_exp(float x) {
  float z = x < -104.0f ? -104.0f : x;
  z = z > 89.0f ? 89.0f : z;
  float shifted = z * 1.44269504f + 12582912.0f;
  int32_t n = (int32_t)(as_bits(shifted) - as_bits(12582912.0f));
  float k = shifted - 12582912.0f;
  float r = z - k * 0.693145752f;
  r = r - k * 1.42860677e-6f;
  float p = 1.98412698e-4f;
  p = p * r + 1.38888889e-3f;
  p = p * r + 8.33333333e-3f;
  p = p * r + 4.16666667e-2f;
  p = p * r + 1.66666667e-1f;
  p = p * r + 0.5f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  int32_t half = n >> 1;
  float y = p * as_float((uint32_t)(half + 127) << 23) * as_float((uint32_t)(n - half + 127) << 23);
  return x == x ? y : x;
}

// ln x for x >= 0: mantissa m in [sqrt(1/2), sqrt(2)), ln m = 2 atanh((m - 1) / (m + 1)).
INLINE float fast_log(float x) {
  float scale = x < 1.17549435e-38f ? 8388608.0f : 1.0f;
  float shift = x < 1.17549435e-38f ? 23.0f : 0.0f;
  uint32_t u = as_bits(x * scale) - 0x3f3504f3u;
  float e = (float)((int32_t)u >> 23) - shift;
  float m = as_float((u & 0x007fffffu) + 0x3f3504f3u);
  float f = m - 1.0f;
  float s = f / (m + 1.0f);
  float q = s * s;
  float p = 0.22222222f * 0.5f;
  p = p * q + 0.14285714f;
  p = p * q + 0.2f;
  p = p * q + 0.33333333f;
  // ln m = 2s + 2s q p and 2s = f - s f, so f stands alone and keeps its precision near 1.
  float h = 2.0f * q * p - f;
  float y = e * 0.693147182f + (f + (s * h - e * 1.90465421e-9f));
  y = x == INFINITY ? x : y;
  y = x == 0.0f ? -INFINITY : y;
  return x >= 0.0f ? y : NAN;
}

INLINE float fast_sigmoid(float x) { return 1.0f / (1.0f + fast_exp(-x)); }

// ln(1 + u) for u in [0, 1]; the quotient restores what 1 + u rounded away.
INLINE float fast_log1p(float u) {
  float w = 1.0f + u;
  float d = w - 1.0f;
  return d == 0.0f ? u : fast_log(w) * (u / d);
}
INLINE float fast_softplus(float x) { return (x > 0.0f ? x : 0.0f) + fast_log1p(fast_exp(-fabsf(x))); }

INLINE float fast_tanh(float x) {
  float a = fabsf(x), q = x * x;
  float big = 1.0f - 2.0f / (fast_exp(2.0f * a) + 1.0f);
  float p = 2.18694885e-2f;
  p = p * q - 5.39682540e-2f;
  p = p * q + 1.33333333e-1f;
  p = p * q - 3.33333333e-1f;
  float small = a + a * q * p;
  float y = a < 0.3f ? small : big;
  return as_float(as_bits(y) | (as_bits(x) & 0x80000000u));
}

// The normal distribution's tail and density: Abramowitz and Stegun 7.1.26 (|error of erf| < 1.5e-7), whose
// exponential is the density's own.
INLINE void normal(float x, float *cumulative, float *density) {
  float a = fabsf(x) * 0.707106781f;
  float t = 1.0f / (1.0f + 0.3275911f * a);
  float e = fast_exp(-a * a);
  float p = 1.061405429f;
  p = p * t - 1.453152027f;
  p = p * t + 1.421413741f;
  p = p * t - 0.284496736f;
  p = p * t + 0.254829592f;
  float tail = 0.5f * p * t * e;
  *cumulative = x < 0.0f ? tail : 1.0f - tail;
  *density = 0.398942280f * e;
}
INLINE float fast_gelu(float x) {
  float c, d;
  normal(x, &c, &d);
  return x * c;
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
