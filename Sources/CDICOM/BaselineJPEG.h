// 8-bit JPEG by libjpeg-turbo. In C, since libjpeg leaves by longjmp.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  /// 0 decoded, 1 the codestream ends early, 2 it is damaged.
  int code;
  char message[200];
} BaselineResult;

/// Decodes at `eighths`/8 of the size into `out`, `width * height * components` bytes, without any colour
/// conversion.
BaselineResult decodeBaselineJPEG(
  const uint8_t *bytes, size_t count, unsigned eighths, unsigned width, unsigned height, unsigned components,
  uint8_t *out);

#ifdef __cplusplus
}
#endif
