// The bytes of one body: grows without initialising what it adds, moves cheaply, and is reused by the loop that filled it.
//
// Not for several threads at once; throws std::bad_alloc when there is no memory left. size() bytes hold data; capacity() bytes
// may be written after reserve().
#pragma once

#include <cstddef>
#include <cstdlib>
#include <string_view>
#include <utility>

namespace sentinel::net {

class BodyBuffer {
 public:
  BodyBuffer() = default;
  BodyBuffer(BodyBuffer&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)),
        size_(std::exchange(other.size_, 0)),
        capacity_(std::exchange(other.capacity_, 0)) {}
  BodyBuffer& operator=(BodyBuffer&& other) noexcept {  // swaps
    std::swap(data_, other.data_);
    std::swap(size_, other.size_);
    std::swap(capacity_, other.capacity_);
    return *this;
  }
  ~BodyBuffer();

  [[nodiscard]] char* data() { return data_; }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t capacity() const { return capacity_; }
  [[nodiscard]] std::string_view view() const { return {data_, size_}; }

  // Frees everything.
  void release();
  // Room for `capacity` bytes in all; what is held stays.
  void reserve(std::size_t capacity);
  // `more` bytes at the end, growing at least by half.
  void append(std::string_view more);
  // Precondition: size <= capacity().
  void set_size(std::size_t size) { size_ = size; }
  void clear() { size_ = 0; }

 private:
  char* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t capacity_ = 0;
};

}  // namespace sentinel::net
