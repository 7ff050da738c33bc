// Accepting and revoking findings from the browser (chapter 06 §9.4).
#include "tui/browser.h"

namespace sentinel::tui {
namespace {

constexpr int kSubmittingMs = 50;  // between two looks at a change that is under way

}  // namespace

int Browser::patience_ms() const { return modal_ && modal_->is_submitting() ? kSubmittingMs : -1; }

void Browser::open_modal(AckModal::Kind kind) {
  if (acknowledger_ == nullptr) {
    notice_ = "Only with a daemon; or list it in the acknowledgments file";
    return;
  }
  const model::Finding* finding = selected_finding();
  if (finding == nullptr) {
    notice_ = "No finding is selected";
    return;
  }
  if (finding->signature.empty()) {
    notice_ = "The daemon gave this finding no signature, so it cannot be accepted";
    return;
  }
  modal_.emplace(kind, std::string(finding->signature), author_);
}

void Browser::on_modal_event(const Event& event) {
  switch (modal_->handle(event)) {
    case AckModal::Wish::kNone:
      return;
    case AckModal::Wish::kCancel:
      if (modal_->is_submitting()) acknowledger_->drop();
      modal_.reset();
      return;
    case AckModal::Wish::kSubmit:
      modal_->submitting();
      if (const base::Status started = acknowledger_->start(modal_->change()); !started) modal_->failed(started.error().text());
      return;
  }
}

void Browser::tick() {
  if (!modal_ || !modal_->is_submitting()) return;
  const std::optional<base::Status> outcome = acknowledger_->poll();
  if (!outcome) return;
  if (!*outcome) {
    modal_->failed(outcome->error().text());
    return;
  }
  notice_ = modal_->change().revoke ? "Acknowledgment revoked" : "Finding acknowledged";
  modal_.reset();
}

}  // namespace sentinel::tui
