// `hash-bake`: computes a disclosure's content hash and writes it into the document (chapter 08 §13).
#include <string>

#include "cli/output.h"
#include "cli/runners.h"
#include "cli/texts/concat.h"
#include "disclosure/content_hash.h"
#include "disclosure/files.h"
#include "disclosure/verify.h"

namespace sentinel::cli {
namespace {}  // namespace

ExitCode run_hash_bake(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments;
  const std::string from(arguments.text("report").value_or(""));
  const std::string to(arguments.text("output").value_or(""));
  disclosure::LoadedDocument document;
  if (const base::Status loaded = disclosure::load_document(from, document); !loaded) {
    return refuse(ExitCode::kInput, loaded.error().text());
  }
  const disclosure::JsonNode* signature = disclosure::node_at(document.root, {"integrity", "signature"});
  if (signature != nullptr && !signature->is(disclosure::JsonNode::Kind::kNull) && !arguments.typed("allow-signed")) {
    return refuse(ExitCode::kVerdict,
                  concat({from,
                          ": the document is signed; --allow-signed bakes it nevertheless (the signature is over the "
                          "statement and stays valid)"}));
  }
  const std::string hash = disclosure::content_hash(document.root, document.arena);
  const disclosure::JsonNode baked = disclosure::with_content_hash(document.root, hash, document.arena);
  if (const base::Status written = disclosure::replace_file(to, disclosure::pretty_json(baked)); !written) {
    return refuse(ExitCode::kInput, written.error().text());
  }
  const base::Status said = write_stdout(concat({"Content hash: ", hash, "\nWritten to ", to, "\n"}));
  return said ? ExitCode::kDone : refuse(ExitCode::kInput, said.error().text());
}

}  // namespace sentinel::cli
