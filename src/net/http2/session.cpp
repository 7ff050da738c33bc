#include "net/http2/session.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <utility>

#include "net/http2/stream.h"
#include "net/request_target.h"

namespace sentinel::net::http2 {
namespace {

constexpr std::uint32_t kHttpStreams = 200;
constexpr std::uint32_t kGrpcStreams = 256;
constexpr std::uint32_t kFrameSize = 16'384;  // without its head
constexpr std::size_t kFieldOverhead = 32;    // RFC 9113 §6.5.2
constexpr Millis kResetWindowMs = 10'000;
constexpr std::size_t kHeadReserve = 512;

std::string_view text(const std::uint8_t* bytes, std::size_t size) { return {reinterpret_cast<const char*>(bytes), size}; }

}  // namespace

void FieldList::add(std::string_view name, std::string_view value, std::uint8_t flags) {
  // Only read by nghttp2.
  auto* name_bytes = reinterpret_cast<std::uint8_t*>(const_cast<char*>(name.data()));
  auto* value_bytes = reinterpret_cast<std::uint8_t*>(const_cast<char*>(value.data()));
  const nghttp2_nv field{name_bytes, value_bytes, name.size(), value.size(), flags};
  if (size_ < few_.size()) {
    few_[size_++] = field;
    return;
  }
  if (more_.empty()) more_.assign(few_.begin(), few_.end());
  more_.push_back(field);
}

// nghttp2's memory. A session asks at once for a block of 16 KB in which it makes its frames. It is done with a frame when it
// has been asked for its bytes, and these are copied before another session's turn comes: so all sessions of a loop share one
// block, without which an idle connection costs twice as much. Every other piece is malloc's.
struct Session::Memory {
  static const Session& of(void* user) { return *static_cast<const Session*>(user); }

  static void* allocate(std::size_t size, void* user) {
    const bool for_frames = size >= kFrameSize && size <= Loop::Core::kFrameBytes && of(user).opening_;
    return for_frames ? of(user).frames_ : std::malloc(size);
  }
  static void release(void* block, void* user) {
    if (block != of(user).frames_) std::free(block);
  }
  static void* allocate_zeros(std::size_t count, std::size_t size, void*) { return std::calloc(count, size); }
  static void* reallocate(void* block, std::size_t size, void* user) {
    if (block == nullptr) return allocate(size, user);
    if (block != of(user).frames_) return std::realloc(block, size);
    void* own = std::malloc(size);
    if (own != nullptr) std::memcpy(own, block, std::min(size, Loop::Core::kFrameBytes));
    return own;
  }
};

// nghttp2's callbacks, each handing over to the session or the stream.
struct Session::Callbacks {
  static Session& self(void* user) { return *static_cast<Session*>(user); }
  static int on_begin_frame(nghttp2_session*, const nghttp2_frame_hd* frame, void* user) {
    return self(user).begin_frame(*frame);
  }

  static int on_begin_headers(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    if (frame->hd.type == NGHTTP2_HEADERS && frame->headers.cat == NGHTTP2_HCAT_REQUEST)
      self(user).begin_request(frame->hd.stream_id);
    return 0;
  }

  static int on_header(nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
                       const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* user) {
    Stream* to = self(user).find(frame->hd.stream_id);
    if (to != nullptr && !to->head_done) self(user).add_field(*to, text(name, name_size), text(value, value_size));
    return 0;
  }

  static int on_frame_recv(nghttp2_session*, const nghttp2_frame* frame, void* user) {
    return self(user).frame_received(*frame);
  }

  static int on_data(nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* data, std::size_t size, void* user) {
    if (Stream* to = self(user).find(id); to != nullptr && !to->answered()) to->on_data(text(data, size));
    return 0;
  }

  static int on_stream_close(nghttp2_session*, std::int32_t id, std::uint32_t, void* user) {
    if (Stream* gone = self(user).find(id); gone != nullptr) self(user).stream_closed(*gone);
    return 0;
  }

  // The answer is out while the client still sends: it is told to stop.
  static int on_frame_send(nghttp2_session* session, const nghttp2_frame* frame, void* user) {
    if ((frame->hd.flags & NGHTTP2_FLAG_END_STREAM) == 0) return 0;
    if (frame->hd.type != NGHTTP2_HEADERS && frame->hd.type != NGHTTP2_DATA) return 0;
    const Stream* of = self(user).find(frame->hd.stream_id);
    if (of != nullptr && !of->client_done) nghttp2_submit_rst_stream(session, NGHTTP2_FLAG_NONE, of->id, NGHTTP2_NO_ERROR);
    return 0;
  }

