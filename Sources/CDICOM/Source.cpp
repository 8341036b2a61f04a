#include "Source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

Source::Source(const char *path) {
  struct stat info;
  if (stat(path, &info) != 0) {
    throw Fault{CDICOM_NOT_FOUND, std::string("The file cannot be opened: ") + strerror(errno) + "."};
  }
  // A pipe or a device could block for ever; a folder has no bytes.
  if (!S_ISREG(info.st_mode)) {
    throw Fault{CDICOM_NO_FILE, S_ISDIR(info.st_mode) ? "This is a folder, not a file."
                                                      : "This is no regular file but a pipe, socket or device."};
  }
  fd_ = open(path, O_RDONLY | O_CLOEXEC);
  if (fd_ < 0) throw Fault{CDICOM_NOT_FOUND, std::string("The file cannot be opened: ") + strerror(errno) + "."};
  size_ = uint64_t(info.st_size);
}

Source::~Source() {
  if (fd_ >= 0) close(fd_);
}

void Source::read(uint64_t offset, void *out, size_t count) const {
  if (offset > size_ || count > size_ - offset) {
    throw Fault{CDICOM_TRUNCATED, "The file ends before the data that its header promises.", place(size_)};
  }
  if (inMemory()) {
    memcpy(out, memory_.data() + offset, count);
    return;
  }
  auto *next = static_cast<uint8_t *>(out);
  while (count > 0) {
    ssize_t got = pread(fd_, next, count, off_t(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      throw Fault{CDICOM_TRUNCATED, std::string("The file cannot be read: ") + strerror(errno) + ".", place(offset)};
    }
    if (got == 0) throw Fault{CDICOM_TRUNCATED, "The file became shorter while it was read.", place(offset)};
    next += got;
    offset += uint64_t(got);
    count -= size_t(got);
  }
}

const uint8_t *Source::peek(uint64_t offset, size_t count) {
  if (offset > size_ || count > size_ - offset) return nullptr;
  if (inMemory()) return memory_.data() + offset;
  if (offset < windowStart_ || offset + count > windowStart_ + window_.size()) {
    size_t length = size_t(std::min<uint64_t>(size_ - offset, std::max(windowSize, count)));
    window_.resize(length);
    read(offset, window_.data(), length);
    windowStart_ = offset;
  }
  return window_.data() + (offset - windowStart_);
}

void Source::inflate(uint64_t offset, uint64_t limit) {
  std::vector<uint8_t> packed(size_t(size_ - offset)), plain;
  read(offset, packed.data(), packed.size());
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw Fault{CDICOM_MALFORMED, "zlib could not be started."};
  struct End {
    z_stream *stream;
    ~End() { inflateEnd(stream); }
  } end{&stream};

  size_t given = 0;
  int code = Z_OK;
  while (code != Z_STREAM_END) {
    if (stream.avail_in == 0 && given < packed.size()) {
      size_t part = std::min<size_t>(packed.size() - given, 1 << 30);
      stream.next_in = packed.data() + given;
      stream.avail_in = uInt(part);
      given += part;
    }
    size_t before = plain.size();
    if (before >= limit) throw Fault{CDICOM_TOO_LARGE, "The deflated data set is larger than is taken into memory."};
    plain.resize(before + std::min<size_t>(std::max<size_t>(before, 1 << 16), 1 << 26));
    stream.next_out = plain.data() + before;
    stream.avail_out = uInt(plain.size() - before);
    code = ::inflate(&stream, Z_NO_FLUSH);
    plain.resize(plain.size() - stream.avail_out);
    if (code == Z_BUF_ERROR || (code == Z_OK && plain.size() == before)) {
      throw Fault{CDICOM_TRUNCATED, "The deflated data set ends early."};
    }
    if (code != Z_OK && code != Z_STREAM_END) {
      throw Fault{CDICOM_MALFORMED, "The deflated data set is damaged.", int64_t(offset)};
    }
  }
  close(fd_);
  fd_ = -1;
  memory_ = std::move(plain);
  size_ = memory_.size();
  window_.clear();
}
