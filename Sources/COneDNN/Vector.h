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

// Before a loop over rows padded to sixteens: whole vectors, nothing left over.
#define LANES16 _Pragma("clang loop vectorize(assume_safety) vectorize_width(16) interleave_count(1)")

// e^x: x = n ln2 + r, |r| <= ln2 / 2, a polynomial of least largest relative error (3e-9), scaled by 2^n in two
// steps so that results below the normal range come out as denormals and above it as infinity.
INLINE float fast_exp(float x) {
  float z = x < -104.0f ? -104.0f : x;
  z = z > 89.0f ? 89.0f : z;
  float shifted = z * 1.44269504f + 12582912.0f;
  int32_t n = (int32_t)(as_bits(shifted) - as_bits(12582912.0f));
  float k = shifted - 12582912.0f;
  float r = z - k * 0.693145752f;
  r = r - k * 1.42860677e-6f;
  float p = 1.38146112e-3f;
  p = p * r + 8.36871026e-3f;
  p = p * r + 4.16683874e-2f;
  p = p * r + 1.66665207e-1f;
  p = p * r + 0.499999935f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  int32_t half = n >> 1;
  float y = p * as_float((uint32_t)(half + 127) << 23) * as_float((uint32_t)(n - half + 127) << 23);
  return x == x ? y : x;
}

// e^x for x <= 0 with relative error 1e-7, and 0 below e^-87: softmax's.
INLINE float falling_exp(float x) {
  float z = x < -87.0f ? -87.0f : x;
  float shifted = z * 1.44269504f + 12582912.0f;
  float k = shifted - 12582912.0f;
  float r = z - k * 0.693145752f;
  r = r - k * 1.42860677e-6f;
  float p = 8.31252731e-3f;
  p = p * r + 4.18901179e-2f;
  p = p * r + 1.66671145e-1f;
  p = p * r + 0.499992318f;
  p = p * r + 1.0f;
  p = p * r + 1.0f;
  float y = p * as_float((as_bits(shifted) << 23) + (127u << 23));
  return x < -87.0f ? 0.0f : y;
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

// The normal distribution function Phi and gelu's slope Phi(x) + x phi(x) are 1/2 plus odd functions: x times a
// polynomial in x^2 (t runs over -1...1), fitted for the least largest error; beyond the range they are 0 or 1 to
// that error. Errors of gelu and slope: 6e-7 for f32, 8e-6 for bf16, whose own steps are coarser still.
INLINE float normal_f32(float x) {
  float z = x > 5.4f ? 5.4f : x;
  z = z < -5.4f ? -5.4f : z;
  float t = z * z * 0.0685871056f - 1.0f;
  float p = 0.000315629893f;
  p = p * t - 0.000962008771f;
  p = p * t + 0.0010993122f;
  p = p * t - 0.00137331429f;
  p = p * t + 0.00340801748f;
  p = p * t - 0.00651517569f;
  p = p * t + 0.00978677227f;
  p = p * t - 0.0140648393f;
  p = p * t + 0.0196087831f;
  p = p * t - 0.0257218258f;
  p = p * t + 0.0321210302f;
  p = p * t - 0.039209325f;
  p = p * t + 0.0484994018f;
  p = p * t - 0.0653279834f;
  p = p * t + 0.130928114f;
  float y = 0.5f + z * p;
  y = x > 5.4f ? 1.0f : y;
  return x < -5.4f ? 0.0f : y;
}
INLINE float normal_bf16(float x) {
  float z = x > 5.0f ? 5.0f : x;
  z = z < -5.0f ? -5.0f : z;
  float t = z * z * 0.08f - 1.0f;
  float p = 0.002277232f;
  p = p * t - 0.00627794937f;
  p = p * t + 0.00702136875f;
  p = p * t - 0.00832994439f;
  p = p * t + 0.0155478316f;
  p = p * t - 0.0242150918f;
  p = p * t + 0.0317441695f;
  p = p * t - 0.0403191844f;
  p = p * t + 0.0514880094f;
  p = p * t - 0.0703005178f;
  p = p * t + 0.141364302f;
  float y = 0.5f + z * p;
  y = x > 5.0f ? 1.0f : y;
  return x < -5.0f ? 0.0f : y;
}
INLINE float gelu_slope_f32(float x) {
  float z = x > 5.6f ? 5.6f : x;
  z = z < -5.6f ? -5.6f : z;
  float t = z * z * 0.0637755102f - 1.0f;
  float p = -0.00676886113f;
  p = p * t + 0.0162351949f;
  p = p * t - 0.00690533901f;
  p = p * t + 0.00184490503f;
  p = p * t - 0.0321604209f;
  p = p * t + 0.0575309625f;
  p = p * t - 0.0558834283f;
  p = p * t + 0.0600382064f;
  p = p * t - 0.0721655542f;
  p = p * t + 0.0732012779f;
  p = p * t - 0.0651848552f;
  p = p * t + 0.0565010771f;
  p = p * t - 0.050947228f;
  p = p * t + 0.0518161102f;
  p = p * t - 0.0642829045f;
  p = p * t + 0.126416583f;
  float y = 0.5f + z * p;
  y = x > 5.6f ? 1.0f : y;
  return x < -5.6f ? 0.0f : y;
}
INLINE float gelu_slope_bf16(float x) {
  float z = x > 5.2f ? 5.2f : x;
  z = z < -5.2f ? -5.2f : z;
  float t = z * z * 0.073964497f - 1.0f;
  float p = 0.0176078251f;
  p = p * t - 0.0397937461f;
  p = p * t + 0.0205910381f;
  p = p * t - 0.0122178026f;
  p = p * t + 0.0598423528f;
  p = p * t - 0.08950377f;
  p = p * t + 0.0800415773f;
  p = p * t - 0.0741599776f;
  p = p * t + 0.0718836318f;
  p = p * t - 0.0643236189f;
  p = p * t + 0.0606266089f;
  p = p * t - 0.0708506474f;
  p = p * t + 0.136411957f;
  float y = 0.5f + z * p;
  y = x > 5.2f ? 1.0f : y;
  return x < -5.2f ? 0.0f : y;
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
