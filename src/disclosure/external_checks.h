// The two checks of verify.h that other programs make: `cosign` for the signature, `gh` for the program (chapter 08 §12.3-4).
#pragma once

#include "disclosure/verify.h"

namespace sentinel::disclosure {

[[nodiscard]] Check check_signature(LoadedDocument& document, const VerifyRequest& request);
[[nodiscard]] Check check_binary(LoadedDocument& document, const VerifyRequest& request);

}  // namespace sentinel::disclosure
