#include "Integers.h"

#include <string.h>

#include "Elementwise.h"
#include "Functions.h"
#include "Memory.h"
#include "Primitives.h"
#include "Products.h"

// Rows worked on together: their sums (64 by 768 of 32 bits are 200 KB) stay in the second cache, and oneDNN's
// product is as quick with 64 rows as with thousands.
enum { block = 64 };

typedef struct {
  int64_t rows, inputs, outputs;
} product_size;

static dnnl_status_t describe(const product_size *d, dnnl_memory_desc_t *a, dnnl_memory_desc_t *b,
                              dnnl_memory_desc_t *c, dnnl_primitive_desc_t *pd) {
  dnnl_dims_t na = {d->rows, d->inputs}, nb = {d->inputs, d->outputs}, nc = {d->rows, d->outputs};
  dnnl_memory_desc_t any;
  dnnl_matmul_desc_t op;
  dnnl_status_t s;
  if ((s = dnnl_memory_desc_init_by_tag(a, 2, na, dnnl_u8, dnnl_ab))) return s;
  if ((s = dnnl_memory_desc_init_by_tag(&any, 2, nb, dnnl_s8, dnnl_format_tag_any))) return s;
  if ((s = dnnl_memory_desc_init_by_tag(c, 2, nc, dnnl_s32, dnnl_ab))) return s;
  // The layout must not vary with the rows, so it is asked for one number of them and then stated.
  if (b->ndims == 0) {
    if ((s = dnnl_matmul_desc_init(&op, a, &any, NULL, c))) return s;
  } else if ((s = dnnl_matmul_desc_init(&op, a, b, NULL, c))) {
    return s;
  }
  if ((s = dnnl_primitive_desc_create(pd, &op, NULL, braid_engine(), NULL))) return s;
  if (b->ndims == 0) *b = *dnnl_primitive_desc_query_md(*pd, dnnl_query_weights_md, 0);
  return dnnl_success;
}

static dnnl_status_t layout(int64_t inputs, int64_t outputs, dnnl_memory_desc_t *b) {
  product_size d = {block, inputs, outputs};
  dnnl_memory_desc_t a, c;
  dnnl_primitive_desc_t pd = NULL;
  memset(b, 0, sizeof *b);
  dnnl_status_t s = describe(&d, &a, b, &c, &pd);
  if (pd) dnnl_primitive_desc_destroy(pd);
  return s;
}

static dnnl_status_t multiply(const product_size *d, const uint8_t *x, const void *packed, int32_t *sums) {
  braid_primitive *p = braid_find(d, sizeof *d, 'i');
  if (!p) return dnnl_out_of_memory;
  if (!p->primitive) {
    dnnl_memory_desc_t a, b, c;
    dnnl_primitive_desc_t pd = NULL;
    dnnl_status_t s = layout(d->inputs, d->outputs, &b);
    if (!s) s = describe(d, &a, &b, &c, &pd);
    if (!s) s = dnnl_primitive_create(&p->primitive, pd);
    if (!s) s = braid_add_memory(p, DNNL_ARG_SRC, &a);
    if (!s) s = braid_add_memory(p, DNNL_ARG_WEIGHTS, &b);
    if (!s) s = braid_add_memory(p, DNNL_ARG_DST, &c);
    if (pd) dnnl_primitive_desc_destroy(pd);
    if (s) {
      braid_forget(p);
      return s;
    }
  }
  void *data[3] = {(void *)x, (void *)packed, sums};
  return braid_run(p, data);
}

int braid_int8_limit(void) {
#if defined(__x86_64__)
  // Without VNNI two products of 8 bits are added in 16 bits, which hold 2 * 255 * 63.
  dnnl_cpu_isa_t isa = dnnl_get_effective_cpu_isa();
  return (isa & dnnl_cpu_isa_avx512_core_vnni) == dnnl_cpu_isa_avx512_core_vnni ||
                 (isa & dnnl_cpu_isa_avx2_vnni) == dnnl_cpu_isa_avx2_vnni
             ? 127
             : 63;
#else
  return 127;
#endif
}

int64_t braid_int8_size(int64_t inputs, int64_t outputs) {
  dnnl_memory_desc_t b;
  return layout(inputs, outputs, &b) ? 0 : (int64_t)dnnl_memory_desc_get_size(&b);
}

