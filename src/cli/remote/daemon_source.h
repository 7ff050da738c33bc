// The browser's data from a running daemon, and accepting findings in it (chapter 06 §9.4, §9.5).
//
// Everything is asked for once, before the view opens: findings, then the trees of their traces, the correlations and the
// summary side by side. Only who has accepted what is asked again, after each change. Changes run on threads of their own,
// which end with the source. Otherwise one thread.
#pragma once

#include <atomic>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <vector>

#include "analysis/report_reader.h"
#include "cli/remote/daemon_api.h"
#include "cli/remote/daemon_rows.h"
#include "cli/remote/wake.h"
#include "tui/acknowledger.h"
#include "tui/source.h"

namespace sentinel::cli {

class DaemonSource final : public tui::Source, public tui::Acknowledger {
 public:
  // Reading needs no key; `writes` is the same daemon with the key.
  DaemonSource(DaemonApi& reads, DaemonApi& writes) : api_(reads), writes_(writes) {}
  ~DaemonSource() override;

  // The Error says why the findings could not be had; whatever else is missing shows as missing.
  [[nodiscard]] base::Status fetch();
  [[nodiscard]] std::size_t unreadable() const { return unreadable_; }  // rows that this version does not know

  [[nodiscard]] const model::Report& report() const override { return saved_.report; }
  [[nodiscard]] bool has_summary() const override { return has_summary_; }
  [[nodiscard]] bool is_live() const override { return true; }
  [[nodiscard]] std::optional<std::string_view> accepted_by(const model::Finding& finding) const override;
  [[nodiscard]] std::span<const std::uint64_t> seen_counts() const override { return seen_counts_; }
  [[nodiscard]] std::span<const std::string_view> traces() const override { return traces_; }
  [[nodiscard]] const analysis::ExplainTree* tree(std::string_view trace_id) override;

  [[nodiscard]] base::Status start(const tui::AckChange& change) override;
  [[nodiscard]] std::optional<base::Status> poll() override;
  void drop() override { current_ = nullptr; }

 private:
  using Authors = std::unordered_map<std::string, std::string>;  // by signature

  // A document with what was read from it.
  struct Parsed {
    std::string body;
    base::Arena arena;
    DaemonTree tree;
  };
  struct Change {
    std::thread thread;
    std::atomic<bool> done = false;
    base::Status result = base::success();
    std::optional<Authors> authors;  // as asked for after the change
  };

  void take_findings(const disclosure::JsonNode& root);
  void fetch_the_rest();
  void take_tree(std::string_view trace_id, std::string body);
  void take_correlations(std::string body);
  void take_summary(std::string body);
  [[nodiscard]] static Authors authors_of(const DaemonFindings& rows);

  DaemonApi& api_;
  DaemonApi& writes_;
  Wake wake_;
  std::string findings_body_;
  base::Arena findings_arena_;
  std::string report_body_;
  analysis::SavedReport saved_;
  std::vector<std::uint64_t> seen_counts_;
  std::vector<std::string_view> traces_;
  std::map<std::string_view, std::unique_ptr<Parsed>> trees_;
  std::optional<analysis::ExplainTree> embedded_;  // the latest made from the summary's traces
  Authors authors_;
  bool has_summary_ = false;
  std::size_t unreadable_ = 0;
  std::list<Change> changes_;
  Change* current_ = nullptr;
};

}  // namespace sentinel::cli
