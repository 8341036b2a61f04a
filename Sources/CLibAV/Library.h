#ifndef BRAID_CLIBAV_LIBRARY_H
#define BRAID_CLIBAV_LIBRARY_H

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/avstring.h>
#include <libavutil/pixdesc.h>
#include <libswscale/swscale.h>
#include <stdbool.h>

// libav brings about 140 shared libraries with it, which takes longer to load than most commands run; so it is
// opened with the first clip. Every function of it that this layer calls stands here, by its library.
#define CLIBAV_UTIL(X) \
  X(av_dict_free) X(av_dict_set) X(av_frame_alloc) X(av_frame_free) X(av_frame_get_side_data) X(av_frame_unref) \
  X(av_free) X(av_get_pix_fmt_name) X(av_log_set_callback) X(av_malloc) X(av_match_name) X(av_pix_fmt_desc_get) \
  X(av_strerror)
#define CLIBAV_CODEC(X) \
  X(av_packet_alloc) X(av_packet_free) X(av_packet_make_refcounted) X(av_packet_move_ref) X(av_packet_unref) \
  X(avcodec_alloc_context3) X(avcodec_find_decoder) X(avcodec_flush_buffers) X(avcodec_free_context) \
  X(avcodec_get_name) X(avcodec_open2) X(avcodec_parameters_to_context) X(avcodec_receive_frame) \
  X(avcodec_send_packet)
#define CLIBAV_FORMAT(X) \
  X(av_probe_input_buffer2) X(av_read_frame) X(av_seek_frame) X(avformat_alloc_context) X(avformat_close_input) \
  X(avformat_find_stream_info) X(avformat_open_input) X(avio_closep) X(avio_open)
#define CLIBAV_SCALE(X) \
  X(sws_freeContext) X(sws_getCachedContext) X(sws_getCoefficients) X(sws_getColorspaceDetails) X(sws_scale) \
  X(sws_setColorspaceDetails)
// Side data of a stream moved from one library to another.
#if LIBAVFORMAT_VERSION_INT >= AV_VERSION_INT(60, 15, 100)
#define CLIBAV_SIDE_CODEC(X) X(av_packet_side_data_get)
#define CLIBAV_SIDE_FORMAT(X)
#else
#define CLIBAV_SIDE_CODEC(X)
#define CLIBAV_SIDE_FORMAT(X) X(av_stream_get_side_data)
#endif

typedef struct {
#define CLIBAV_POINTER(name) __typeof__(name) *name;
  CLIBAV_UTIL(CLIBAV_POINTER)
  CLIBAV_CODEC(CLIBAV_POINTER)
  CLIBAV_SIDE_CODEC(CLIBAV_POINTER)
  CLIBAV_FORMAT(CLIBAV_POINTER)
  CLIBAV_SIDE_FORMAT(CLIBAV_POINTER)
  CLIBAV_SCALE(CLIBAV_POINTER)
#undef CLIBAV_POINTER
} CLibAVLibrary;

// Filled by the first call of `clibav_load` that succeeds, and never changed after.
extern CLibAVLibrary libav;

// Opens the libraries of the version that this was built with, once a process. Null where they are there,
// otherwise what is missing.
const char *clibav_load(void);

#endif
