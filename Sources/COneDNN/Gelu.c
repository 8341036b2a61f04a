#include "Elementwise.h"

#include "Functions.h"
#include "Rows.h"

// A feed-forward part's way back needs gelu and its slope at the same bf16 values: one pass for both, narrowed by the
// CPU's own instruction where it has one.
#if defined(__x86_64__) && defined(__linux__)
#include <immintrin.h>
#define BF16 __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,fma")))

enum { step = 256 };

BF16 static void both(int64_t n, const uint16_t *z, uint16_t *h, uint16_t *d) {
  float value[step], slope[step];
  for (int64_t at = 0; at < n; at += step) {
    int64_t some = n - at < step ? n - at : step;
    LANES16 for (int64_t i = 0; i < some; i++) {
      float v = widen(z[at + i]);
      value[i] = v * normal_bf16(v);
      slope[i] = widen(d[at + i]) * gelu_slope_bf16(v);
    }
    int64_t i = 0;
    for (; i + 16 <= some; i += 16) {
      _mm256_storeu_si256((__m256i *)(h + at + i), (__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(value + i)));
      _mm256_storeu_si256((__m256i *)(d + at + i), (__m256i)_mm512_cvtneps_pbh(_mm512_loadu_ps(slope + i)));
    }
    for (; i < some; i++) h[at + i] = narrow(value[i]), d[at + i] = narrow(slope[i]);
  }
}
#endif

void braid_gelu_both(int64_t n, const uint16_t *z, uint16_t *h, uint16_t *d) {
#if defined(__x86_64__) && defined(__linux__)
  if (braid_has_attention()) return both(n, z, h, d);
#endif
  braid_unary_backward(braid_gelu, 1, n, z, d, d);
  braid_unary(braid_gelu, 1, n, z, h);
}
