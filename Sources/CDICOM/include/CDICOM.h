/// DICOM objects over DCMTK, libjpeg-turbo and OpenJPEG. No C++ exception leaves these functions.
#ifndef CDICOM_H
#define CDICOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// ---- Decoding --------------------------------------------------------------------------------------------

typedef enum {
  CDICOM_OK = 0,
  CDICOM_UNSUPPORTED,
  CDICOM_TRUNCATED,
  CDICOM_MALFORMED,
  CDICOM_TOO_LARGE,
  CDICOM_NOT_FOUND,
  CDICOM_UNKNOWN_FORMAT,
  /// A folder, a pipe or a device.
  CDICOM_NO_FILE,
} CDICOMStatus;

/// Why a call failed. `byte` is an offset in the file, or -1.
typedef struct {
  CDICOMStatus status;
  int64_t byte;
  char reason[400];
} CDICOMFault;

/// What the samples of a decoded frame mean. CDICOM_OTHER: a colour model without conversion here.
typedef enum {
  CDICOM_MONOCHROME1 = 0,
  CDICOM_MONOCHROME2,
  CDICOM_PALETTE,
  CDICOM_RGB,
  CDICOM_YBR_FULL,
  CDICOM_YBR_PARTIAL,
  CDICOM_OTHER,
} CDICOMColor;

typedef struct {
  /// As in the header.
  uint32_t rows, columns, frames;
  /// As handed out by cdicom_frame; smaller where a reduced scale is enough and the codec can give it.
  uint32_t outRows, outColumns;
  uint32_t samples;
  /// 1, 2, 4 or 8 bytes a sample as handed out.
  uint32_t sampleBytes;
  uint32_t bitsAllocated, bitsStored, highBit;
  bool isSigned, isFloat;
} CDICOMPicture;

typedef struct CDICOMFile CDICOMFile;

/// Opens a file and reads its attributes, not its pixels. NULL and `fault` on failure.
CDICOMFile *cdicom_open(const char *path, uint64_t maximumBytes, CDICOMFault *fault);
void cdicom_close(CDICOMFile *file);

/// True where the object has Pixel Data, Float Pixel Data or Double Float Pixel Data at its top level.
bool cdicom_has_pixels(const CDICOMFile *file);
/// UID of the transfer syntax; where the file names none, the uncompressed one it is encoded in.
const char *cdicom_transfer_syntax(const CDICOMFile *file);
/// UID of the SOP class, of the data set or else of the file meta information; may be empty.
const char *cdicom_sop_class(CDICOMFile *file);
/// DCMTK's name of a transfer syntax or SOP class UID, or NULL.
const char *cdicom_uid_name(const char *uid);

/// Value `index` of a text attribute as UTF-8 without padding, or NULL where it is missing or empty. Valid until
/// the next call with the same file. `tag` is 0xGGGGEEEE.
const char *cdicom_text(CDICOMFile *file, uint32_t tag, uint32_t index);
/// Numeric values of an attribute; returns their number (at most `maximum`), 0 where missing or no numbers.
/// With `sequence` != 0 the attribute is looked for in that functional group macro of `frame` (per-frame, then
/// shared) where the top level has none.
uint32_t cdicom_numbers(
  CDICOMFile *file, uint32_t tag, uint32_t sequence, uint32_t frame, double *values, uint32_t maximum);

/// Elements of odd groups at any depth, those that reserve blocks of them left out; PS3.5, 7.8.
uint32_t cdicom_private_elements(CDICOMFile *file);
/// Overlay planes with data of their own, (60xx,3000).
uint32_t cdicom_overlays(CDICOMFile *file);

/// A lookup table: `count` entries for the stored values from `first` on.
typedef struct {
  uint32_t count, bits;
  int32_t first;
  /// Owned by the caller: cdicom_free.
  uint16_t *entries;
} CDICOMTable;
/// The table at `descriptor` and `data` (or the segmented one at `segmented`, 0: none), at the top level or in
/// the first item of `sequence`. False where there is none or it is unusable.
bool cdicom_table(
  CDICOMFile *file, uint32_t sequence, uint32_t descriptor, uint32_t data, uint32_t segmented, bool isSigned,
  CDICOMTable *table);
void cdicom_free(void *memory);

/// Geometry and sample format, checked against `maximumPixels` a frame and against the bytes of the file.
/// `enoughSide`: the shorter side that will be enough, 0 for full size.
CDICOMStatus cdicom_picture(
  CDICOMFile *file, uint64_t maximumPixels, uint32_t enoughSide, CDICOMPicture *picture, CDICOMFault *fault);
/// Decodes frame `index` into `out`: stored values in row, column, sample order and host byte order;
/// `size` is outRows * outColumns * samples * sampleBytes. cdicom_picture has to succeed before.
CDICOMStatus cdicom_frame(
  CDICOMFile *file, uint32_t index, void *out, size_t size, CDICOMColor *color, CDICOMFault *fault);

#ifdef __cplusplus
}
#endif
#endif
