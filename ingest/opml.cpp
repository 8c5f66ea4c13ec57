#include "ingest/opml.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "ingest/encoding.hpp"
#include "ingest/html_text.hpp"
#include "ingest/xml.hpp"
#include "store/base/ascii.hpp"
#include "store/base/http.hpp"

namespace earshot {

namespace {

constexpr std::size_t longest_title = 300;
constexpr std::size_t most_left_out = 100;  // that are named

/// Readers that make a feed of any page write the page down as if it were one.
constexpr std::array<std::string_view, 4> scraping_types{"html+xpath", "xml+xpath", "json+dotpath",
                                                         "json+dotnotation"};

bool same_word(std::string_view text, std::string_view lower_case_word) {
  return std::ranges::equal(text, lower_case_word, {}, lower);
}

/// The value of an attribute, whatever the case of its letters; without white space around it.
std::string_view attribute(const XmlElement& element, std::string_view lower_case_name) {
  const auto found = std::ranges::find_if(element.attributes, [&](const XmlAttribute& each) {
    return each.space.empty() && same_word(each.name, lower_case_name);
  });
  return found == element.attributes.end() ? std::string_view{} : trim(found->value);
}

/// One line of plain text of what may be markup.
std::string label(std::string_view text) {
  std::string plain = squeezed_text(html_text(text));
  if (plain.size() <= longest_title) return plain;
  std::size_t end = longest_title;
  while (end > 0 && (static_cast<unsigned char>(plain[end]) & 0xC0U) == 0x80U) --end;
  plain.resize(end);
  return plain;
}

std::string title_of(const XmlElement& outline) {
  auto title = label(attribute(outline, "text"));
  return title.empty() ? label(attribute(outline, "title")) : title;
}

/// "feed:" is how some readers spell an address that is a feed's.
std::string http_address(std::string_view spelled) {
  if (same_word(spelled.substr(0, 7), "feed://"))
    return std::string{"http://"}.append(spelled.substr(7));
  if (same_word(spelled.substr(0, 5), "feed:")) spelled.remove_prefix(5);
  const bool http =
      same_word(spelled.substr(0, 7), "http://") || same_word(spelled.substr(0, 8), "https://");
  return http && !origin_of(spelled).empty() ? std::string{spelled} : std::string{};
}

/// "News / Local" of "/News/Local,/Read later".
std::string folder_of_category(std::string_view categories) {
  std::string folder;
  auto rest = categories.substr(0, categories.find(','));
  while (!rest.empty()) {
    const auto end = std::min(rest.find('/'), rest.size());
    const auto name = label(rest.substr(0, end));
    if (!name.empty() && !folder.empty()) folder.append(folder_separator);
    folder.append(name);
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return folder;
}

class Reader final : public XmlHandler {
 public:
  void on_start(const XmlElement& element) override {
    in_title_ = list_.feeds.empty() && open_.empty() && same_word(element.name, "title");
    if (!same_word(element.name, "outline")) return;
    if (++outlines_ > most_opml_outlines) return;
    open_.push_back(folder_.size());
    const auto type = lower_case(attribute(element, "type"));
    auto address = attribute(element, "xmlurl");
    if (address.empty() && (type == "rss" || type == "atom")) address = attribute(element, "url");
    if (!address.empty()) return add(element, type, address);
    if (const auto name = title_of(element); !name.empty()) enter(name);
  }

  void on_end(std::string_view /*space*/, std::string_view name) override {
    in_title_ = false;
    if (!same_word(name, "outline") || open_.empty()) return;
    folder_.resize(open_.back());
    open_.pop_back();
  }

  void on_text(std::string_view text) override {
    if (in_title_ && list_.title.size() < longest_title) list_.title.append(text);
  }

  Result<OpmlList> take() {
    if (outlines_ == 0)
      return Error{Error::Kind::format, "not a list of feeds: there is no outline in it"};
    if (outlines_ > most_opml_outlines)
      return Error{Error::Kind::format, fmt::format("more than {} outlines", most_opml_outlines)};
    list_.title = squeezed_text(list_.title);
    return std::move(list_);
  }

 private:
  void enter(const std::string& name) {
    if (!folder_.empty()) folder_.append(folder_separator);
    folder_.append(name);
  }

  void add(const XmlElement& element, std::string_view type, std::string_view address) {
    OpmlFeed feed{.title = title_of(element),
                  .url = http_address(address),
                  .site = http_address(attribute(element, "htmlurl")),
                  .folder = folder_};
    const std::string called = feed.title.empty() ? shown_url(address) : feed.title;
    if (feed.url.empty())
      return leave_out(fmt::format("{}: not an http address: {}", called, shown_url(address)));
    if (std::ranges::find(scraping_types, type) != scraping_types.end())
      return leave_out(fmt::format("{}: a page that is read as {}, not a feed", called, type));
    if (feed.folder.empty()) feed.folder = folder_of_category(attribute(element, "category"));
    list_.feeds.push_back(std::move(feed));
  }

  void leave_out(std::string why) {
    if (list_.left_out.size() < most_left_out) list_.left_out.push_back(std::move(why));
  }

  OpmlList list_;
  std::string folder_;             ///< That we are in.
  std::vector<std::size_t> open_;  ///< For each open outline, the length of `folder_` before it.
  std::size_t outlines_ = 0;
  bool in_title_ = false;
};

void append_escaped(std::string& out, std::string_view text) {
  for (const char c : text) {
    switch (c) {
      case '&':
        out.append("&amp;");
        break;
      case '<':
        out.append("&lt;");
        break;
      case '>':
        out.append("&gt;");
        break;
      case '"':
        out.append("&quot;");
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20) out += c;
    }
  }
}

void append_attribute(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out.append(" ").append(name).append("=\"");
  append_escaped(out, value);
  out += '"';
}

std::vector<std::string_view> folders_of(std::string_view path) {
  constexpr std::size_t deepest = 64;  // the last one is called by what is left
  std::vector<std::string_view> names;
  while (!path.empty()) {
    const auto end = names.size() + 1 == deepest
                         ? path.size()
                         : std::min(path.find(folder_separator), path.size());
    names.push_back(path.substr(0, end));
    path.remove_prefix(std::min(end + folder_separator.size(), path.size()));
  }
  return names;
}

/// Closes and opens folders until those of `path` are open.
void change_folder(std::string& out, std::vector<std::string_view>& open, std::string_view path) {
  const auto wanted = folders_of(path);
  const auto [differs, unused] = std::ranges::mismatch(open, wanted);
  const auto shared = static_cast<std::size_t>(differs - open.begin());
  while (open.size() > shared) {
    open.pop_back();
    out.append(4 + 2 * open.size(), ' ').append("</outline>\n");
  }
  for (std::size_t i = shared; i < wanted.size(); ++i) {
    out.append(4 + 2 * i, ' ').append("<outline");
    append_attribute(out, "text", wanted[i]);
    out.append(">\n");
    open.push_back(wanted[i]);
  }
}

}  // namespace

Result<OpmlList> parse_opml(std::string_view bytes) {
  Reader reader;
  if (auto read = parse_xml(decode_text(bytes).text, reader); !read) return read.error();
  return reader.take();
}

std::string write_opml(std::span<const OpmlFeed> feeds, std::string_view title) {
  std::string out =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<opml version=\"2.0\">\n  <head>\n";
  if (!title.empty()) {
    out.append("    <title>");
    append_escaped(out, title);
    out.append("</title>\n");
  }
  out.append("  </head>\n  <body>\n");
  std::vector<std::string_view> open;
  for (const auto& feed : feeds) {
    change_folder(out, open, feed.folder);
    out.append(4 + 2 * open.size(), ' ').append("<outline type=\"rss\"");
    append_attribute(out, "text", feed.title.empty() ? std::string_view{feed.url} : feed.title);
    append_attribute(out, "xmlUrl", feed.url);
    append_attribute(out, "htmlUrl", feed.site);
    out.append("/>\n");
  }
  change_folder(out, open, {});
  return out.append("  </body>\n</opml>\n");
}

}  // namespace earshot
