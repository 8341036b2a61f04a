#include "BaselineJPEG.h"

#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

struct errors {
  struct jpeg_error_mgr base;
  jmp_buf escape;
  BaselineResult *result;
};

static void leave(j_common_ptr info) {
  struct errors *errors = (struct errors *)info->err;
  char text[JMSG_LENGTH_MAX];
  errors->base.format_message(info, text);
  errors->result->code = 2;
  snprintf(errors->result->message, sizeof errors->result->message, "%.190s", text);
  longjmp(errors->escape, 1);
}

// A warning means that samples were made up; bytes between segments alone do no harm.
static void warn(j_common_ptr info, int level) {
  struct errors *errors = (struct errors *)info->err;
  if (level >= 0 || errors->base.msg_code == JWRN_EXTRANEOUS_DATA || errors->result->code != 0) return;
  char text[JMSG_LENGTH_MAX];
  errors->base.format_message(info, text);
  int early = errors->base.msg_code == JWRN_JPEG_EOF || errors->base.msg_code == JWRN_HIT_MARKER;
  errors->result->code = early ? 1 : 2;
  snprintf(errors->result->message, sizeof errors->result->message, "%.190s", text);
}

// A progressive frame of a few kilobytes may name thousands of scans, each as dear as a picture; real ones have
// about ten.
static void limitScans(j_common_ptr info) {
  struct errors *errors = (struct errors *)info->err;
  if (((j_decompress_ptr)info)->input_scan_number <= 200) return;
  errors->result->code = 2;
  snprintf(errors->result->message, sizeof errors->result->message, "it has more than 200 scans");
  longjmp(errors->escape, 1);
}

static void silent(j_common_ptr info) { (void)info; }

BaselineResult decodeBaselineJPEG(
  const uint8_t *bytes, size_t count, unsigned eighths, unsigned width, unsigned height, unsigned components,
  uint8_t *out) {
  BaselineResult result = {0, ""};
  struct jpeg_decompress_struct info;
  struct errors errors;
  struct jpeg_progress_mgr progress;
  memset(&progress, 0, sizeof progress);
  progress.progress_monitor = limitScans;
  memset(&info, 0, sizeof info);
  info.err = jpeg_std_error(&errors.base);
  errors.base.error_exit = leave;
  errors.base.emit_message = warn;
  errors.base.output_message = silent;
  errors.result = &result;
  if (setjmp(errors.escape)) {
    jpeg_destroy_decompress(&info);
    return result;
  }
  jpeg_create_decompress(&info);
  jpeg_mem_src(&info, bytes, count);
  jpeg_read_header(&info, TRUE);
  if ((unsigned)info.num_components == components) {
    J_COLOR_SPACE space = components == 1 ? JCS_GRAYSCALE : components == 3 ? JCS_YCbCr : JCS_UNKNOWN;
    info.jpeg_color_space = info.out_color_space = space;
    info.scale_num = eighths;
    info.scale_denom = 8;
    info.progress = &progress;
    jpeg_start_decompress(&info);
  }
  if ((unsigned)info.num_components != components || info.output_width != width || info.output_height != height) {
    result.code = 2;
    snprintf(result.message, sizeof result.message, "The codestream's size differs from its header's.");
    jpeg_destroy_decompress(&info);
    return result;
  }
  size_t stride = (size_t)width * components;
  while (info.output_scanline < height) {
    JSAMPROW row = out + stride * info.output_scanline;
    if (jpeg_read_scanlines(&info, &row, 1) == 0) break;
  }
  if (info.output_scanline < height && result.code == 0) result.code = 1;
  jpeg_destroy_decompress(&info); // not jpeg_finish: what follows the last row is of no interest
  return result;
}
