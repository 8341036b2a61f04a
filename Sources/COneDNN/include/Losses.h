#ifndef BRAID_LOSSES_H
#define BRAID_LOSSES_H
#include <stdint.h>

/// Each returns the weighted mean loss and, where `gradient` is not NULL, fills the loss's gradient by the
/// input. `weights` may be NULL for all 1; with a weight sum of 0 loss and gradient are 0.

/// -sum over classes of target ln softmax(logits), one weight a row.
float braid_cross_entropy(int64_t rows, int64_t classes, const float *logits, const float *targets,
                          const float *weights, float *gradient);
/// -(target ln s + (1 - target) ln(1 - s)) with s = sigmoid(logit), one weight an element.
float braid_binary_cross_entropy(int64_t n, const float *logits, const float *targets, const float *weights,
                                 float *gradient);
/// Huber (1964): half the squared error up to delta, beyond it delta (|error| - delta / 2).
float braid_huber(int64_t n, const float *x, const float *target, float delta, const float *weights,
                  float *gradient);
#endif
