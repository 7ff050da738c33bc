#include "net/resolve.h"

#include <netdb.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <thread>

namespace sentinel::net {
namespace {

// What the resolving thread and the waiting one share; the last of them closes the descriptor.
struct Lookup {
  std::string host;
  std::string port;
  int done = ::eventfd(0, EFD_CLOEXEC);
  int error = 0;
  std::vector<Address> addresses;

  Lookup() = default;
  Lookup(const Lookup&) = delete;
  Lookup& operator=(const Lookup&) = delete;
  ~Lookup() {
    if (done >= 0) ::close(done);
  }
};

void look_up(Lookup& lookup, int flags) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* found = nullptr;
  lookup.error = ::getaddrinfo(lookup.host.c_str(), lookup.port.c_str(), &hints, &found);
  if (lookup.error != 0) return;
  for (const addrinfo* a = found; a != nullptr; a = a->ai_next) {
    Address address;
    std::memcpy(&address.bytes, a->ai_addr, a->ai_addrlen);
    address.size = a->ai_addrlen;
    lookup.addresses.push_back(address);
  }
  ::freeaddrinfo(found);
}

Resolved result_of(Lookup& lookup) {
  if (lookup.error != 0 || lookup.addresses.empty()) {
    const char* why = lookup.error != 0 ? ::gai_strerror(lookup.error) : "no address";
    return {.addresses = {}, .failure = {HttpFault::kResolve, "cannot resolve the host name " + lookup.host + ": " + why}};
  }
  return {.addresses = std::move(lookup.addresses), .failure = {}};
}

}  // namespace

Resolved resolve(const std::string& host, std::uint16_t port, const Patience& patience) {
  auto lookup = std::make_shared<Lookup>();
  lookup->host = host;
  lookup->port = std::to_string(port);
  look_up(*lookup, AI_NUMERICHOST);
  if (lookup->error == 0) return result_of(*lookup);

  std::thread([lookup] {
    look_up(*lookup, AI_ADDRCONFIG);
    const std::uint64_t one = 1;
    (void)!::write(lookup->done, &one, sizeof one);
  }).detach();
  // The descriptor is looked at like a socket, but stays the shared one's to close.
  Socket waiting(::dup(lookup->done));
  if (auto failure = waiting.wait(Socket::For::kReading, patience)) {
    if (failure->fault == HttpFault::kTimeout) failure->why = "timed out while resolving the host name " + host;
    return {.addresses = {}, .failure = std::move(*failure)};
  }
  // Read, not only seen to be readable: that is what orders the other thread's writes before what follows.
  std::uint64_t one = 0;
  (void)!::read(lookup->done, &one, sizeof one);
  return result_of(*lookup);
}

std::string literal(const Address& address) {
  char text[NI_MAXHOST] = {};
  if (::getnameinfo(reinterpret_cast<const sockaddr*>(&address.bytes), address.size, text, sizeof text, nullptr, 0,
                    NI_NUMERICHOST) != 0) {
    return {};
  }
  return address.bytes.ss_family == AF_INET6 ? "[" + std::string(text) + "]" : std::string(text);
}

}  // namespace sentinel::net