int braid_int8_prepare(int64_t inputs, int64_t outputs, const float *weights, int8_t *integers, void *packed,
                       float *scales, float *sums) {
  float limit = (float)braid_int8_limit();
  for (int64_t o = 0; o < outputs; o++) {
    const float *w = weights + o * inputs;
    float most = 0, sum = 0;
    for (int64_t i = 0; i < inputs; i++) most = fabsf(w[i]) > most ? fabsf(w[i]) : most;
    scales[o] = most / limit;
    for (int64_t i = 0; i < inputs; i++) {
      float q = most > 0 ? nearbyintf(w[i] * (limit / most)) : 0.0f;
      integers[o * inputs + i] = (int8_t)(q > limit ? limit : q < -limit ? -limit : q);
      sum += (float)integers[o * inputs + i];
    }
    sums[o] = sum;
  }
  dnnl_memory_desc_t plain, b;
  dnnl_dims_t sizes = {inputs, outputs};
  dnnl_status_t s = layout(inputs, outputs, &b);
  if (!s) s = dnnl_memory_desc_init_by_tag(&plain, 2, sizes, dnnl_s8, dnnl_ba);
  return s ? s : braid_reorder(&plain, integers, &b, packed);
}

// What a row's integers stand for: x = scale q + low. A row with a number that is none, or an infinite one, gets a
// scale that is none, so that its results are noticed.
typedef struct {
  float scale, low;
} grid;

INLINE grid round_row(int64_t n, const float *x, uint8_t *q) {
  lanes least = (lanes){0} + INFINITY, most = -least, odd = {0};
  float lo = INFINITY, hi = -INFINITY, strange = 0;
  int64_t i = 0;
  for (; i + 16 <= n; i += 16) {
    least = __builtin_elementwise_min(least, AT(x + i));
    most = __builtin_elementwise_max(most, AT(x + i));
    odd += AT(x + i) * 0.0f;
  }
  for (; i < n; i++) {
    lo = x[i] < lo ? x[i] : lo;
    hi = x[i] > hi ? x[i] : hi;
    strange += x[i] * 0.0f;
  }
  least = -least;
  lo = __builtin_elementwise_min(lo, -FOLD_MAX(least));
  hi = __builtin_elementwise_max(hi, FOLD_MAX(most));
  strange += FOLD_SUM(odd);
  if (strange != 0.0f) {
    memset(q, 0, (size_t)n);
    return (grid){strange, 0};
  }
  float range = hi - lo;
  if (!(range >= 1e-30f)) {
    memset(q, 0, (size_t)n);
    return (grid){0, lo};
  }
  float inverse = 255.0f / range;
  // Adding 2^23 leaves the rounded number in the lowest bits of the sum.
  LANES for (int64_t j = 0; j < n; j++) q[j] = (uint8_t)as_bits((x[j] - lo) * inverse + 8388608.0f);
  return (grid){range / 255.0f, lo};
}

KERNEL static void round_rows(int64_t rows, int64_t n, const float *x, uint8_t *q, grid *grids) {
  for (int64_t r = 0; r < rows; r++) grids[r] = round_row(n, x + r * n, q + r * n);
}

// One row of 32-bit sums made into numbers.
INLINE void finish_row(const braid_int8_map *w, const int32_t *sums, grid g, int activation, const float *residual,
                       float *y) {
  const float *scales = w->scales, *whole = w->sums, *bias = w->bias;
  int64_t n = w->outputs;
  float s = g.scale, low = g.low;
  if (bias) {
    LANES for (int64_t i = 0; i < n; i++) y[i] = ((float)sums[i] * s + whole[i] * low) * scales[i] + bias[i];
  } else {
    LANES for (int64_t i = 0; i < n; i++) y[i] = ((float)sums[i] * s + whole[i] * low) * scales[i];
  }
  // The coarse gelu errs by less than 1e-5, far below a step of 8 bits.
  if (activation == braid_gelu) {
    LANES for (int64_t i = 0; i < n; i++) y[i] = y[i] * normal_bf16(y[i]);
  } else if (activation == braid_relu) {
    LANES for (int64_t i = 0; i < n; i++) y[i] = y[i] < 0.0f ? 0.0f : y[i];
  } else if (activation == braid_silu) {
    LANES for (int64_t i = 0; i < n; i++) y[i] = y[i] * fast_sigmoid(y[i]);
  } else if (activation == braid_quick_gelu) {
    LANES for (int64_t i = 0; i < n; i++) y[i] = y[i] * fast_sigmoid(1.702f * y[i]);
  }
  if (residual) LANES for (int64_t i = 0; i < n; i++) y[i] += residual[i];
}

