// OpenSSL as a shared library that is loaded when the first encrypted connection is made: linked in, it would cost every start
// 0.4 ms and the program 5 MB. The functions keep their names: ssl->SSL_new(…). Macros of OpenSSL that call functions directly
// (SSL_CTX_set_mode …) cannot be used; call the _ctrl function behind them.
//
// Versions 3 and 1.1 serve. Once loaded it stays. Any thread.
#pragma once

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/result.h"

namespace sentinel::net {

#define SENTINEL_OPENSSL_FUNCTIONS(X)   \
  X(ASN1_TIME_to_tm)                    \
  X(BIO_number_written)                 \
  X(ERR_clear_error)                    \
  X(ERR_get_error)                      \
  X(ERR_reason_error_string)            \
  X(SSL_CTX_check_private_key)          \
  X(SSL_CTX_ctrl)                       \
  X(SSL_CTX_free)                       \
  X(SSL_CTX_get0_certificate)           \
  X(SSL_CTX_load_verify_locations)      \
  X(SSL_CTX_new)                        \
  X(SSL_CTX_set_alpn_select_cb)         \
  X(SSL_CTX_set_client_CA_list)         \
  X(SSL_CTX_set_default_passwd_cb)      \
  X(SSL_CTX_set_default_verify_paths)   \
  X(SSL_CTX_set_options)                \
  X(SSL_CTX_set_session_id_context)     \
  X(SSL_CTX_set_verify)                 \
  X(SSL_CTX_use_PrivateKey_file)        \
  X(SSL_CTX_use_certificate_chain_file) \
  X(SSL_accept)                         \
  X(SSL_connect)                        \
  X(SSL_ctrl)                           \
  X(SSL_free)                           \
  X(SSL_get0_param)                     \
  X(SSL_get_error)                      \
  X(SSL_get_ex_data)                    \
  X(SSL_get_verify_result)              \
  X(SSL_get_wbio)                       \
  X(SSL_load_client_CA_file)            \
  X(SSL_new)                            \
  X(SSL_read_ex)                        \
  X(SSL_select_next_proto)              \
  X(SSL_set1_host)                      \
  X(SSL_set_ex_data)                    \
  X(SSL_set_fd)                         \
  X(SSL_shutdown)                       \
  X(SSL_write_ex)                       \
  X(TLS_client_method)                  \
  X(TLS_server_method)                  \
  X(X509_VERIFY_PARAM_set1_ip_asc)      \
  X(X509_get0_notAfter)                 \
  X(X509_verify_cert_error_string)

struct OpenSsl {
#define SENTINEL_OPENSSL_MEMBER(name) decltype(&::name) name = nullptr;
  SENTINEL_OPENSSL_FUNCTIONS(SENTINEL_OPENSSL_MEMBER)
#undef SENTINEL_OPENSSL_MEMBER

  // The loaded library. The error says that there is none, and what to install.
  [[nodiscard]] static base::Result<const OpenSsl*> load();
};

}  // namespace sentinel::net
