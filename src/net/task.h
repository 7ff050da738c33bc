// A piece of work to be run once, or again and again by a timer: a callable that may own what cannot be copied.
//
// What std::function is, but move-only, so that a lambda may hold an Exchange. Empty when default-constructed or moved from.
#pragma once

#include <memory>
#include <type_traits>
#include <utility>

namespace sentinel::net {

class Task {
 public:
  Task() = default;
  template <class Work>
  requires(!std::is_same_v<std::remove_cvref_t<Work>, Task> && std::is_invocable_v<std::remove_cvref_t<Work>&>)
      Task(Work&& work)  // NOLINT(google-explicit-constructor)
      : body_(std::make_unique<Holder<std::remove_cvref_t<Work>>>(std::forward<Work>(work))) {}

  explicit operator bool() const { return body_ != nullptr; }
  // Precondition: not empty.
  void operator()() { body_->run(); }

 private:
  struct Body {
    virtual ~Body() = default;
    virtual void run() = 0;
  };
  template <class Work>
  struct Holder final : Body {
    explicit Holder(Work w) : work(std::move(w)) {}
    void run() override { work(); }
    Work work;
  };
  std::unique_ptr<Body> body_;
};

}  // namespace sentinel::net
