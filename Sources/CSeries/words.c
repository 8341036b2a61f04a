#include "CSeries.h"
#include "percpu.h"

/* Rounded after each step on every processor, so that the same word is read everywhere. */
#pragma STDC FP_CONTRACT OFF

enum { BLOCK = 256 };

PER_CPU void cseries_words(
    const float *series, size_t count, size_t dilation, size_t length, const float *patterns,
    const float *thresholds, size_t letters, float *counts) {
  for (size_t word = 0; word < (size_t)1 << letters; word++) counts[word] = 0;
  for (size_t start = 0; start < count; start += BLOCK) {
    size_t size = count - start < BLOCK ? count - start : BLOCK;
    int word[BLOCK];
    for (size_t i = 0; i < size; i++) word[i] = 0;
    for (size_t letter = 0; letter < letters; letter++) {
      float product[BLOCK];
      for (size_t i = 0; i < size; i++) product[i] = 0;
      for (size_t j = 0; j < length; j++) {
        const float *moved = series + start + j * dilation;
        float weight = patterns[letter * length + j];
        for (size_t i = 0; i < size; i++) product[i] += weight * moved[i];
      }
      int bit = 1 << letter;
      float threshold = thresholds[letter];
      for (size_t i = 0; i < size; i++) word[i] |= product[i] > threshold ? bit : 0;
    }
    for (size_t i = 0; i < size; i++) counts[word[i]] += 1;
  }
}
