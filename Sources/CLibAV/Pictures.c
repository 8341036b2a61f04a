#include "CLibAVInternal.h"

#include <libavutil/imgutils.h>
#include <libavutil/pixdesc.h>
#include <string.h>

static bool is_grey(enum AVPixelFormat format) {
  const AVPixFmtDescriptor *known = libav.av_pix_fmt_desc_get(format);
  if (!known) return false;
  int colours = known->nb_components - (known->flags & AV_PIX_FMT_FLAG_ALPHA ? 1 : 0);
  return colours == 1 && !(known->flags & (AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_HWACCEL));
}

static bool has_alpha(enum AVPixelFormat format) {
  const AVPixFmtDescriptor *known = libav.av_pix_fmt_desc_get(format);
  return known && (known->flags & (AV_PIX_FMT_FLAG_ALPHA | AV_PIX_FMT_FLAG_PAL));
}

static bool is_key(const AVFrame *frame) {
#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(58, 7, 100)
  return frame->flags & AV_FRAME_FLAG_KEY;
#else
  return frame->key_frame;
#endif
}

int clibav_receive(CLibAVClip *clip, CLibAVFrame *frame) {
  clibav_forget_complaints();
  if (clip->stop && clip->stop(NULL)) return CLIBAV_CANCELLED;
  if (clip->waitingCount == CLIBAV_WAITING) return clibav_fail(clip, AVERROR(EINVAL));
  AVFrame *got = clip->waiting[clip->waitingCount];
  int error = libav.avcodec_receive_frame(clip->codec, got);
  if (error == AVERROR(EAGAIN)) return CLIBAV_HUNGRY;
  if (error == AVERROR_EOF) return CLIBAV_END;
  if (error < 0) return clibav_fail(clip, error);
  clip->waitingCount++;
  frame->presentation = got->pts == AV_NOPTS_VALUE ? CLIBAV_NO_TIME : got->pts;
  frame->estimate = got->best_effort_timestamp == AV_NOPTS_VALUE ? CLIBAV_NO_TIME : got->best_effort_timestamp;
  frame->width = got->width;
  frame->height = got->height;
  frame->channels = is_grey(got->format) ? 1 : 3;
  frame->key = is_key(got) || got->pict_type == AV_PICTURE_TYPE_I;
  frame->leansOnLater = got->pict_type == AV_PICTURE_TYPE_B;
  frame->damaged = got->decode_error_flags || (got->flags & AV_FRAME_FLAG_CORRUPT);
  const AVFrameSideData *matrix = libav.av_frame_get_side_data(got, AV_FRAME_DATA_DISPLAYMATRIX);
  frame->turn = matrix && matrix->size >= 9 * sizeof(int32_t)
                  ? clibav_turn_of_matrix((const int32_t *)matrix->data) : -1;
  if (frame->damaged)
    snprintf(clip->reason, sizeof clip->reason, "%s",
             clibav_complaint()[0] ? clibav_complaint() : "parts of the picture could not be decoded");
  return CLIBAV_OK;
}

void clibav_take(CLibAVClip *clip) {
  if (!clip->waitingCount) return;
  AVFrame *first = clip->waiting[0];
  clip->waitingCount--;
  memmove(clip->waiting, clip->waiting + 1, clip->waitingCount * sizeof clip->waiting[0]);
  clip->waiting[clip->waitingCount] = clip->frame;
  clip->frame = first;
  libav.av_frame_unref(clip->waiting[clip->waitingCount]);
}

void clibav_drop(CLibAVClip *clip) {
  if (clip->waitingCount) libav.av_frame_unref(clip->waiting[--clip->waitingCount]);
}

