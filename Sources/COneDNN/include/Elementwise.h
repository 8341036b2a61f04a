#ifndef BRAID_ELEMENTWISE_H
#define BRAID_ELEMENTWISE_H
#include <stdint.h>

enum {
  braid_gelu = 1, braid_relu, braid_silu, braid_sigmoid, braid_tanh, braid_exp, braid_log, braid_softplus,
  braid_square, braid_sqrt, braid_quick_gelu
};
/// y = f(x).
void braid_unary(int op, int type, int64_t n, const void *x, void *y);
/// dx = g f'(x), from the input x or, for relu, sigmoid, tanh, exp and sqrt, from the output in `x`'s place.
/// dx may be g.
void braid_unary_backward(int op, int type, int64_t n, const void *x, const void *g, void *dx);
/// h = gelu(z) and d = d gelu'(z), all bf16, in one pass; h may be z.
void braid_gelu_both(int64_t n, const uint16_t *z, uint16_t *h, uint16_t *d);

/// y = scale x + shift.
void braid_affine(int type, int64_t n, const void *x, float scale, float shift, void *y);
/// y += x, where x may be of another type.
void braid_add_into(int type_y, int type_x, int64_t n, const void *x, void *y);
void braid_convert(int from, int to, int64_t n, const void *x, void *y);

enum { braid_add = 0, braid_subtract, braid_multiply, braid_divide };
/// y[index] = a[...] op b[...] with an element stride for each axis (0 repeats); rank is at least 1.
void braid_binary(int op, int type, int rank, const int64_t *sizes, const int64_t *strides_a,
                  const int64_t *strides_b, const void *a, const void *b, void *y);
/// y (+)= x summed over the axes whose stride in y is 0; y is f32 and is zeroed first.
void braid_reduce(int type, int rank, const int64_t *sizes, const int64_t *strides_y, const void *x, float scale,
                  float *y, int64_t count_y);

/// Keeps each element with probability 1 - rate, scaled by 1 / (1 - rate); the same seed drops the same elements.
void braid_dropout(int type, int64_t n, const void *x, float rate, uint64_t seed, void *y);
#endif
