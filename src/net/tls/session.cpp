#include "net/tls/session.h"

#include <utility>

#include "net/tls/context.h"

namespace sentinel::net {

struct TlsSession::Core {
  std::shared_ptr<const TlsContext> context;
  const OpenSsl& openssl;
  SSL* ssl = nullptr;
  Offer offer = Offer::kHttp2;

  Core(std::shared_ptr<const TlsContext> of, Offer offered)
      : context(std::move(of)), openssl(context->core().openssl), offer(offered) {}
  ~Core() {
    if (ssl != nullptr) openssl.SSL_free(ssl);
  }
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  [[nodiscard]] Io verdict(int result) const {
    if (result == 1) return Io::kDone;
    switch (openssl.SSL_get_error(ssl, result)) {
      case SSL_ERROR_WANT_READ:
        return Io::kWantRead;
      case SSL_ERROR_WANT_WRITE:
        return Io::kWantWrite;
      case SSL_ERROR_ZERO_RETURN:
        return Io::kEnded;
      default:
        openssl.ERR_clear_error();
        return Io::kFailed;
    }
  }
};

TlsSession::TlsSession(std::unique_ptr<Core> core) : core_(std::move(core)) {}
TlsSession::~TlsSession() = default;

std::unique_ptr<TlsSession> TlsSession::accept(std::shared_ptr<const TlsContext> context, int fd, Offer offer) {
  auto core = std::make_unique<Core>(std::move(context), offer);
  core->ssl = core->openssl.SSL_new(core->context->core().context);
  if (core->ssl == nullptr || core->openssl.SSL_set_fd(core->ssl, fd) != 1) {
    core->openssl.ERR_clear_error();
    return nullptr;
  }
  core->openssl.SSL_set_ex_data(core->ssl, 0, &core->offer);
  return std::unique_ptr<TlsSession>(new TlsSession(std::move(core)));
}

TlsSession::Io TlsSession::handshake() {
  core_->openssl.ERR_clear_error();
  return core_->verdict(core_->openssl.SSL_accept(core_->ssl));
}

TlsSession::Io TlsSession::read(char* to, std::size_t room, std::size_t& done) {
  core_->openssl.ERR_clear_error();
  return core_->verdict(core_->openssl.SSL_read_ex(core_->ssl, to, room, &done));
}

TlsSession::Io TlsSession::write(std::string_view bytes, std::size_t& done) {
  core_->openssl.ERR_clear_error();
  return core_->verdict(core_->openssl.SSL_write_ex(core_->ssl, bytes.data(), bytes.size(), &done));
}

bool TlsSession::has_written() const { return core_->openssl.BIO_number_written(core_->openssl.SSL_get_wbio(core_->ssl)) > 0; }

void TlsSession::close_notify() {
  core_->openssl.ERR_clear_error();
  core_->openssl.SSL_shutdown(core_->ssl);
  core_->openssl.ERR_clear_error();
}

}  // namespace sentinel::net