static int prepare_scaler(CLibAVClip *clip, int width, int height, enum AVPixelFormat target) {
  const AVFrame *frame = clip->frame;
  bool shrinks = width < frame->width || height < frame->height;
  bool grows = width > frame->width || height > frame->height;
  int flags = shrinks && !grows ? SWS_AREA : SWS_BICUBIC;
  clip->scaler = libav.sws_getCachedContext(
    clip->scaler, frame->width, frame->height, frame->format, width, height, target, flags, NULL, NULL, NULL);
  if (!clip->scaler) return AVERROR(EINVAL);
  int *inverse, *table, sourceRange, targetRange, brightness, contrast, saturation;
  if (libav.sws_getColorspaceDetails(clip->scaler, &inverse, &sourceRange, &table, &targetRange, &brightness, &contrast,
                               &saturation) < 0)
    return 0; // not a picture with luma and chroma: nothing to set
  int space = frame->colorspace == AVCOL_SPC_UNSPECIFIED || frame->colorspace == AVCOL_SPC_RGB ? SWS_CS_DEFAULT
                                                                                              : frame->colorspace;
  const char *name = libav.av_get_pix_fmt_name(frame->format);
  bool full = frame->color_range == AVCOL_RANGE_JPEG || (name && !strncmp(name, "yuvj", 4)) ||
              (frame->color_range == AVCOL_RANGE_UNSPECIFIED && is_grey(frame->format));
  libav.sws_setColorspaceDetails(
    clip->scaler, libav.sws_getCoefficients(space), full, libav.sws_getCoefficients(SWS_CS_DEFAULT), 1, brightness, contrast,
    saturation);
  return 0;
}

// Where the pixel of row `y`, column `x` of the turned picture stands in the untouched one.
typedef struct { ptrdiff_t origin, alongRow, alongColumn; } Walk;

static Walk walk_of(int turn, int width, int height, ptrdiff_t stride, ptrdiff_t pixel) {
  bool mirror = turn & 1;
  Walk walk;
  // Steps in the mirrored picture along its x and y.
  ptrdiff_t right = mirror ? -pixel : pixel, down = stride;
  ptrdiff_t topLeft = mirror ? (width - 1) * pixel : 0;
  switch (turn >> 1 & 3) {
  case 1: walk = (Walk){topLeft + (height - 1) * down, -down, right}; break;
  case 2: walk = (Walk){topLeft + (height - 1) * down + (width - 1) * right, -right, -down}; break;
  case 3: walk = (Walk){topLeft + (width - 1) * right, down, -right}; break;
  default: walk = (Walk){topLeft, right, down};
  }
  return walk;
}

int clibav_convert(CLibAVClip *clip, int width, int height, int turn, int channels, uint8_t *out) {
  clibav_forget_complaints();
  const AVFrame *frame = clip->frame;
  bool alpha = has_alpha(frame->format);
  enum AVPixelFormat target = alpha ? AV_PIX_FMT_RGBA : channels == 1 ? AV_PIX_FMT_GRAY8 : AV_PIX_FMT_RGB24;
  int pixel = alpha ? 4 : channels;
  int error = prepare_scaler(clip, width, height, target);
  if (error < 0) return clibav_fail(clip, error);
  // The scaler's vector code may write past the end of a row: rows get room and are copied out.
  ptrdiff_t stride = ((ptrdiff_t)width * pixel + 64 + 63) / 64 * 64;
  size_t needed = (size_t)stride * height + 64;
  if (needed > clip->pictureSize) {
    libav.av_free(clip->picture);
    clip->picture = libav.av_malloc(needed);
    clip->pictureSize = clip->picture ? needed : 0;
    if (!clip->picture) return clibav_fail(clip, AVERROR(ENOMEM));
  }
  uint8_t *planes[4] = {clip->picture};
  int strides[4] = {(int)stride};
  error = libav.sws_scale(
    clip->scaler, (const uint8_t *const *)frame->data, frame->linesize, 0, frame->height, planes, strides);
  if (error < 0) return clibav_fail(clip, error);
  bool sideways = turn >> 1 & 1;
  int rows = sideways ? width : height, columns = sideways ? height : width;
  Walk walk = walk_of(turn, width, height, stride, pixel);
  for (int y = 0; y < rows; y++) {
    const uint8_t *from = clip->picture + walk.origin + y * walk.alongColumn;
    if (!turn && !alpha) {
      memcpy(out, from, (size_t)columns * channels);
      out += (size_t)columns * channels;
      continue;
    }
    for (int x = 0; x < columns; x++, from += walk.alongRow, out += channels) {
      for (int c = 0; c < channels; c++) {
        int value = from[c];
        if (alpha) value = (value * from[3] + 255 * (255 - from[3]) + 127) / 255;
        out[c] = (uint8_t)value;
      }
    }
  }
  return CLIBAV_OK;
}
