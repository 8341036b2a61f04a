#ifndef BRAID_INTEGERS_H
#define BRAID_INTEGERS_H
#include <stdint.h>

/// A linear map with weights of 8 bits: row o of the weights is scales[o] times integers, laid out as braid_int8_prepare
/// left them; sums[o] is the sum of those integers.
typedef struct {
  int64_t inputs, outputs;
  const void *packed;
  const float *scales, *sums;
  const float *bias;  // NULL for none
} braid_int8_map;

/// Bytes of the packed weights; 0 where oneDNN has no such product here.
int64_t braid_int8_size(int64_t inputs, int64_t outputs);
/// Rounds weights [outputs, inputs] to integers (`integers`, of the same shape) and a scale an output, and packs them.
/// Returns 0, or oneDNN's status.
int braid_int8_prepare(int64_t inputs, int64_t outputs, const float *weights, int8_t *integers, void *packed,
                       float *scales, float *sums);
/// The largest integer that weights are rounded to: 127, or 63 where the CPU adds pairs of products in 16 bits.
int braid_int8_limit(void);

/// y[i] = activation(x w[i] + bias) for `count` maps of the same input [rows, inputs]; `residual` (of y[0]'s shape, may
/// be NULL or y[0]) is added to the first. Rows of x are rounded to 8 bits, each with a scale and an offset of its own.
/// Returns 0, or oneDNN's status.
int braid_int8_linear(int count, const braid_int8_map *maps, int64_t rows, const float *x, int activation,
                      const float *residual, void *const *y);
/// y = contract(activation(expand(x))) + residual, what lies between the two maps being kept in 8 bits only.
int braid_int8_feed_forward(const braid_int8_map *expand, const braid_int8_map *contract, int64_t rows, const float *x,
                            int activation, const float *residual, float *y);
#endif
