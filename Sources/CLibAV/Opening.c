#include "CLibAVInternal.h"

#include <libavutil/avstring.h>
#include <libavutil/imgutils.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

// Containers that hold pictures in one file. Formats that open other files or addresses (playlists, image
// patterns, concat) and those that take any text for a picture are left out on purpose.
static const char containers[] =
  "mov,mp4,m4a,3gp,3g2,mj2,avi,mpeg,mpegts,mpegvideo,matroska,webm,gif,apng,ogg,flv,asf,dv,mxf,nut,ivf,rm,"
  "h264,hevc,m4v,mjpeg,yuv4mpegpipe,wtv,h263";

// Of these every packet carries its presentation time, so that libav need not decode frames to guess them.
static bool stores_times(const char *name) { return !strncmp(name, "mov,", 4) || !strncmp(name, "matroska", 8); }

static int open_container(CLibAVClip *clip) {
  if (!(clip->format = libav.avformat_alloc_context())) return AVERROR(ENOMEM);
  if (clip->stop) clip->format->interrupt_callback.callback = clip->stop;
  AVDictionary *options = NULL;
  libav.av_dict_set(&options, "format_whitelist", containers, 0);
  libav.av_dict_set(&options, "protocol_whitelist", "file", 0);
  int status = libav.avformat_open_input(&clip->format, clip->url, NULL, &options); // frees the context on failure
  libav.av_dict_free(&options);
  if (status < 0) return status;
  const char *name = clip->format->iformat->name;
  bool sized = false;
  for (unsigned i = 0; i < clip->format->nb_streams; i++) {
    AVCodecParameters *known = clip->format->streams[i]->codecpar;
    if (known->codec_type == AVMEDIA_TYPE_VIDEO && known->codec_id && known->width > 0 && known->height > 0)
      sized = true;
  }
  clip->info.explicitTimes = stores_times(name);
  if (!(sized && clip->info.explicitTimes)) {
    status = libav.avformat_find_stream_info(clip->format, NULL);
    if (status < 0) return status;
  }
  return 0;
}

// The best stream of pictures that is not a cover picture.
static int choose_stream(CLibAVClip *clip) {
  int best = -1;
  int64_t most = -1;
  for (unsigned i = 0; i < clip->format->nb_streams; i++) {
    AVStream *stream = clip->format->streams[i];
    stream->discard = AVDISCARD_ALL;
    if (stream->codecpar->codec_type != AVMEDIA_TYPE_VIDEO) continue;
    if (stream->disposition & (AV_DISPOSITION_ATTACHED_PIC | AV_DISPOSITION_TIMED_THUMBNAILS)) continue;
    int64_t pixels = (int64_t)stream->codecpar->width * stream->codecpar->height;
    if (stream->disposition & AV_DISPOSITION_DEFAULT) pixels += INT64_C(1) << 40;
    if (pixels > most) { most = pixels; best = (int)i; }
  }
  if (best >= 0) clip->format->streams[best]->discard = AVDISCARD_DEFAULT;
  return best;
}

int clibav_turn_of_matrix(const int32_t *matrix) {
  // Columns of the matrix are where the axes of the stored picture go; the nearest of the eight turns and
  // mirrors of a rectangle is taken.
  double a = matrix[0], b = matrix[1], c = matrix[3], d = matrix[4];
  bool mirrored = a * d - b * c < 0;
  if (mirrored) { a = -a; b = -b; }
  if (!(isfinite(a) && isfinite(b)) || (a == 0 && b == 0)) return 0;
  int quarters = (int)lround(atan2(b, a) / (M_PI / 2));
  return (mirrored ? 1 : 0) | (((quarters % 4) + 4) % 4) << 1;
}

static int stream_turn(const AVStream *stream) {
  const uint8_t *matrix = NULL;
  size_t size = 0;
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
  const AVPacketSideData *found = libav.av_packet_side_data_get(
    stream->codecpar->coded_side_data, stream->codecpar->nb_coded_side_data, AV_PKT_DATA_DISPLAYMATRIX);
  if (found) { matrix = found->data; size = found->size; }
#else
  matrix = libav.av_stream_get_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, &size);
