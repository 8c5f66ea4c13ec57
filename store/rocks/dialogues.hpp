#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "store/rollup.hpp"
#include "store/tallies.hpp"

namespace earshot::rocks {

/// A dialogue as it is stored: a text of each table, so that one can be read without the others.
/// It begins at `begin`; all of it was observed for the whole horizon.
void encode_dialogue(Instant begin, const Dialogue& dialogue, std::string& out);

/// What it says of these tables, of questions in place of answers if it is to be `early`; nothing
/// if the bytes are none.
std::optional<Dialogue> decode_dialogue(Instant begin, std::chrono::seconds horizon, Tables tables,
                                        bool early, std::string_view bytes);

}  // namespace earshot::rocks
