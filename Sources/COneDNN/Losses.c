#include "Losses.h"

#include "Functions.h"

static double weight_sum(int64_t n, const float *weights) {
  if (!weights) return (double)n;
  double s = 0;
  for (int64_t i = 0; i < n; i++) s += weights[i];
  return s;
}

KERNEL float braid_cross_entropy(int64_t rows, int64_t classes, const float *logits, const float *targets,
                                 const float *weights, float *gradient) {
  double all = weight_sum(rows, weights), loss = 0;
  for (int64_t r = 0; r < rows; r++) {
    const float *x = logits + r * classes, *t = targets + r * classes;
    float w = all != 0 ? (float)((weights ? weights[r] : 1) / all) : 0;
    float m = -INFINITY;
    for (int64_t i = 0; i < classes; i++) m = x[i] > m ? x[i] : m;
    double s = 0, mass = 0, dot = 0;
    for (int64_t i = 0; i < classes; i++) {
      s += fast_exp(x[i] - m);
      mass += t[i];
      // A class without probability counts for nothing, even where its logit is minus infinity.
      dot += t[i] == 0 ? 0 : t[i] * (x[i] - m);
    }
    if (w != 0) loss += w * (mass * log(s) - dot);
    if (!gradient) continue;
    float *d = gradient + r * classes, inverse = (float)(mass / s);
    for (int64_t i = 0; i < classes; i++) d[i] = w * (fast_exp(x[i] - m) * inverse - t[i]);
  }
  return (float)loss;
}

KERNEL float braid_binary_cross_entropy(int64_t n, const float *logits, const float *targets,
                                        const float *weights, float *gradient) {
  double all = weight_sum(n, weights), loss = 0;
  float inverse = all != 0 ? (float)(1 / all) : 0;
  for (int64_t i = 0; i < n; i++) {
    float w = weights ? weights[i] : 1;
    float each = fast_softplus(logits[i]) - logits[i] * targets[i];
    loss += w == 0 ? 0 : (double)(w * each);
    if (gradient) gradient[i] = w == 0 ? 0 : w * inverse * (fast_sigmoid(logits[i]) - targets[i]);
  }
  return all != 0 ? (float)(loss / all) : 0;
}

KERNEL float braid_huber(int64_t n, const float *x, const float *target, float delta, const float *weights,
                         float *gradient) {
  double all = weight_sum(n, weights), loss = 0;
  float inverse = all != 0 ? (float)(1 / all) : 0;
  for (int64_t i = 0; i < n; i++) {
    float w = weights ? weights[i] : 1, e = x[i] - target[i], a = fabsf(e);
    float each = a <= delta ? 0.5f * e * e : delta * (a - 0.5f * delta);
    loss += w == 0 ? 0 : (double)(w * each);
    float slope = a <= delta ? e : (e > 0 ? delta : -delta);
    if (gradient) gradient[i] = w == 0 ? 0 : w * inverse * slope;
  }
  return all != 0 ? (float)(loss / all) : 0;
}
