#ifndef BRAID_PRODUCTS_H
#define BRAID_PRODUCTS_H
#include <stdint.h>

/// c[i, j, m, n] (+)= activation(scale * sum over k of a[i, j, m, k] * b[i, j, k, n] + bias[n]).
/// Strides are in elements; a zero batch stride repeats one matrix. Rows of c are dense (column stride 1).
typedef struct {
  int64_t batch0, batch1, m, n, k;
  int64_t a0, a1, am, ak;
  int64_t b0, b1, bk, bn;
  int64_t c0, c1, cm;
  int32_t type_a, type_b, type_c, type_bias;
  int32_t has_bias, accumulate;
  int32_t activation;  // 0 none, 1 gelu (erf), 2 relu, 3 silu
  float scale;
  int32_t packed;  // 1: b is what braid_pack made of it, and its strides mean nothing
  int32_t unused;
} braid_matmul_t;

/// Convolution over [batch, height, width, channels]; weights are [outputs, kernel_h, kernel_w, channels / groups].
typedef struct {
  int64_t batch, height, width, channels;
  int64_t outputs, out_height, out_width;
  int64_t kernel_h, kernel_w, stride_h, stride_w, padding_h, padding_w, groups;
  int32_t type;          // of source, weights and destination
  int32_t type_weights;  // of the gradient of the weights
} braid_convolution_t;

/// Each returns 0, or oneDNN's status where the product could not be made.
/// braid_matmul with `packed` may return -1: these sizes do not go with packed weights.
int braid_matmul(const braid_matmul_t *d, const void *a, const void *b, const void *bias, void *c);
int braid_convolution(const braid_convolution_t *d, const void *x, const void *w, const void *bias, void *y);
int braid_convolution_data(const braid_convolution_t *d, const void *g, const void *w, void *dx);
int braid_convolution_weights(const braid_convolution_t *d, const void *g, const void *x, void *dw);

/// Weights [n, k] of a linear map, laid out once as products want them instead of at every use. The size is 0
/// where there is no such layout.
int64_t braid_packed_size(int32_t type, int64_t k, int64_t n);
int braid_pack(int32_t type_from, int32_t type, int64_t k, int64_t n, const void *w, void *packed);

/// 1 where the CPU multiplies bf16 in hardware and oneDNN uses it.
int braid_has_bf16(void);

/// Keeps oneDNN on the calling thread. Idempotent; the products call it themselves.
void braid_single_thread(void);
#endif
