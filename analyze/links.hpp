#pragma once

#include <string>
#include <string_view>

namespace earshot {

/// Replaces `out` by the form in which links to the same page are equal, "acme.com/box?id=2" for
/// "https://www.Acme.com/box/?utm_source=mail&id=2#top).": without scheme, "www.", fragment, `utm_`
/// parameters, slash at the end of the path and punctuation of the sentence around it; the host in
/// lower case. False, and `out` empty, if no host is left.
bool canonical_link(std::string_view link, std::string& out);

}  // namespace earshot
