#include "net/body_buffer.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>

namespace sentinel::net {
namespace {

// From this size on memory comes from the system page by page: it costs what is written to, grows without copying, and is given
// back at once when freed, which malloc does not promise.
constexpr std::size_t kMapped = 256 * 1024;
constexpr std::size_t kPage = 4096;

}  // namespace

BodyBuffer::~BodyBuffer() { release(); }

void BodyBuffer::release() {
  if (capacity_ >= kMapped) {
    munmap(data_, capacity_);
  } else {
    std::free(data_);
  }
  data_ = nullptr;
  size_ = capacity_ = 0;
}

void BodyBuffer::reserve(std::size_t capacity) {
  if (capacity <= capacity_) return;
  char* data;
  if (capacity < kMapped) {
    data = static_cast<char*>(std::realloc(data_, capacity));
    if (data == nullptr) throw std::bad_alloc();
  } else {
    capacity = (capacity + kPage - 1) / kPage * kPage;
    const bool grows = capacity_ >= kMapped;
    void* mapped = grows ? mremap(data_, capacity_, capacity, MREMAP_MAYMOVE)
                         : mmap(nullptr, capacity, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (mapped == MAP_FAILED) throw std::bad_alloc();
    data = static_cast<char*>(mapped);
    if (!grows) {
      if (size_ > 0) std::memcpy(data, data_, size_);
      std::free(data_);
    }
  }
  data_ = data;
  capacity_ = capacity;
}

void BodyBuffer::append(std::string_view more) {
  if (more.empty()) return;
  if (size_ + more.size() > capacity_) reserve(std::max(size_ + more.size(), capacity_ + capacity_ / 2));
  std::memcpy(data_ + size_, more.data(), more.size());
  size_ += more.size();
}

}  // namespace sentinel::net
