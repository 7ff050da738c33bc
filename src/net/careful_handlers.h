// Handlers of a server, wrapped so that what they throw costs the request and not the process (chapter 11 §3): it is answered
// 500 or INTERNAL, counted, and told in the log. For the room's own files; lives as long as the handler it wraps.
#pragma once

#include <exception>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/log.h"
#include "net/counters.h"
#include "net/grpc.h"
#include "net/http.h"

namespace sentinel::net {

class HandlerFailures {
 public:
  explicit HandlerFailures(Counters& counters) : counters_(counters) {}

  // What `work` gives, or what `otherwise` gives when it throws.
  template <class Work, class Otherwise>
  auto guard(Work work, Otherwise otherwise) -> decltype(work()) {
    try {
      return work();
    } catch (const std::exception& failure) {
      tell(failure.what());
    } catch (...) {
      tell("something that is no exception");
    }
    return otherwise();
  }

 private:
  void tell(std::string_view what) {
    counters_.handlers_failed.fetch_add(1, std::memory_order_relaxed);
    base::log(base::LogLevel::kError, "net",
              "bug: the handler of a request failed (" + std::string(what) + "); the client got an error");
  }

  Counters& counters_;
};

class CarefulHttpHandler final : public HttpHandler {
 public:
  CarefulHttpHandler(HttpHandler& handler, Counters& counters) : handler_(handler), failures_(counters) {}

  std::variant<BodyPlan, Response> on_head(const RequestHead& head) override {
    return failures_.guard([&] { return handler_.on_head(head); },
                           [] {
                             return std::variant<BodyPlan, Response>(Response{500, {}, {}});
                           });
  }
  // Whoever holds the exchange when something is thrown lets go of it: that answers 500.
  void on_request(Exchange exchange) override {
    failures_.guard([&] { handler_.on_request(std::move(exchange)); }, [] {});
  }
  Response on_problem(const RequestHead& head, BodyProblem problem) override {
    return failures_.guard([&] { return handler_.on_problem(head, problem); }, [] { return Response{500, {}, {}}; });
  }

 private:
  HttpHandler& handler_;
  HandlerFailures failures_;
};

class CarefulGrpcHandler final : public GrpcHandler {
 public:
  CarefulGrpcHandler(GrpcHandler& handler, Counters& counters) : handler_(handler), failures_(counters) {}

  std::variant<MessagePlan, GrpcReply> on_call(const RequestHead& head) override {
    return failures_.guard([&] { return handler_.on_call(head); },
                           [] { return std::variant<MessagePlan, GrpcReply>(internal_error()); });
  }
  // As above, with INTERNAL.
  void on_message(Call call) override {
    failures_.guard([&] { handler_.on_message(std::move(call)); }, [] {});
  }
  GrpcReply on_problem(const RequestHead& head, MessageProblem problem) override {
    return failures_.guard([&] { return handler_.on_problem(head, problem); }, internal_error);
  }

 private:
  static GrpcReply internal_error() { return {GrpcStatus::kInternal, "the call failed in the server", {}, {}}; }

  GrpcHandler& handler_;
  HandlerFailures failures_;
};

}  // namespace sentinel::net
