#include "CPictures.h"

/* Vectors of eight where the processor has them, chosen when the program starts. */
/* The loader picks a clone before the thread sanitizer stands, whose checks the picking would then run into. */
#if defined(__x86_64__) && defined(__gnu_linux__) && !__has_feature(thread_sanitizer)
#define PER_CPU __attribute__((target_clones("arch=x86-64-v3", "default")))
#else
#define PER_CPU
#endif

PER_CPU static void add_bytes(float *restrict line, const uint8_t *restrict row, float weight, size_t count) {
  for (size_t i = 0; i < count; i++) line[i] += weight * (float)row[i];
}

PER_CPU static void add_floats(float *restrict line, const float *restrict row, float weight, size_t count) {
  for (size_t i = 0; i < count; i++) line[i] += weight * row[i];
}

static inline __attribute__((always_inline)) void across_with(
    size_t channels, const float *restrict line, cpictures_taps taps, float *restrict target) {
  for (size_t x = 0; x < taps.count; x++) {
    const float *place = line + (size_t)taps.first[x] * channels;
    float sums[3] = {0, 0, 0};
    for (int32_t tap = taps.starts[x]; tap < taps.starts[x + 1]; tap++, place += channels) {
      for (size_t c = 0; c < channels; c++) sums[c] += taps.weights[tap] * place[c];
    }
    for (size_t c = 0; c < channels; c++) target[x * channels + c] = sums[c];
  }
}

static void across(const float *line, size_t channels, cpictures_taps taps, float *target) {
  if (channels == 1) across_with(1, line, taps, target);
  else across_with(3, line, taps, target);
}

/* Rows are summed down into one line, which vectors do well, and that line is resampled across: only the rows that
   are kept pay for the scattered reads. */
#define RESIZE(add)                                                                                          \
  size_t count = width * channels;                                                                           \
  for (size_t y = 0; y < down.count; y++, target += across_taps.count * channels) {                          \
    for (size_t i = 0; i < count; i++) line[i] = 0;                                                          \
    for (int32_t tap = down.starts[y]; tap < down.starts[y + 1]; tap++)                                      \
      add(line, source + (size_t)(down.first[y] + tap - down.starts[y]) * count, down.weights[tap], count);  \
    across(line, channels, across_taps, target);                                                             \
  }

void cpictures_resize_bytes(
    const uint8_t *source, size_t width, size_t channels, cpictures_taps down, cpictures_taps across_taps,
    float *line, float *target) {
  RESIZE(add_bytes)
}

void cpictures_resize_floats(
    const float *source, size_t width, size_t channels, cpictures_taps down, cpictures_taps across_taps,
    float *line, float *target) {
  RESIZE(add_floats)
}

PER_CPU void cpictures_round(const float *restrict values, size_t count, uint8_t *restrict bytes) {
  for (size_t i = 0; i < count; i++) {
    float value = values[i] > 0 ? values[i] : 0;
    bytes[i] = (uint8_t)(int32_t)((value < 255 ? value : 255) + 0.5f);
  }
}
