#include "ingest/byte_source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

namespace sentinel::ingest {

namespace {

using base::Error;
using base::Result;

constexpr std::size_t kMagicBytes = 4;
constexpr std::size_t kPackedBlock = std::size_t{128} << 10;

Error too_large(const std::string& name, std::uint64_t actual) {
  return {
      "input of " + std::to_string(actual) + " bytes or more exceeds the maximum of " + std::to_string(kInputCap) + " bytes",
      name, "split the capture into smaller files"};
}

Error unreadable(const std::string& name, int code) {
  return {std::string("cannot read input: ") + std::strerror(code), name, ""};
}

// A file descriptor; the first bytes may have been looked at already.
class FileSource final : public ByteSource {
 public:
  FileSource(std::string name, int fd, bool close_it) : ByteSource(std::move(name)), fd_(fd), close_it_(close_it) {}
  ~FileSource() override {
    if (close_it_) ::close(fd_);
  }

  Result<std::size_t> read(char* to, std::size_t room) override {
    if (ahead_ > 0) {
      const std::size_t n = std::min(ahead_, room);
      std::memcpy(to, first_.data() + (first_size_ - ahead_), n);
      ahead_ -= n;
      return n;
    }
    while (true) {
      const ssize_t n = ::read(fd_, to, room);
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno != EINTR) return unreadable(name(), errno);
    }
  }

  // The first bytes (fewer at the end of the input); read() gives them again.
  Result<std::string_view> magic() {
    while (first_size_ < kMagicBytes) {
      const ssize_t n = ::read(fd_, first_.data() + first_size_, kMagicBytes - first_size_);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return unreadable(name(), errno);
      if (n == 0) break;
      first_size_ += static_cast<std::size_t>(n);
    }
    ahead_ = first_size_;
    return std::string_view(first_.data(), first_size_);
  }

 private:
  int fd_;
  bool close_it_;
  std::array<char, kMagicBytes> first_{};
  std::size_t first_size_ = 0;
  std::size_t ahead_ = 0;
};

// Reads packed bytes for the two decompressors below.
class PackedSource : public ByteSource {
 protected:
  explicit PackedSource(std::unique_ptr<ByteSource> packed)
      : ByteSource(packed->name()), packed_(std::move(packed)), buffer_(kPackedBlock) {}

  // Reads the next packed block; false at its end.
  Result<bool> refill() {
    Result<std::size_t> n = packed_->read(buffer_.data(), buffer_.size());
    if (!n) return n.error();
    size_ = *n;
    return size_ > 0;
  }

  [[nodiscard]] Error corrupt(const char* kind, const char* cause) const {
    return {std::string("invalid ") + kind + " data: " + (cause != nullptr ? cause : "corrupt stream"), name(),
            "the file may be damaged"};
  }
  [[nodiscard]] Error cut(const char* kind) const {
    return {std::string(kind) + " data ends in the middle", name(), "the file is truncated"};
  }

  std::unique_ptr<ByteSource> packed_;
  std::vector<char> buffer_;
  std::size_t size_ = 0;
};

class GzipSource final : public PackedSource {
 public:
  explicit GzipSource(std::unique_ptr<ByteSource> packed) : PackedSource(std::move(packed)) {
    inflateInit2(&stream_, 15 + 16);  // 16: the gzip wrapper
  }
  ~GzipSource() override { inflateEnd(&stream_); }

  Result<std::size_t> read(char* to, std::size_t room) override {
    stream_.next_out = reinterpret_cast<Bytef*>(to);
    stream_.avail_out = static_cast<uInt>(room);
    while (stream_.avail_out == room) {
      if (stream_.avail_in == 0) {
        Result<bool> more = refill();
        if (!more) return more.error();
        if (!*more) {
          if (in_member_) return cut("gzip");
          return std::size_t{0};
        }
        stream_.next_in = reinterpret_cast<Bytef*>(buffer_.data());
        stream_.avail_in = static_cast<uInt>(size_);
      }
      if (!in_member_) inflateReset(&stream_);
      in_member_ = true;
      const int code = inflate(&stream_, Z_NO_FLUSH);
      if (code == Z_STREAM_END) {
        in_member_ = false;  // another member may follow
      } else if (code != Z_OK && code != Z_BUF_ERROR) {
        return corrupt("gzip", stream_.msg);
      }
    }
    return room - stream_.avail_out;
  }

 private:
  z_stream stream_{};
  bool in_member_ = true;
};

class ZstdSource final : public PackedSource {
 public:
  explicit ZstdSource(std::unique_ptr<ByteSource> packed) : PackedSource(std::move(packed)), stream_(ZSTD_createDStream()) {}
  ~ZstdSource() override { ZSTD_freeDStream(stream_); }

  Result<std::size_t> read(char* to, std::size_t room) override {
    ZSTD_outBuffer out{to, room, 0};
    while (out.pos == 0) {
      if (in_.pos == in_.size) {
        Result<bool> more = refill();
        if (!more) return more.error();
        if (!*more) {
          if (in_frame_) return cut("zstd");
          return std::size_t{0};
        }
        in_ = {buffer_.data(), size_, 0};
      }
      const std::size_t code = ZSTD_decompressStream(stream_, &out, &in_);
      if (ZSTD_isError(code) != 0) return corrupt("zstd", ZSTD_getErrorName(code));
      in_frame_ = code != 0;
    }
    return out.pos;
  }

