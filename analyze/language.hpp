#pragma once

#include <optional>
#include <string_view>

#include "store/labels.hpp"

namespace earshot {

/// The language of a text: what the source declares ("pt-BR", "iw") if it is a language, else the
/// script where that decides, else that of its function words, else CLD2's answer where it is
/// reliable, else {0,0}. Safe to call from several threads at once.
Lang detect_language(std::string_view text, std::string_view declared);

/// A language by its code, two lower-case ASCII letters; nothing for all else.
std::optional<Lang> lang_of(std::string_view code);

/// The two letters as text, empty for unknown.
inline std::string_view text_of(const Lang& lang) {
  return lang[0] == 0 ? std::string_view{} : std::string_view{lang.data(), 2};
}

}  // namespace earshot
