#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace earshot {

/// One attribute of an element; its value is escaped as it is written.
struct HtmlAttribute {
  std::string_view name;
  std::string value;
};

/// Writes HTML, and the SVG in it. Nothing that comes from outside can become markup: text and
/// attribute values have one way in, which shows control characters and direction controls as
/// `printable` does and then escapes what HTML would read; attributes always stand in double
/// quotes. Names of tags and attributes are ours.
class HtmlWriter {
 public:
  using Attributes = std::initializer_list<HtmlAttribute>;

  /// Opens an element, on a line of its own unless it is part of a text ("span", "a", ...).
  void open(std::string_view tag, Attributes attributes = {});
  /// Closes the innermost open element.
  void close();
  /// An element without content: "meta", "rect".
  void empty(std::string_view tag, Attributes attributes = {});
  void text(std::string_view text);
  /// The same with its line breaks and tabs: for elements that keep white space.
  void lines(std::string_view text);
  void element(std::string_view tag, std::string_view text, Attributes attributes = {});
  /// A style sheet of ours, byte for byte: the page's security policy names its hash.
  void style(std::string_view css);

  bool nothing_written() const { return out_.empty(); }
  /// What another one has written, all of its elements closed.
  void append(HtmlWriter part);

  /// All that was written; no element may be open.
  std::string take();

 private:
  void start(std::string_view tag, Attributes attributes);

  std::string out_;
  std::vector<std::string_view> open_;
};

/// Whether a page may link there: an http or https address without spaces, control characters or
/// direction controls. Anything else is shown as text.
bool is_web_link(std::string_view url);

/// The address as a link that tells the other side nothing, or as text.
void write_link(HtmlWriter& html, std::string_view url, std::string_view text);

}  // namespace earshot
