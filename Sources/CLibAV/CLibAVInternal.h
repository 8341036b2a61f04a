#ifndef BRAID_CLIBAV_INTERNAL_H
#define BRAID_CLIBAV_INTERNAL_H

#include "CLibAV.h"
#include "Library.h"

struct CLibAVClip {
  AVFormatContext *format;
  AVCodecContext *codec;
  AVPacket *packet;
  AVFrame *frame; // taken out of the line
  AVFrame *waiting[CLIBAV_WAITING];
  int waitingCount;
  AVPacket **kept;
  size_t keptCount, keptRoom;
  int64_t keptBytes;
  bool keeping;
  int stream;
  int threads;
  int64_t maximumPixels;
  int (*stop)(void *);
  char *url;
  struct SwsContext *scaler;
  uint8_t *picture; // scaled, before the turn
  size_t pictureSize;
  CLibAVInfo info;
  char reason[256];
};

// Collects libav's complaints of this thread instead of printing them.
void clibav_quiet(void);
void clibav_forget_complaints(void);
const char *clibav_complaint(void);

// Translates libav's error into ours and notes the reason.
int clibav_fail(CLibAVClip *clip, int error);

// The turn that a 3x3 display matrix asks for, as in CLibAVInfo.
int clibav_turn_of_matrix(const int32_t *matrix);

// Whether a RIFF file ends before the size in its first chunk.
bool clibav_is_cut_riff(const char *path, int64_t bytes);
// The number of whole images in a GIF that ends inside a block; -1 where it does not.
int64_t clibav_whole_gif_images(const char *path, int64_t bytes);

#endif