 private:
  ZSTD_DStream* stream_;
  ZSTD_inBuffer in_{nullptr, 0, 0};
  bool in_frame_ = true;
};

// Refuses the byte after the cap. The name of a regular file is its path.
class CappedSource final : public ByteSource {
 public:
  CappedSource(std::unique_ptr<ByteSource> inner, bool regular_file)
      : ByteSource(inner->name()), inner_(std::move(inner)), regular_file_(regular_file) {}

  [[nodiscard]] bool repeatable() const override { return regular_file_; }
  [[nodiscard]] std::unique_ptr<ByteSource> again() const override {
    if (!regular_file_) return nullptr;
    Result<std::unique_ptr<ByteSource>> source = open_source(name().c_str());
    return source ? std::move(*source) : nullptr;
  }

  Result<std::size_t> read(char* to, std::size_t room) override {
    Result<std::size_t> n = inner_->read(to, room);
    if (!n) return n;
    total_ += *n;
    if (total_ > kInputCap) return too_large(name(), total_);
    return n;
  }

 private:
  std::unique_ptr<ByteSource> inner_;
  bool regular_file_;
  std::uint64_t total_ = 0;
};

class MemorySource final : public ByteSource {
 public:
  MemorySource(std::string_view bytes, std::string name) : ByteSource(std::move(name)), bytes_(bytes), left_(bytes) {}

  Result<std::size_t> read(char* to, std::size_t room) override {
    const std::size_t n = std::min(room, left_.size());
    std::memcpy(to, left_.data(), n);
    left_.remove_prefix(n);
    return n;
  }

  [[nodiscard]] bool repeatable() const override { return true; }
  [[nodiscard]] std::unique_ptr<ByteSource> again() const override { return memory_source(bytes_, name()); }

 private:
  std::string_view bytes_;
  std::string_view left_;
};

// Bytes that were read ahead, then the rest.
class ResumedSource final : public ByteSource {
 public:
  ResumedSource(std::string head, std::unique_ptr<ByteSource> rest)
      : ByteSource(rest->name()), head_(std::move(head)), rest_(std::move(rest)) {}

  Result<std::size_t> read(char* to, std::size_t room) override {
    if (given_ == head_.size()) return rest_->read(to, room);
    const std::size_t n = std::min(room, head_.size() - given_);
    std::memcpy(to, head_.data() + given_, n);
    given_ += n;
    return n;
  }

 private:
  std::string head_;
  std::size_t given_ = 0;
  std::unique_ptr<ByteSource> rest_;
};

}  // namespace

base::Result<std::unique_ptr<ByteSource>> open_source(const char* path) {
  const std::string name = path != nullptr ? path : "stdin";
  const int fd = path != nullptr ? ::open(path, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
  if (fd < 0) return unreadable(name, errno);
  auto file = std::make_unique<FileSource>(name, fd, path != nullptr);

  struct stat facts {};
  if (::fstat(fd, &facts) != 0) return unreadable(name, errno);
  if (S_ISDIR(facts.st_mode)) return unreadable(name, EISDIR);
  if (S_ISREG(facts.st_mode)) {
    if (static_cast<std::uint64_t>(facts.st_size) > kInputCap)
      return too_large(name, static_cast<std::uint64_t>(facts.st_size));
    ::posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
  }

  Result<std::string_view> magic = file->magic();
  if (!magic) return magic.error();
  std::unique_ptr<ByteSource> source;
  if (magic->starts_with("\x1f\x8b")) {
    source = std::make_unique<GzipSource>(std::move(file));
  } else if (magic->starts_with("\x28\xb5\x2f\xfd")) {
    source = std::make_unique<ZstdSource>(std::move(file));
  } else {
    source = std::move(file);
  }
  const bool regular_file = path != nullptr && S_ISREG(facts.st_mode);
  return std::unique_ptr<ByteSource>(std::make_unique<CappedSource>(std::move(source), regular_file));
}

std::unique_ptr<ByteSource> memory_source(std::string_view bytes, std::string name) {
  return std::make_unique<MemorySource>(bytes, std::move(name));
}

base::Result<std::string> read_head(ByteSource& source, std::size_t size) {
  std::string head(size, '\0');
  std::size_t filled = 0;
  while (filled < size) {
    Result<std::size_t> n = source.read(head.data() + filled, size - filled);
    if (!n) return n.error();
    if (*n == 0) break;
    filled += *n;
  }
  head.resize(filled);
  return head;
}

std::unique_ptr<ByteSource> resume(std::string head, std::unique_ptr<ByteSource> rest) {
  return std::make_unique<ResumedSource>(std::move(head), std::move(rest));
}

base::Result<std::string> read_all(ByteSource& source) {
  std::string all;
  constexpr std::size_t kStep = std::size_t{1} << 18;
  while (true) {
    const std::size_t size = all.size();
    all.resize(size + kStep);
    Result<std::size_t> n = source.read(all.data() + size, kStep);
    if (!n) return n.error();
    all.resize(size + *n);
    if (*n == 0) return all;
  }
}

}  // namespace sentinel::ingest
