#pragma once

#include <string_view>

#include "store/base/text_arena.hpp"

namespace earshot {

/// A text each of whose bytes was written as a character of its own (`CafÃ©`), as it was meant
/// (`Café`): kept in `arena`. Another text, also one that only may be such, is handed back as it
/// is.
///
/// Source: what Facebook's and Instagram's exports do to all that is beyond ASCII.
std::string_view undo_byte_characters(std::string_view text, TextArena& arena);

}  // namespace earshot
