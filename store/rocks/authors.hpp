#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "store/audience.hpp"

namespace earshot::rocks {

/// What authors said in some stretch, as it is stored.
void encode_authors(const AuthorShares& shares, std::string& out);

/// Nothing if the bytes are none.
std::optional<AuthorShares> decode_authors(std::string_view bytes);

/// How many authors said how much, as it is stored.
void encode_audience(std::span<const AudienceRow> rows, std::string& out);

/// Nothing if the bytes are none.
std::optional<std::vector<AudienceRow>> decode_audience(std::string_view bytes);

}  // namespace earshot::rocks
