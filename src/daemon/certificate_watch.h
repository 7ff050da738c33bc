// A certificate that is renewed while the daemon runs: when its files change, they are loaded and used for connections accepted
// from then on (chapter 05 §3.6). A pair that cannot be loaded leaves the old one in use and is warned about once.
//
// One thread at a time.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "net/tls.h"

namespace sentinel::daemon {

class CertificateWatch {
 public:
  using Use = std::function<void(std::shared_ptr<const net::TlsContext>)>;
  // The files have just been loaded. `use` hands a new context to who presents it.
  CertificateWatch(net::TlsFiles files, Use use);

  // Looks at the files: three calls of stat() when nothing has changed.
  void look();

 private:
  struct Stamp {
    std::int64_t changed_ns = 0;
    std::uint64_t inode = 0;
    std::int64_t size = -1;  // no such file
    friend bool operator==(const Stamp&, const Stamp&) = default;
  };
  using Stamps = std::array<Stamp, 3>;
  [[nodiscard]] Stamps stamps() const;

  net::TlsFiles files_;
  Use use_;
  Stamps seen_;
};

}  // namespace sentinel::daemon
