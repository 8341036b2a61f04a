// The bytes of a DICOM file: on disk, or inflated in memory.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "CDICOM.h"

/// A refusal on its way to the caller; caught at every extern "C" function.
struct Fault {
  CDICOMStatus status;
  std::string reason;
  int64_t byte = -1;
};

class Source {
public:
  /// Opens a regular file. Throws Fault.
  explicit Source(const char *path);
  ~Source();
  Source(const Source &) = delete;
  Source &operator=(const Source &) = delete;

  uint64_t size() const { return size_; }
  bool inMemory() const { return fd_ < 0; }
  /// Offset for a message: none once the bytes are not those of the file.
  int64_t place(uint64_t offset) const { return inMemory() ? -1 : int64_t(offset); }

  /// Reads exactly `count` bytes or throws a truncated Fault.
  void read(uint64_t offset, void *out, size_t count) const;
  /// A view of up to a few kilobytes, or null where the file ends before; valid until the next call.
  const uint8_t *peek(uint64_t offset, size_t count);
  /// Replaces the content by what inflates (RFC 1951) from `offset` on, at most `limit` bytes.
  void inflate(uint64_t offset, uint64_t limit);

private:
  static constexpr size_t windowSize = 1 << 15;
  int fd_ = -1;
  uint64_t size_ = 0;
  std::vector<uint8_t> memory_, window_;
  uint64_t windowStart_ = 0;
};