#endif
  return matrix && size >= 9 * sizeof(int32_t) ? clibav_turn_of_matrix((const int32_t *)matrix) : 0;
}

static int64_t time_or_none(int64_t time) { return time == AV_NOPTS_VALUE ? CLIBAV_NO_TIME : time; }

static void describe(CLibAVClip *clip) {
  AVStream *stream = clip->format->streams[clip->stream];
  CLibAVInfo *info = &clip->info;
  info->width = stream->codecpar->width;
  info->height = stream->codecpar->height;
  info->timeBaseNumerator = stream->time_base.num;
  info->timeBaseDenominator = stream->time_base.den;
  AVRational rate = stream->avg_frame_rate.num > 0 ? stream->avg_frame_rate : stream->r_frame_rate;
  info->rateNumerator = rate.num;
  info->rateDenominator = rate.den;
  AVRational aspect = stream->sample_aspect_ratio.num ? stream->sample_aspect_ratio
                                                      : stream->codecpar->sample_aspect_ratio;
  info->aspectNumerator = aspect.num;
  info->aspectDenominator = aspect.den;
  info->declaredFrames = stream->nb_frames;
  info->start = time_or_none(stream->start_time);
  info->duration = time_or_none(stream->duration);
  info->turn = stream_turn(stream);
  const char *container = clip->format->iformat->name;
  const char *path = clip->url + strlen("file:");
  info->countIsBinding =
    !strncmp(container, "mov,", 4) || (!strcmp(container, "avi") && clibav_is_cut_riff(path, info->fileBytes));
  info->roundsTimes = !strncmp(container, "matroska", 8) || !strcmp(container, "flv");
  info->wholeFrames = !strcmp(container, "gif") ? clibav_whole_gif_images(path, info->fileBytes) : -1;
  switch (stream->codecpar->codec_id) {
  case AV_CODEC_ID_H264: case AV_CODEC_ID_HEVC: case AV_CODEC_ID_MPEG1VIDEO: case AV_CODEC_ID_MPEG2VIDEO:
    info->skippable = true;
    break;
  default: info->skippable = false;
  }
  snprintf(info->codec, sizeof info->codec, "%s", libav.avcodec_get_name(stream->codecpar->codec_id));
  snprintf(info->container, sizeof info->container, "%s", clip->format->iformat->name);
  const char *pixels = libav.av_get_pix_fmt_name(stream->codecpar->format);
  snprintf(info->pixels, sizeof info->pixels, "%s", pixels ? pixels : "");
}

static int open_codec(CLibAVClip *clip) {
  AVStream *stream = clip->format->streams[clip->stream];
  const AVCodec *codec = libav.avcodec_find_decoder(stream->codecpar->codec_id);
  if (!codec) return AVERROR_DECODER_NOT_FOUND;
  if (!(clip->codec = libav.avcodec_alloc_context3(codec))) return AVERROR(ENOMEM);
  int status = libav.avcodec_parameters_to_context(clip->codec, stream->codecpar);
  if (status < 0) return status;
  clip->codec->pkt_timebase = stream->time_base;
  clip->codec->thread_count = clip->threads;
  clip->codec->max_pixels = clip->maximumPixels;
  return libav.avcodec_open2(clip->codec, codec, NULL);
}

// Whether some container of ours recognises the beginning of the file: told apart for the reason only.
static bool recognised(const char *url) {
  AVIOContext *io = NULL;
  if (libav.avio_open(&io, url, AVIO_FLAG_READ) < 0) return false;
  const AVInputFormat *format = NULL;
  int score = libav.av_probe_input_buffer2(io, &format, "", NULL, 0, 1 << 16);
  libav.avio_closep(&io);
  return score >= AVPROBE_SCORE_EXTENSION && format && libav.av_match_name(format->name, containers);
}