  static ssize_t read_body(nghttp2_session* session, std::int32_t id, std::uint8_t* to, std::size_t room, std::uint32_t* flags,
                           nghttp2_data_source* source, void*) {
    auto& stream = *static_cast<Stream*>(source->ptr);
    const std::size_t size = std::min(room, stream.out_body.size() - stream.out_sent);
    std::memcpy(to, stream.out_body.data() + stream.out_sent, size);
    stream.out_sent += size;
    if (stream.out_sent < stream.out_body.size()) return static_cast<ssize_t>(size);
    if (!stream.answered()) {  // more is to come
      stream.out_body.clear();
      stream.out_sent = 0;
      return size > 0 ? static_cast<ssize_t>(size) : ssize_t{NGHTTP2_ERR_DEFERRED};
    }
    *flags |= NGHTTP2_DATA_FLAG_EOF;
    if (FieldList trailers; stream.trailers(trailers)) {
      *flags |= NGHTTP2_DATA_FLAG_NO_END_STREAM;
      const auto all = trailers.all();
      if (nghttp2_submit_trailer(session, id, all.data(), all.size()) != 0) return NGHTTP2_ERR_CALLBACK_FAILURE;
    }
    return static_cast<ssize_t>(size);
  }

  static nghttp2_session* open(Session& user, const Limits& limits) {
    nghttp2_session_callbacks* callbacks = nullptr;
    nghttp2_option* option = nullptr;
    nghttp2_session* session = nullptr;
    if (nghttp2_session_callbacks_new(&callbacks) == 0 && nghttp2_option_new(&option) == 0) {
      nghttp2_session_callbacks_set_on_begin_frame_callback(callbacks, on_begin_frame);
      nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks, on_begin_headers);
      nghttp2_session_callbacks_set_on_header_callback(callbacks, on_header);
      nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks, on_frame_recv);
      nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks, on_data);
      nghttp2_session_callbacks_set_on_stream_close_callback(callbacks, on_stream_close);
      nghttp2_session_callbacks_set_on_frame_send_callback(callbacks, on_frame_send);
      nghttp2_option_set_no_closed_streams(option, 1);
      nghttp2_option_set_max_outbound_ack(option, limits.max_unread_acks);
      nghttp2_mem memory{&user, Memory::allocate, Memory::release, Memory::allocate_zeros, Memory::reallocate};
      nghttp2_session_server_new3(&session, callbacks, &user, option, &memory);
    }
    nghttp2_option_del(option);
    nghttp2_session_callbacks_del(callbacks);
    return session;
  }
};

Session::Session(Connection& connection)
    : connection_(connection),
      frames_(connection.core().frame_memory()),
      idle_since_(connection.core().now()),
      heard_(connection.core().now()) {
  const Limits& limits = connection.limits();
  session_ = Callbacks::open(*this, limits);
  opening_ = false;
  if (session_ == nullptr) {
    connection.close_now();
    return;
  }
  const std::uint32_t streams =
      limits.max_streams != 0 ? limits.max_streams : (connection.server()->grpc != nullptr ? kGrpcStreams : kHttpStreams);
  const nghttp2_settings_entry settings[] = {
      {NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, streams},
      {NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits.stream_window},
      {NGHTTP2_SETTINGS_MAX_FRAME_SIZE, kFrameSize},
      {NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, static_cast<std::uint32_t>(limits.max_header_list)},
  };
  nghttp2_submit_settings(session_, NGHTTP2_FLAG_NONE, settings, std::size(settings));
  nghttp2_session_set_local_window_size(session_, NGHTTP2_FLAG_NONE, 0, static_cast<std::int32_t>(limits.connection_window));
  if (connection.server()->draining.load(std::memory_order_relaxed)) drain();
}

Session::~Session() {
  while (streams_ != nullptr) stream_closed(*streams_);
  nghttp2_session_del(session_);
}

