#include "CLibAVInternal.h"

#include <stdlib.h>
#include <string.h>

static int64_t time_or_none(int64_t time) { return time == AV_NOPTS_VALUE ? CLIBAV_NO_TIME : time; }

int clibav_read(CLibAVClip *clip, CLibAVPacket *packet) {
  clibav_forget_complaints();
  for (;;) {
    if (clip->stop && clip->stop(NULL)) return CLIBAV_CANCELLED;
    libav.av_packet_unref(clip->packet);
    int error = libav.av_read_frame(clip->format, clip->packet);
    if (error == AVERROR(EAGAIN)) continue;
    if (error == AVERROR_EOF) {
      // Matroska's reader tells a cut from an end only in the log.
      if (strstr(clibav_complaint(), "prematurely")) return clibav_fail(clip, AVERROR_EOF);
      if (clip->format->pb && clip->format->pb->error < 0 && clip->format->pb->error != AVERROR_EOF)
        return clibav_fail(clip, clip->format->pb->error);
      return CLIBAV_END;
    }
    if (error < 0) return clibav_fail(clip, error);
    if (clip->packet->stream_index == clip->stream) break;
  }
  AVPacket *read = clip->packet;
  packet->presentation = time_or_none(read->pts);
  packet->decoding = time_or_none(read->dts);
  packet->duration = read->duration > 0 ? read->duration : 0;
  packet->position = read->pos;
  packet->size = read->size;
  packet->flags = (read->flags & AV_PKT_FLAG_KEY ? CLIBAV_KEY : 0) |
                  (read->flags & AV_PKT_FLAG_DISCARD ? CLIBAV_DROPPED : 0) |
                  (read->flags & AV_PKT_FLAG_CORRUPT ? CLIBAV_DAMAGED : 0);
  return CLIBAV_OK;
}

static void let_go(CLibAVClip *clip) {
  for (size_t i = 0; i < clip->keptCount; i++) libav.av_packet_free(&clip->kept[i]);
  clip->keptCount = 0;
  clip->keeping = false;
}

int clibav_scan(CLibAVClip *clip, int64_t keep, CLibAVPacket *packet) {
  int status = clibav_read(clip, packet);
  if (status != CLIBAV_OK || !clip->keeping) return status;
  // Each packet costs its bytes and a few hundred more for its frame.
  clip->keptBytes += packet->size + 512;
  if (clip->keptBytes > keep) {
    let_go(clip);
    return CLIBAV_OK;
  }
  if (clip->keptCount == clip->keptRoom) {
    size_t room = clip->keptRoom ? clip->keptRoom * 2 : 256;
    AVPacket **more = realloc(clip->kept, room * sizeof *more);
    if (!more) return clibav_fail(clip, AVERROR(ENOMEM));
    clip->kept = more;
    clip->keptRoom = room;
  }
  AVPacket *copy = libav.av_packet_alloc();
  if (!copy) return clibav_fail(clip, AVERROR(ENOMEM));
  libav.av_packet_move_ref(copy, clip->packet);
  int error = libav.av_packet_make_refcounted(copy);
  if (error < 0) {
    libav.av_packet_free(&copy);
    return clibav_fail(clip, error);
  }
  clip->kept[clip->keptCount++] = copy;
  return CLIBAV_OK;
}

bool clibav_keeps(const CLibAVClip *clip) { return clip->keeping; }

int clibav_seek(CLibAVClip *clip, int64_t decoding) {
  clibav_forget_complaints();
  int error = libav.av_seek_frame(clip->format, clip->stream, decoding, AVSEEK_FLAG_BACKWARD);
  return error < 0 ? clibav_fail(clip, error) : CLIBAV_OK;
}

void clibav_set_depth(CLibAVClip *clip, int depth) {
  if (depth > clip->codec->has_b_frames && depth <= 16) clip->codec->has_b_frames = depth;
}

static int feed(CLibAVClip *clip, AVPacket *packet, int64_t presentation, bool skip) {
  clibav_forget_complaints();
  if (clip->stop && clip->stop(NULL)) return CLIBAV_CANCELLED;
  if (packet && packet->pts == AV_NOPTS_VALUE && presentation != CLIBAV_NO_TIME) packet->pts = presentation;
  clip->codec->skip_frame = skip ? AVDISCARD_NONREF : AVDISCARD_DEFAULT;
  int error = libav.avcodec_send_packet(clip->codec, packet);
  return error < 0 ? clibav_fail(clip, error) : CLIBAV_OK;
}

int clibav_feed_kept(CLibAVClip *clip, size_t index, int64_t presentation, bool skip) {
  if (index >= clip->keptCount) return clibav_fail(clip, AVERROR(EINVAL));
  return feed(clip, clip->kept[index], presentation, skip);
}

int clibav_feed_read(CLibAVClip *clip, int64_t presentation, bool skip) {
  return feed(clip, clip->packet, presentation, skip);
}

int clibav_feed_end(CLibAVClip *clip) { return feed(clip, NULL, CLIBAV_NO_TIME, false); }

void clibav_flush(CLibAVClip *clip) {
  libav.av_frame_unref(clip->frame);
  while (clip->waitingCount) clibav_drop(clip);
  libav.avcodec_flush_buffers(clip->codec);
}