int clibav_open(
  CLibAVClip **result, const char *path, int threads, int64_t maximumPixels, int (*stop)(void *)) {
  *result = NULL;
  if (clibav_load()) return CLIBAV_NO_LIBRARY;
  clibav_quiet();
  clibav_forget_complaints();
  CLibAVClip *clip = calloc(1, sizeof *clip);
  if (!clip) return CLIBAV_NO_MEMORY;
  *result = clip;
  clip->threads = threads;
  clip->maximumPixels = maximumPixels;
  clip->stop = stop;
  clip->keeping = true;
  struct stat status;
  if (stat(path, &status)) return clibav_fail(clip, AVERROR(errno));
  if (!S_ISREG(status.st_mode)) {
    snprintf(clip->reason, sizeof clip->reason, "it is not a plain file");
    return CLIBAV_NOT_FOUND;
  }
  clip->info.fileBytes = status.st_size;
  size_t room = strlen(path) + sizeof "file:";
  if (!(clip->url = malloc(room))) return CLIBAV_NO_MEMORY;
  snprintf(clip->url, room, "file:%s", path); // never another protocol, whatever the name looks like
  clip->packet = libav.av_packet_alloc();
  clip->frame = libav.av_frame_alloc();
  for (int i = 0; i < CLIBAV_WAITING; i++)
    if (!(clip->waiting[i] = libav.av_frame_alloc())) return clibav_fail(clip, AVERROR(ENOMEM));
  if (!clip->packet || !clip->frame) return clibav_fail(clip, AVERROR(ENOMEM));
  int error = open_container(clip);
  if (error < 0) {
    int kind = clibav_fail(clip, error);
    bool named = strstr(clip->reason, "moov atom not found") != NULL;
    if (named) return CLIBAV_SHORT;
    if ((kind == CLIBAV_MALFORMED || kind == CLIBAV_SHORT) && !recognised(clip->url)) return CLIBAV_UNKNOWN_FORMAT;
    return kind;
  }
  if ((clip->stream = choose_stream(clip)) < 0) {
    snprintf(clip->reason, sizeof clip->reason, "it holds no moving pictures");
    return CLIBAV_NO_PICTURES;
  }
  describe(clip);
  if (clip->info.width <= 0 || clip->info.height <= 0) {
    const char *complaint = clibav_complaint();
    snprintf(clip->reason, sizeof clip->reason, "%s", complaint[0] ? complaint : "no picture size could be found");
    return CLIBAV_MALFORMED;
  }
  if ((int64_t)clip->info.width * clip->info.height > maximumPixels) {
    snprintf(
      clip->reason, sizeof clip->reason, "a picture has %d x %d pixels", clip->info.width, clip->info.height);
    return CLIBAV_TOO_LARGE;
  }
  error = open_codec(clip);
  if (error == AVERROR_DECODER_NOT_FOUND) {
    snprintf(clip->reason, sizeof clip->reason, "there is no decoder for %s", clip->info.codec);
    return CLIBAV_NO_DECODER;
  }
  return error < 0 ? clibav_fail(clip, error) : CLIBAV_OK;
}

int clibav_rewind(CLibAVClip *clip) {
  clibav_forget_complaints();
  libav.avformat_close_input(&clip->format);
  int error = open_container(clip);
  if (error < 0) return clibav_fail(clip, error);
  if (choose_stream(clip) != clip->stream) return clibav_fail(clip, AVERROR_INVALIDDATA);
  return CLIBAV_OK;
}

void clibav_close(CLibAVClip *clip) {
  if (!clip) return;
  for (size_t i = 0; i < clip->keptCount; i++) libav.av_packet_free(&clip->kept[i]);
  free(clip->kept);
  free(clip->url);
  libav.av_free(clip->picture);
  libav.sws_freeContext(clip->scaler);
  libav.av_frame_free(&clip->frame);
  for (int i = 0; i < CLIBAV_WAITING; i++) libav.av_frame_free(&clip->waiting[i]);
  libav.av_packet_free(&clip->packet);
  libav.avcodec_free_context(&clip->codec);
  libav.avformat_close_input(&clip->format);
  free(clip);
}

const char *clibav_missing(void) { return clibav_load(); }

const CLibAVInfo *clibav_info(const CLibAVClip *clip) { return &clip->info; }

const char *clibav_reason(const CLibAVClip *clip) { return clip->reason; }
