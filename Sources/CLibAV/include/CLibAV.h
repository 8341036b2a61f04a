#ifndef BRAID_CLIBAV_H
#define BRAID_CLIBAV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// A thin layer over libavformat, libavcodec and libswscale: opens one clip, lists and feeds its packets by
// number and converts decoded frames to 8-bit pictures. Which packet is fed when is decided by the caller.
// Works with FFmpeg 5.1 (Debian 12) to 7. A clip belongs to one thread at a time.

typedef struct CLibAVClip CLibAVClip;

// Outcomes. Everything below zero is a failure; `clibav_reason` says why.
enum {
  CLIBAV_OK = 0,
  CLIBAV_END = 1,    // no more packets or frames
  CLIBAV_HUNGRY = 2, // the decoder wants another packet
  CLIBAV_NOT_FOUND = -1,
  CLIBAV_UNKNOWN_FORMAT = -2,
  CLIBAV_MALFORMED = -3,
  CLIBAV_NO_PICTURES = -4,
  CLIBAV_NO_DECODER = -5,
  CLIBAV_TOO_LARGE = -6,
  CLIBAV_NO_MEMORY = -7,
  CLIBAV_CANCELLED = -8,
  CLIBAV_SHORT = -9, // the file ends before its own index says
  CLIBAV_NO_LIBRARY = -10, // libav is not installed: `clibav_missing` says what
};

// As many frames may wait at once.
#define CLIBAV_WAITING 24
#define CLIBAV_NO_TIME INT64_MIN

// Flags of a packet.
enum {
  CLIBAV_KEY = 1,
  CLIBAV_DROPPED = 2, // decoded for others' sake, never shown (edit lists)
  CLIBAV_DAMAGED = 4,
};

typedef struct {
  int64_t presentation, decoding; // in units of the time base, or CLIBAV_NO_TIME
  int64_t duration;               // 0 where unknown
  int64_t position;               // byte offset in the file, or -1
  int32_t size;
  uint32_t flags;
} CLibAVPacket;

typedef struct {
  int32_t width, height; // as coded, before any turn
  int32_t timeBaseNumerator, timeBaseDenominator;
  int32_t rateNumerator, rateDenominator;     // average frames per second; 0/0 where unknown
  int32_t aspectNumerator, aspectDenominator; // of one sample; 0/1 where unknown
  int64_t declaredFrames;                     // by the container; 0 where it does not say
  int64_t wholeFrames; // of a file known to be cut inside a frame; -1 where not
  int64_t start, duration;                    // in units of the time base, or CLIBAV_NO_TIME
  int64_t fileBytes;
  // Turn to apply for display: bit 0 mirror left-right first, then bits 1 and 2 quarter turns clockwise.
  int32_t turn;
  bool explicitTimes;   // the container stores a presentation time for every frame
  bool roundsTimes;    // times are rounded to milliseconds, whatever the frame rate
  bool countIsBinding;  // fewer frames than declared mean that the file was cut
  bool skippable;       // frames that nothing refers to may be left out of decoding without any other effect
  char codec[32], container[64], pixels[32];
} CLibAVInfo;

typedef struct {
  int64_t presentation; // as the packet had it, or CLIBAV_NO_TIME
  int64_t estimate;     // the decoder's best guess, or CLIBAV_NO_TIME
  int32_t width, height, channels; // channels: 1 (grey) or 3 (RGB)
  int32_t turn;         // -1 where the frame itself says nothing
  bool key, damaged;
  bool leansOnLater; // decoded after, and from, a frame that is shown later
} CLibAVFrame;

// Opens the clip at `path`, always a plain file. `stop` is asked often and ends the work when it returns
// nonzero; it may be called only on the thread that calls into this library. On failure `*clip` is still to
// be closed (after its reason was read), unless it is null.
int clibav_open(
  CLibAVClip **clip, const char *path, int threads, int64_t maximumPixels, int (*stop)(void *));
void clibav_close(CLibAVClip *clip);
// What of libav is missing on this machine; null where all of it is there.
const char *clibav_missing(void);
const CLibAVInfo *clibav_info(const CLibAVClip *clip);
// What libav last complained about on this thread since the last call that began, or a plain word for the
// last failure.
const char *clibav_reason(const CLibAVClip *clip);

// Reads on by one packet of pictures. While all packets together stay within `keep` bytes they are kept for
// `clibav_feed_kept`; past that all are let go.
int clibav_scan(CLibAVClip *clip, int64_t keep, CLibAVPacket *packet);
// Whether every packet scanned so far is still held.
bool clibav_keeps(const CLibAVClip *clip);
// Opens the file anew at its first packet.
int clibav_rewind(CLibAVClip *clip);
// Asks the container to move to a key frame at or before `decoding`; the next packet read says where it is.
int clibav_seek(CLibAVClip *clip, int64_t decoding);
// Reads on by one packet and holds it for `clibav_feed_read`.
int clibav_read(CLibAVClip *clip, CLibAVPacket *packet);

// Frames are reordered by at least this depth, known from the packets.
void clibav_set_depth(CLibAVClip *clip, int depth);
// Hands a packet to the decoder, with `presentation` as its time where it has none of its own. `skip`: it need not
// be decoded where nothing refers to it.
int clibav_feed_kept(CLibAVClip *clip, size_t index, int64_t presentation, bool skip);
int clibav_feed_read(CLibAVClip *clip, int64_t presentation, bool skip);
// Tells the decoder that nothing follows.
int clibav_feed_end(CLibAVClip *clip);
// Appends the next frame in order of presentation to the line of waiting frames; CLIBAV_HUNGRY or CLIBAV_END
// where there is none.
int clibav_receive(CLibAVClip *clip, CLibAVFrame *frame);
// Takes the first waiting frame out of the line for `clibav_convert`.
void clibav_take(CLibAVClip *clip);
// Forgets the waiting frame that came last.
void clibav_drop(CLibAVClip *clip);
// Forgets everything fed so far.
void clibav_flush(CLibAVClip *clip);

// Writes the frame taken last, scaled to `width` x `height` and then turned, as rows of `channels` bytes a
// pixel without gaps. Transparent parts come out white.
int clibav_convert(CLibAVClip *clip, int width, int height, int turn, int channels, uint8_t *out);

#endif
