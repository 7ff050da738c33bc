#include "net/gunzip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>

namespace sentinel::net {
namespace {

constexpr int kGzipWindow = 15 + 16;  // gzip framing only
constexpr std::size_t kFirstRoom = 64 << 10;

class Inflater {
 public:
  Inflater() { ready_ = inflateInit2(&stream_, kGzipWindow) == Z_OK; }
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  GunzipVerdict run(std::string_view packed, std::size_t cap, std::string* out) {
    if (!ready_ || packed.size() > std::numeric_limits<uInt>::max()) return GunzipVerdict::kBroken;
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream_.avail_in = static_cast<uInt>(packed.size());
    std::size_t done = 0;
    for (;;) {
      if (done == out->size()) out->resize(std::min(cap + 1, std::max(kFirstRoom, done * 2)));
      const std::size_t room = std::min<std::size_t>(out->size() - done, std::numeric_limits<uInt>::max());
      stream_.next_out = reinterpret_cast<Bytef*>(out->data() + done);
      stream_.avail_out = static_cast<uInt>(room);
      const int verdict = inflate(&stream_, Z_NO_FLUSH);
      done += room - stream_.avail_out;
      if (done > cap) return GunzipVerdict::kTooLarge;
      if (verdict == Z_STREAM_END) {
        if (stream_.avail_in == 0) break;
        if (inflateReset(&stream_) != Z_OK) return GunzipVerdict::kBroken;
      } else if (verdict != Z_OK) {
        return GunzipVerdict::kBroken;
      }
    }
    out->resize(done);
    return GunzipVerdict::kDone;
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

}  // namespace

GunzipVerdict gunzip(std::string_view packed, std::size_t cap, std::string* out) {
  out->clear();
  return Inflater().run(packed, cap, out);
}

}  // namespace sentinel::net
