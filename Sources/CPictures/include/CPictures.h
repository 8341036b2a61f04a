#pragma once
#include <stddef.h>
#include <stdint.h>

/* The source places and weights of every output place along one axis: output place i sums the source places from
   first[i] on with weights[starts[i]] to weights[starts[i + 1] - 1]. */
typedef struct {
  const int32_t *first;   /* [count] */
  const int32_t *starts;  /* [count + 1] */
  const float *weights;
  size_t count;
} cpictures_taps;

/* Resamples [height, width, channels] to [down.count, across.count, channels]; `line` has room for width * channels
   floats. */
void cpictures_resize_bytes(
    const uint8_t *source, size_t width, size_t channels, cpictures_taps down, cpictures_taps across, float *line,
    float *target);
void cpictures_resize_floats(
    const float *source, size_t width, size_t channels, cpictures_taps down, cpictures_taps across, float *line,
    float *target);

/* To the nearest byte, below 0 and above 255 to these. */
void cpictures_round(const float *values, size_t count, uint8_t *bytes);
