#include "net/h2_client.h"

#include <algorithm>
#include <chrono>
#include <cstring>
#include <memory>
#include <utility>

namespace sentinel::net::testing {

struct H2Client::Callbacks {
  static H2Client& self(void* user) { return *static_cast<H2Client*>(user); }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                       const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) {
    self(user).answers_[frame->hd.stream_id].fields[{reinterpret_cast<const char*>(name), name_size}] = {
        reinterpret_cast<const char*>(value), value_size};
    return 0;
  }
  static int on_frame(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    if (frame->hd.type == NGHTTP2_HEADERS) ++self(user).answers_[frame->hd.stream_id].heads;
    if (frame->hd.type == NGHTTP2_GOAWAY) self(user).goaway_ = frame->goaway.error_code;
    if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) != 0 && frame->hd.type != NGHTTP2_SETTINGS &&
        frame->hd.type != NGHTTP2_PING)
      self(user).answers_[frame->hd.stream_id].closed = true;
    return 0;
  }
  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* data, std::size_t size, void* user) {
    self(user).answers_[id].body.append(reinterpret_cast<const char*>(data), size);
    return 0;
  }
  static int on_close(nghttp2_session*, std::int32_t id, std::uint32_t code, void* user) {
    self(user).answers_[id].closed = true;
    self(user).answers_[id].error = code;
    return 0;
  }
  static ssize_t upload(nghttp2_session*, std::int32_t id, std::uint8_t* to, std::size_t room, std::uint32_t* flags,
                        nghttp2_data_source*, void* user) {
    Upload& from = self(user).uploads_[id];
    const std::size_t size = std::min(room, from.body.size() - from.sent);
    if (size == 0 && !from.end) return NGHTTP2_ERR_DEFERRED;
    std::memcpy(to, from.body.data() + from.sent, size);
    from.sent += size;
    if (from.sent == from.body.size() && from.end) *flags |= NGHTTP2_DATA_FLAG_EOF;
    return static_cast<ssize_t>(size);
  }
};

H2Client::H2Client(std::uint16_t port) : client_(port) {
  nghttp2_session_callbacks* callbacks = nullptr;
  nghttp2_session_callbacks_new(&callbacks);
  nghttp2_session_callbacks_set_on_header_callback(callbacks, Callbacks::on_header);
  nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, Callbacks::on_frame);
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, Callbacks::on_data);
  nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, Callbacks::on_close);
  nghttp2_session_client_new(&session_, callbacks, this);
  nghttp2_session_callbacks_del(callbacks);
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, nullptr, 0);
}

H2Client::~H2Client() { nghttp2_session_del(session_); }

std::int32_t H2Client::request(const std::vector<Header>& fields, std::string body, bool end) {
  std::vector<nghttp2_nv> nva;
  for (const Header& field : fields)
    nva.push_back({reinterpret_cast<std::uint8_t*>(const_cast<char*>(field.name.data())),
                   reinterpret_cast<std::uint8_t*>(const_cast<char*>(field.value.data())), field.name.size(),
                   field.value.size(), NGHTTP2_NV_FLAG_NONE});
  nghttp2_data_provider provider{};
  provider.read_callback = Callbacks::upload;
  const bool has_body = !body.empty() || !end;
  const std::int32_t id =
      nghttp2_submit_request(session_, nullptr, nva.data(), nva.size(), has_body ? &provider : nullptr, nullptr);
  uploads_[id] = {std::move(body), 0, end};
  answers_[id];
  flush();
  return id;
}

void H2Client::cancel(std::int32_t id) {
  nghttp2_submit_rst_stream(session_, NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
  flush();
}

void H2Client::flush() {
  const std::uint8_t* data = nullptr;
  std::string out;
  for (ssize_t size; (size = nghttp2_session_mem_send(session_, &data)) > 0;)
    out.append(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
  client_.send(out);
}

bool H2Client::step(int limit_ms) {
  flush();
  std::string got = client_.read(1, limit_ms);
  got += client_.read(65536, 0);
  if (got.empty()) return false;
  return nghttp2_session_mem_recv(session_, reinterpret_cast<const std::uint8_t*>(got.data()), got.size()) >= 0;
}

H2Client::Answer H2Client::answer(std::int32_t id, int limit_ms) {
  while (!answers_[id].closed && step(limit_ms)) {
  }
  flush();
  return answers_[id];
}

std::int64_t H2Client::goaway(int limit_ms) {
  while (goaway_ < 0 && step(limit_ms)) {
  }
  return goaway_;
}

std::string frame(std::uint8_t type, std::uint8_t flags, std::uint32_t stream, std::string_view payload) {
  std::string out;
  for (int shift = 16; shift >= 0; shift -= 8) out += static_cast<char>(payload.size() >> shift);
  out += static_cast<char>(type);
  out += static_cast<char>(flags);
  for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(stream >> shift);
  out += payload;
  return out;
}

}  // namespace sentinel::net::testing
