#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace earshot {

/// The text of an HTML fragment, appended to `out`: tags dropped, entities decoded once, `script`
/// and `style` gone. A block element or `<br>` is one line end, an inline element nothing; other
/// ASCII white space is squeezed to one space, none at either end; a no-break space is a character.
/// `html` is UTF-8; of more than 1 MB the rest is dropped. `links`, if not null, gets the addresses
/// that its tags name, as they are spelled, in order.
void append_html_text(std::string_view html, std::string& out,
                      std::vector<std::string>* links = nullptr);

inline std::string html_text(std::string_view html) {
  std::string text;
  append_html_text(html, text);
  return text;
}

/// Text with its ASCII white space squeezed to single spaces and trimmed; nothing else changed.
std::string squeezed_text(std::string_view text);

/// What a character reference stands for, and how long it is with its `&` and `;`.
struct CharacterReference {
  char32_t character = 0;
  std::size_t size = 0;
};

/// The reference at the front of `text`, which begins with `&`: decimal, hexadecimal, or one of
/// HTML's names. Numbers of the C1 range are windows-1252, as browsers read them. Nothing for a
/// bare `&`, an unknown name or no character.
std::optional<CharacterReference> read_reference(std::string_view text);

/// Appends one character as UTF-8.
void append_utf8(char32_t character, std::string& out);

/// What a byte from 0x80 to 0x9F stands for in windows-1252; itself where it stands for nothing.
char32_t windows_1252_character(unsigned byte);

/// The attribute that holds the address of an element, by its name in lower case: `href` for `a`,
/// `src` for `img`, ...; empty if it has none.
std::string_view address_attribute(std::string_view element);

/// True for the names, in lower case, of HTML elements that begin and end a line: `p`, `div`, `li`,
/// `br`, ...
bool is_block_element(std::string_view name);

/// True for elements whose content is no text: `script`, `style`.
bool is_dropped_element(std::string_view name);

}  // namespace earshot
