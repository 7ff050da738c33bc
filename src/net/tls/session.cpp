#include "net/tls/session.h"
// TLS is not spoken yet: no context can be loaded, so none of the rest is ever called.
namespace sentinel::net {
struct TlsSession::Core {};
struct TlsContext::Core {};
base::Result<std::shared_ptr<const TlsContext>> TlsContext::load(const TlsFiles& /*files*/) {
  return base::Error{"TLS is not part of this build yet", {}, {}};
}
TlsContext::~TlsContext() = default;
TlsSession::~TlsSession() = default;
std::unique_ptr<TlsSession> TlsSession::accept(std::shared_ptr<const TlsContext>, int, Offer) { return nullptr; }
TlsSession::Io TlsSession::handshake() { return Io::kFailed; }
TlsSession::Io TlsSession::read(char*, std::size_t, std::size_t&) { return Io::kFailed; }
TlsSession::Io TlsSession::write(std::string_view, std::size_t&) { return Io::kFailed; }
void TlsSession::close_notify() {}
}  // namespace sentinel::net