KERNEL static void finish(const braid_int8_map *w, int64_t rows, const int32_t *sums, const grid *grids, int activation,
                          const float *residual, float *y) {
  int64_t n = w->outputs;
  // The residual may be y itself: a row is made beside it first.
  float *row = residual ? braid_allocate((size_t)n * 4) : NULL;
  for (int64_t r = 0; r < rows; r++) {
    if (residual) {
      finish_row(w, sums + r * n, grids[r], activation, residual + r * n, row);
      memcpy(y + r * n, row, (size_t)n * 4);
    } else {
      finish_row(w, sums + r * n, grids[r], activation, NULL, y + r * n);
    }
  }
  braid_release(row);
}

// As `finish`, rounded again for the next map.
KERNEL static void finish_rounded(const braid_int8_map *w, int64_t rows, const int32_t *sums, int activation,
                                  float *row, uint8_t *q, grid *grids) {
  int64_t n = w->outputs;
  for (int64_t r = 0; r < rows; r++) {
    finish_row(w, sums + r * n, grids[r], activation, NULL, row);
    grids[r] = round_row(n, row, q + r * n);
  }
}

int braid_int8_linear(int count, const braid_int8_map *maps, int64_t rows, const float *x, int activation,
                      const float *residual, void *const *y) {
  int64_t inputs = maps[0].inputs, widest = 0;
  for (int m = 0; m < count; m++) widest = maps[m].outputs > widest ? maps[m].outputs : widest;
  uint8_t *q = braid_allocate((size_t)(block * inputs));
  int32_t *sums = braid_allocate((size_t)(block * widest) * 4);
  grid grids[block];
  dnnl_status_t s = q && sums ? dnnl_success : dnnl_out_of_memory;
  for (int64_t at = 0; at < rows && !s; at += block) {
    int64_t some = rows - at < block ? rows - at : block;
    round_rows(some, inputs, x + at * inputs, q, grids);
    for (int m = 0; m < count && !s; m++) {
      int64_t n = maps[m].outputs;
      product_size d = {some, inputs, n};
      if ((s = multiply(&d, q, maps[m].packed, sums))) break;
      finish(&maps[m], some, sums, grids, activation, m == 0 && residual ? residual + at * n : NULL, (float *)y[m] + at * n);
    }
  }
  braid_release(q);
  braid_release(sums);
  return s;
}

int braid_int8_feed_forward(const braid_int8_map *expand, const braid_int8_map *contract, int64_t rows, const float *x,
                            int activation, const float *residual, float *y) {
  int64_t width = expand->inputs, hidden = expand->outputs, outputs = contract->outputs;
  int64_t widest = hidden > outputs ? hidden : outputs;
  uint8_t *q = braid_allocate((size_t)(block * (width + hidden)));
  int32_t *sums = braid_allocate((size_t)(block * widest + hidden) * 4);
  grid grids[block];
  dnnl_status_t s = q && sums ? dnnl_success : dnnl_out_of_memory;
  for (int64_t at = 0; at < rows && !s; at += block) {
    int64_t some = rows - at < block ? rows - at : block;
    uint8_t *inner = q + block * width;
    round_rows(some, width, x + at * width, q, grids);
    product_size up = {some, width, hidden}, down = {some, hidden, outputs};
    if ((s = multiply(&up, q, expand->packed, sums))) break;
    finish_rounded(expand, some, sums, activation, (float *)(sums + block * widest), inner, grids);
    if ((s = multiply(&down, inner, contract->packed, sums))) break;
    finish(contract, some, sums, grids, 0, residual ? residual + at * outputs : NULL, y + at * outputs);
  }
  braid_release(q);
  braid_release(sums);
  return s;
}
