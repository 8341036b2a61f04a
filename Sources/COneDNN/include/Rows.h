#ifndef BRAID_ROWS_H
#define BRAID_ROWS_H
#include <stdint.h>

/// Each works on `rows` rows of `width` elements.

/// Row-wise softmax, or its logarithm.
void braid_softmax(int type, int logarithm, int64_t rows, int64_t width, const void *x, void *y);
void braid_softmax_backward(int type, int logarithm, int64_t rows, int64_t width, const void *y, const void *g,
                            void *dx);

/// Softmax over scores [batch, heads, queries, keys] in place. `mask` [batch, keys] may be NULL; keys with 0 get
/// weight 0, and so do keys after the query's own place where `causal`; a row without keys becomes 0.
void braid_attention_softmax(int type, int64_t batch, int64_t heads, int64_t queries, int64_t keys,
                             const float *mask, int causal, void *scores);
/// d = scale p (d - sum(d p)), in place of the gradient of the weights.
void braid_attention_softmax_backward(int type, int64_t rows, int64_t width, const void *p, float scale, void *d);

/// Scaled dot-product attention of q [batch, queries, heads * depth] to k and v [batch, keys, heads * depth], masked as
/// above; products are of bf16 whatever `type` is. 1 when done; 0 where the CPU does not multiply bf16: nothing is
/// written then.
int braid_attention(int type, int64_t batch, int64_t heads, int64_t queries, int64_t keys, int64_t depth,
                    const void *q, const void *k, const void *v, const float *mask, int causal, void *y);
int braid_has_attention(void);

/// (x - mean) / sqrt(variance + epsilon) * weight + bias; `statistics` gets mean and 1 / deviation of each row.
void braid_layer_norm(int type, int64_t rows, int64_t width, const void *x, const float *weight, const float *bias,
                      float epsilon, void *y, float *statistics);
/// dx may be NULL; with `adding` it is added to. dweight and dbias (both or neither) are zeroed and filled.
void braid_layer_norm_backward(int type, int64_t rows, int64_t width, const void *x, const float *weight,
                               const float *statistics, const void *g, void *dx, int adding, float *dweight,
                               float *dbias);

/// x / max(|x|, epsilon); `norms` gets each row's divisor, negative where it is epsilon.
void braid_l2_normalize(int type, int64_t rows, int64_t width, const void *x, float epsilon, void *y, float *norms);
void braid_l2_normalize_backward(int type, int64_t rows, int64_t width, const void *y, const float *norms,
                                 const void *g, void *dx);

/// y[b, w] = sum over t of x[b, t, w] mask[b, t] / sum of mask[b]; 0 where that sum is 0.
void braid_masked_mean(int type, int64_t batch, int64_t tokens, int64_t width, const void *x, const float *mask,
                       void *y);
void braid_masked_mean_backward(int type, int64_t batch, int64_t tokens, int64_t width, const void *g,
                                const float *mask, void *dx);

/// sums[j] (+)= sum over rows of x[row, j].
void braid_sum_rows(int type, int64_t rows, int64_t width, const void *x, int accumulate, float *sums);
#endif