void Session::on_bytes(std::string_view bytes) {
  if (session_ == nullptr) return;
  heard_ = connection_.core().now();
  pinged_ = 0;
  const ssize_t taken = nghttp2_session_mem_recv(session_, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  if (taken >= 0) return;
  if (fatal_ != 0) return give_up(fatal_);
  if (taken == NGHTTP2_ERR_FLOODED) {
    calm(Flood::kUnreadAcks);
    return give_up(fatal_);
  }
  if (taken == NGHTTP2_ERR_TOO_MANY_CONTINUATIONS) {
    calm(Flood::kHeaderBlock);
    return give_up(fatal_);
  }
  count(connection_.counters().malformed);
  if (taken == NGHTTP2_ERR_BAD_CLIENT_MAGIC) pump();  // the settings, so that the client sees what is spoken here
  give_up(NGHTTP2_PROTOCOL_ERROR);
}

// A GOAWAY written by hand: after an error nghttp2's session is not asked for anything any more.
void Session::give_up(std::uint32_t error_code) {
  char frame[17] = {0, 0, 8, NGHTTP2_GOAWAY, 0, 0, 0, 0, 0};
  const auto put = [&](std::size_t at, std::uint32_t value) {
    for (std::size_t i = 0; i < 4; ++i) frame[at + i] = static_cast<char>(value >> (24 - 8 * i));
  };
  put(9, static_cast<std::uint32_t>(nghttp2_session_get_last_proc_stream_id(session_)));
  put(13, error_code);
  connection_.out().append(frame, sizeof frame);
  connection_.close_when_sent(true);
}

int Session::calm(Flood flood) {
  count(connection_.counters().floods[static_cast<unsigned>(flood)]);
  fatal_ = NGHTTP2_ENHANCE_YOUR_CALM;
  return NGHTTP2_ERR_CALLBACK_FAILURE;
}

// The stream of that number as long as it is open.
Stream* Session::find(std::int32_t id) const {
  if (latest_ != nullptr && latest_->id == id) return latest_;
  return static_cast<Stream*>(nghttp2_session_get_stream_user_data(session_, id));
}

int Session::begin_frame(const nghttp2_frame_hd& frame) {
  const Limits& limits = connection_.limits();
  if (frame.type == NGHTTP2_HEADERS || frame.type == NGHTTP2_CONTINUATION) {
    block_bytes_ = frame.length + (frame.type == NGHTTP2_HEADERS ? 0 : block_bytes_);
    if (block_bytes_ > limits.max_header_list) return calm(Flood::kHeaderBlock);
    if ((frame.flags & NGHTTP2_FLAG_END_HEADERS) != 0) {
      block_since_ = 0;
    } else if (frame.type == NGHTTP2_HEADERS) {
      block_since_ = connection_.core().now();
    }
    if (frame.type == NGHTTP2_HEADERS) return 0;
  } else if (frame.type == NGHTTP2_WINDOW_UPDATE || frame.type == NGHTTP2_RST_STREAM ||
             (frame.type == NGHTTP2_DATA && (frame.length > 0 || (frame.flags & NGHTTP2_FLAG_END_STREAM) != 0))) {
    return 0;
  }
  return ++control_frames_ > limits.max_control_frames ? calm(Flood::kControlFrames) : 0;
}

int Session::frame_received(const nghttp2_frame& frame) {
  Stream* stream = find(frame.hd.stream_id);
  if (frame.hd.type == NGHTTP2_RST_STREAM) {
    if (stream == nullptr || stream->answered()) return 0;
    const Millis now = connection_.core().now();
    if (now - resets_since_ >= kResetWindowMs) {
      resets_since_ = now;
      resets_ = 0;
    }
    return ++resets_ > connection_.limits().max_resets ? calm(Flood::kResets) : 0;
  }
  if (stream == nullptr || (frame.hd.type != NGHTTP2_HEADERS && frame.hd.type != NGHTTP2_DATA)) return 0;
  const bool end = (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  if (end) stream->client_done = true;
  if (!stream->head_done) head_complete(*stream);
  if (end && !stream->answered()) stream->on_end();
  return 0;
}

void Session::begin_request(std::int32_t id) {
  control_frames_ = 0;
  fields_.clear();
  std::unique_ptr<Stream> made =
      connection_.server()->grpc != nullptr ? make_grpc_stream(*this, id) : make_http_stream(*this, id);
  Stream* stream = made.release();  // from now on in the list
  stream->next = streams_;
  if (streams_ != nullptr) streams_->previous = stream;
  streams_ = stream;
  latest_ = stream;
  ++open_;
  nghttp2_session_set_stream_user_data(session_, id, stream);
  stream->request->head_text.reserve(kHeadReserve);
}

void Session::add_field(Stream& stream, std::string_view name, std::string_view value) {
  stream.list_bytes += name.size() + value.size() + kFieldOverhead;
  if (stream.list_bytes > connection_.limits().max_header_list) return;
  std::string& head = stream.request->head_text;
  fields_.push_back({head.size(), name.size(), head.size() + name.size(), value.size()});
  head.append(name).append(value);
}

void Session::head_complete(Stream& stream) {
  stream.head_done = true;
  block_since_ = 0;
  count(connection_.counters().requests);
  RequestHead& head = stream.request->head;
  const std::string_view all = stream.request->head_text;
  head.version = 20;
  head.tls = connection_.tls();
  head.headers.reserve(fields_.size());
  for (const FieldPlace& place : fields_) {
    const std::string_view name = all.substr(place.name, place.name_size);
    const std::string_view value = all.substr(place.value, place.value_size);
    if (name == ":method") {
      head.method_name = value;
    } else if (name == ":path") {
      head.target = value;
    } else if (name == ":authority") {
      head.headers.push_back({"host", value});
    } else if (!name.starts_with(':')) {
      head.headers.push_back({name, value});
      std::uint64_t length = 0;
      if (name == "content-length" && std::from_chars(value.data(), value.data() + value.size(), length).ec == std::errc())
        head.content_length = length;
    }
  }
  head.method = method_named(head.method_name);
  cut_target(head);
  if (stream.list_bytes > connection_.limits().max_header_list) {
    count(connection_.counters().header_too_large);
    return stream.refuse_head();
  }
  stream.on_head();
}

void Session::stream_closed(Stream& stream) {
  if (stream.previous != nullptr) stream.previous->next = stream.next;
  if (stream.next != nullptr) stream.next->previous = stream.previous;
  if (streams_ == &stream) streams_ = stream.next;
  if (latest_ == &stream) latest_ = nullptr;
  nghttp2_session_set_stream_user_data(session_, stream.id, nullptr);
  delete &stream;
  if (--open_ == 0) idle_since_ = connection_.core().now();
}

void Session::submit(Stream& stream, const FieldList& head) {
  nghttp2_data_provider body{};
  body.source.ptr = &stream;
  body.read_callback = Callbacks::read_body;
  const auto fields = head.all();
  nghttp2_submit_response(session_, stream.id, fields.data(), fields.size(), stream.out_body.empty() ? nullptr : &body);
}

void Session::resume(Stream& stream) { nghttp2_session_resume_data(session_, stream.id); }

void Session::submit_continue(std::int32_t id) {
  FieldList head;
  head.constant(":status", "100");
  nghttp2_submit_headers(session_, NGHTTP2_FLAG_NONE, id, nullptr, head.all().data(), head.all().size(), nullptr);
}

void Session::pump() {
  const std::uint8_t* data = nullptr;
  while (!connection_.backlogged()) {
    const ssize_t size = nghttp2_session_mem_send(session_, &data);
    if (size < 0) return connection_.close_now();
    if (size == 0) return;
    connection_.out().append(reinterpret_cast<const char*>(data), static_cast<std::size_t>(size));
  }
}

void Session::produce() {
  if (session_ == nullptr) return;
  pump();
  if (connection_.backlogged()) return;
  const bool over = nghttp2_session_want_read(session_) == 0 && nghttp2_session_want_write(session_) == 0;
  if (over || (draining_ && open_ == 0)) connection_.close_when_sent(true);
}

void Session::on_tick(Millis now) {
  const Limits& limits = connection_.limits();
  Counters& counters = connection_.counters();
  if (block_since_ != 0 && now - block_since_ >= limits.header_timeout.count()) {
    count(counters.closed_in_header);
    return give_up(NGHTTP2_ENHANCE_YOUR_CALM);
  }
  if (pinged_ != 0 && now - pinged_ >= limits.keepalive_answer.count()) {
    count(counters.closed_not_reading);
    return connection_.close_now();
  }
  if (open_ == 0 && now - idle_since_ >= limits.idle_timeout.count()) {
    count(counters.closed_idle);
    nghttp2_session_terminate_session(session_, NGHTTP2_NO_ERROR);
    return;
  }
  if (pinged_ == 0 && limits.keepalive_ping.count() > 0 && now - heard_ >= limits.keepalive_ping.count()) {
    nghttp2_submit_ping(session_, NGHTTP2_FLAG_NONE, nullptr);
    pinged_ = now;
  }
  for (Stream* stream = streams_; stream != nullptr;) {
    Stream* next = stream->next;
    if (stream->head_done && !stream->answered()) stream->on_tick(now);
    stream = next;
  }
}

void Session::drain() {
  if (draining_ || session_ == nullptr) return;
  draining_ = true;
  nghttp2_submit_goaway(session_, NGHTTP2_FLAG_NONE, nghttp2_session_get_last_proc_stream_id(session_), NGHTTP2_NO_ERROR,
                        nullptr, 0);
}

}  // namespace sentinel::net::http2
