#include "ingest/feed_xml.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "ingest/encoding.hpp"
#include "ingest/feed_date.hpp"
#include "ingest/feed_scope.hpp"
#include "ingest/feed_text.hpp"
#include "ingest/feed_vocabulary.hpp"
#include "ingest/html_text.hpp"
#include "ingest/url.hpp"
#include "ingest/xml.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

constexpr std::size_t longest_list = 1000;  // links, tags or enclosures of one entry
constexpr std::size_t no_depth = static_cast<std::size_t>(-1);

/// What the feed, or an entry, has said so far, besides what its record has room for.
struct Said {
  std::string other_id;
  std::string other_link;  ///< A permalink, or an alternate that is no web page.
  std::string other_summary;
  std::string created_text;
  std::string updated_text;
  std::string latitude;
  std::string longitude;
  std::optional<Instant> created;
  FeedPerson other_author;
  bool link_is_text = false;  ///< In an element of its own, which goes before attributes.
  bool has_content = false;
  bool content_is_html = false;
  std::size_t title_depth = no_depth;
  std::size_t summary_depth = no_depth;
  /// What holds at content, summary and title: the first that there is.
  std::array<std::optional<std::string>, 3> langs;
  std::optional<std::string> lang;  ///< dc:language; else of the entry's element.
};

/// The text of an element while it is being gathered.
struct Capture {
  FeedSlot slot = FeedSlot::none;
  FeedMarkup markup = FeedMarkup::plain;
  std::size_t depth = 0;  ///< Of its element; 0: there is none.
  std::size_t dropped_depth = 0;
  bool base64 = false;
  bool has_elements = false;
  bool is_guid = false;
  bool permalink = false;
  bool insists = false;  ///< The permalink says that it is one.
  std::string text;
  std::vector<bool> break_after;  ///< By depth: a block element.
};

bool is_text_slot(FeedSlot slot) {
  switch (slot) {
    case FeedSlot::title:
    case FeedSlot::other_title:
    case FeedSlot::description:
    case FeedSlot::summary:
    case FeedSlot::other_summary:
    case FeedSlot::feed_summary:
    case FeedSlot::content:
    case FeedSlot::html_content:
      return true;
    default:
      return false;
  }
}

class FeedReader final : public XmlHandler {
 public:
  explicit FeedReader(const FeedOrigin& origin)
      : origin_{origin},
        scope_{
            resolve_reference(
                origin.url, origin.content_location.empty() ? origin.url : origin.content_location),
            origin.content_language} {}

  FeedDocument feed;
  bool is_feed = false;
  std::string root;

  void on_doctype(std::string_view declaration) override {
    if (declaration.find("-//Netscape Communications//DTD RSS 0.91//EN") != std::string_view::npos)
      feed.version = "rss091n";
  }

  void on_start(const XmlElement& element) override {
    ++depth_;
    scope_.enter(element, depth_);
    name_ = lower_case(element.name);
    if (root.empty()) root = name_;
    const auto module = module_of(element);
    const bool core = module == FeedModule::core;
    const bool starts_entry = core && (name_ == "item" || name_ == "entry");
    if (starts_entry) end_capture();
    if (ignored_depth_ != 0 && !starts_entry) return;
    ignored_depth_ = 0;
    if (capture_.depth != 0) {
      if (!ends_capture(module)) return start_inside_capture(element);
      end_capture();
    }
    if (starts_entry) return start_entry(element);
    if (core && start_container(element)) return;
    if (module == FeedModule::rdf && name_ == "rdf") return note_rdf(element);
    if (module == FeedModule::thread && name_ == "in-reply-to") return take_parent(element);
    start_field(module, element);
  }

  void on_end(std::string_view /*space*/, std::string_view /*name*/) override {
    const auto depth = depth_;
    if (ignored_depth_ != 0) {
      if (depth == ignored_depth_) ignored_depth_ = 0;
    } else if (depth == capture_.depth) {
      end_capture();
    } else if (capture_.depth != 0) {
      if (capture_.dropped_depth == depth) capture_.dropped_depth = 0;
      if (depth < capture_.break_after.size() && capture_.break_after[depth])
        capture_.text += block_break;
    } else if (depth == person_depth_) {
      end_person();
    } else if (depth == entry_depth_) {
      end_entry();
    }
    scope_.leave(depth);
    --depth_;
  }

  void on_text(std::string_view text) override {
    if (ignored_depth_ != 0) return;
    if (capture_.depth != 0) {
      if (capture_.dropped_depth == 0) capture_.text.append(text);
    } else if (person_depth_ != 0) {
      person_text_.append(text);
    }
  }

  void finish() {
    end_capture();
    if (entry_depth_ != 0) end_entry();
    complete(feed, feed_said_);
    if (feed.lang.empty()) feed.lang = scope_.lang().value_or("");
    for (const auto i : without_lang_) feed.entries[i].lang = feed.lang;
  }

 private:
  FeedHead& head() { return entry_depth_ != 0 ? static_cast<FeedHead&>(entry_) : feed; }
  Said& said() { return entry_depth_ != 0 ? entry_said_ : feed_said_; }

  /// A document has few namespaces, and each is one text.
  FeedModule module_of(const XmlElement& element) {
    for (const auto& known : modules_)
      if (known.space == element.space.data() && known.prefix == element.prefix.data())
        return known.module;
    const auto module = feed_module_of(element.space, element.prefix);
    if (modules_.size() < 64)
      modules_.push_back({element.space.data(), element.prefix.data(), module});
    return module;
  }

  // --- structure ---

  /// True for elements that hold others and say nothing by themselves.
  bool start_container(const XmlElement& element) {
    if (name_ == "rss" || name_ == "feed" || name_ == "channel") {
      is_feed = true;
      note_version(element);
      if (name_ != "channel" && scope_.lang()) feed.lang = *scope_.lang();
      if (name_ == "channel") take_attributes(element);
      return true;
    }
    const bool of_entry = entry_depth_ != 0 && name_ == "source";
    if (name_ != "image" && name_ != "textinput" && name_ != "contributor" && !of_entry)
      return false;
    ignored_depth_ = depth_;
    return true;
  }

  void note_version(const XmlElement& element) {
    using Pair = std::array<std::string_view, 2>;
    const auto said = element.attribute("version").value_or("");
    const auto named = [&](std::span<const Pair> names, std::string_view otherwise) {
      const auto found = std::ranges::find(names, said, [](const Pair& pair) { return pair[0]; });
      return std::string{found == names.end() ? otherwise : (*found)[1]};
    };
    static constexpr std::array<Pair, 4> rss{
        {{"0.91", "rss091u"}, {"0.92", "rss092"}, {"0.93", "rss093"}, {"0.94", "rss094"}}};
    static constexpr std::array<Pair, 3> atom{
        {{"0.1", "atom01"}, {"0.2", "atom02"}, {"0.3", "atom03"}}};
    if (feed.version.empty()) feed.version = version_by_space(element);
    if (name_ == "rss" && !feed.version.starts_with("rss"))
      feed.version = named(rss, said.starts_with("2.") ? "rss20" : "rss");
    if (name_ == "feed" && feed.version.empty()) feed.version = named(atom, "atom");
  }

  /// By the namespaces that a container declares, or is in.
  static std::string version_by_space(const XmlElement& element) {
    const auto version_of = [](std::string_view uri) -> std::string {
      const auto lowered = lower_case(uri);
      if (lowered == "http://my.netscape.com/rdf/simple/0.9/") return "rss090";
      if (lowered == "http://purl.org/rss/1.0/") return "rss10";
      return {};
    };
    if (lower_case(element.space) == "http://www.w3.org/2005/atom") return "atom10";
    auto version = version_of(element.space);
    for (const auto& space : element.namespaces)
      if (version.empty()) version = version_of(space.uri);
    return version;
  }

  void note_rdf(const XmlElement& element) {
    if (feed.version.empty()) feed.version = version_by_space(element);
    if (!feed.version.empty()) is_feed = true;
    if (scope_.lang()) feed.lang = *scope_.lang();
  }

  void start_entry(const XmlElement& element) {
    if (entry_depth_ != 0) end_entry();  // the last one was never closed
    is_feed = true;
    if (feed.version.empty()) feed.version = version_by_space(element);
    entry_depth_ = depth_;
    entry_ = {};
    entry_said_ = {};
    entry_said_.lang = scope_.lang();
    for (const auto& attribute : element.attributes)
      if (attribute.name == "about") entry_.id = trim(attribute.value);
    take_attributes(element);
  }

  /// What the Channel Definition Format says of channels and items.
  void take_attributes(const XmlElement& element) {
    for (const auto& attribute : element.attributes) {
      const auto name = lower_case(attribute.name);
      if (name == "href") head().link = scope_.resolve(attribute.value);
      if (name == "lastmod") head().updated = parse_feed_date(attribute.value);
    }
  }

  void end_entry() {
    if (person_depth_ != 0) end_person();
    complete(entry_, entry_said_);
    auto& said = entry_said_;
    entry_depth_ = 0;
    if (++feed.items > most_feed_entries) return;
    if (entry_.summary.empty()) entry_.summary = said.other_summary;
    if (entry_.summary.empty()) entry_.summary = entry_.content;
    if (entry_.date_text.empty())
      entry_.date_text = said.created_text.empty() ? said.updated_text : said.created_text;
    if (entry_.place.empty() && !said.latitude.empty() && !said.longitude.empty())
      entry_.place = said.latitude + "," + said.longitude;
    const auto lang =
        std::ranges::find_if(said.langs, [](const auto& one) { return one.has_value(); });
    const auto& spoken = lang != said.langs.end() ? *lang : said.lang;
    if (spoken)
      entry_.lang = *spoken;
    else
      without_lang_.push_back(feed.entries.size());
    feed.entries.push_back(std::move(entry_));
  }

  static void complete(FeedHead& head, Said& said) {
    if (head.id.empty()) head.id = said.other_id;
    if (head.link.empty()) head.link = said.other_link;
    if (!head.published) head.published = said.created;
    if (head.author.empty()) head.author = said.other_author;
  }

  // --- fields ---

  void start_field(FeedModule module, const XmlElement& element) {
    const auto slot = feed_slot_of(module, name_);
    if (person_depth_ != 0) {
      if (const auto part = part_of_person(); part != FeedSlot::none)
        return start_capture(part, element);
      if (slot == FeedSlot::none) return;
      end_person();  // it was never closed
    }
    switch (slot) {
      case FeedSlot::none:
        if (module == FeedModule::core && name_ == "enclosure") take_enclosure(element);
        return;
      case FeedSlot::link:
        return take_link(element);
      case FeedSlot::author:
      case FeedSlot::other_author:
        person_slot_ = slot;
        person_depth_ = depth_;
        person_ = {};
        person_text_.clear();
        return;
      case FeedSlot::tag:
        for (const auto* attribute : {"term", module == FeedModule::itunes ? "text" : "term"})
          add_tag(element.attribute(attribute).value_or(""));
        return start_capture(slot, element);
      default:
        return start_capture(slot, element);
    }
  }

  FeedSlot part_of_person() const {
    if (name_ == "name") return FeedSlot::person_name;
    if (name_ == "email") return FeedSlot::person_email;
    if (name_ == "uri" || name_ == "url" || name_ == "homepage") return FeedSlot::person_url;
    return FeedSlot::none;
  }

  void take_parent(const XmlElement& element) {
    const auto ref = element.attribute("ref");
    if (ref && entry_.in_reply_to.empty()) entry_.in_reply_to = trim(*ref);
  }

  static std::optional<std::string_view> address_of(const XmlElement& element) {
    for (const auto* name : {"url", "uri", "href"})
      if (const auto address = element.attribute(name); address && !trim(*address).empty())
        return trim(*address);
    return {};
  }

  void take_enclosure(const XmlElement& element) {
    const auto address = address_of(element);
    if (!address || entry_depth_ == 0 || entry_.enclosures.size() >= longest_list) return;
    entry_.enclosures.push_back({scope_.resolve(*address),
                                 std::string{element.attribute("type").value_or("")},
                                 std::string{element.attribute("length").value_or("")}});
  }

  void take_link(const XmlElement& element) {
    const auto relation = lower_case(element.attribute("rel").value_or("alternate"));
    const auto address = address_of(element);
    if (!address) {  // then it may be the text
      if (relation == "enclosure") start_capture(FeedSlot::enclosure, element);
      if (relation == "alternate") start_capture(FeedSlot::link, element);
      return;
    }
    if (relation == "enclosure") return take_enclosure(element);
    if (relation == "self" && entry_depth_ == 0 && feed.self.empty())
      feed.self = scope_.resolve(*address);
    if (relation != "alternate") return;
    const auto type = lower_case(element.attribute("type").value_or("text/html"));
    const bool page = type.find("html") != std::string::npos;
    auto& link = page ? head().link : said().other_link;
    if (link.empty()) link = scope_.resolve(*address);
  }

  void add_tag(std::string_view tag) {
    tag = trim(tag);
    auto& tags = entry_.tags;
    if (entry_depth_ == 0 || tag.empty() || tags.size() >= longest_list) return;
    if (std::ranges::find(tags, tag) == tags.end()) tags.emplace_back(tag);
  }

  void end_person() {
    person_depth_ = 0;
    auto person = person_.empty() ? person_of(trim(person_text_)) : std::move(person_);
    auto& author = person_slot_ == FeedSlot::author ? head().author : said().other_author;
    if (author.empty()) author = std::move(person);
  }

  // --- text ---

  /// A second description or summary of an entry is its content.
  FeedSlot slot_of_text(FeedSlot slot) {
    const bool summary = slot == FeedSlot::description || slot == FeedSlot::summary;
    if (!summary || entry_depth_ == 0 || entry_.summary.empty() || entry_said_.has_content)
      return slot;
    return FeedSlot::content;
  }

  void start_capture(FeedSlot slot, const XmlElement& element) {
    capture_.slot = slot_of_text(slot);
    capture_.depth = depth_;
    capture_.dropped_depth = 0;
    capture_.base64 = capture_.has_elements = false;
    capture_.text.clear();
    capture_.break_after.clear();
    const auto permalink = lower_case(element.attribute("isPermaLink").value_or(""));
    capture_.is_guid = name_ == "guid";
    capture_.insists = permalink == "true";
    capture_.permalink = permalink.empty() || capture_.insists;
    capture_.markup = FeedMarkup::plain;
    if (!is_text_slot(slot)) return;
    if (slot == FeedSlot::content || slot == FeedSlot::html_content) said().has_content = true;
    note_markup(slot, element);
    note_lang(slot);
  }

  /// What `type` and `mode` say of the text, else what its element usually holds.
  void note_markup(FeedSlot slot, const XmlElement& element) {
    const bool atom = feed.version.starts_with("atom");
    const bool html = slot == FeedSlot::description || slot == FeedSlot::html_content;
    const auto plain = atom ? FeedMarkup::plain : FeedMarkup::guess;
    const auto type = lower_case(trim(element.attribute("type").value_or("")));
    const bool xml = type == "xhtml" || type.ends_with("+xml") || type.ends_with("/xml");
    const bool text = type == "text" || type == "plain" || type.starts_with("text/");
    if (type.empty())
      capture_.markup = html ? FeedMarkup::html : plain;
    else if (type == "html" || type == "text/html")
      capture_.markup = FeedMarkup::html;
    else
      capture_.markup = xml ? FeedMarkup::guess : plain;
    capture_.base64 = element.attribute("mode").value_or("") == "base64" ||
                      !(type.empty() || xml || text || type == "html");
  }

  void note_lang(FeedSlot slot) {
    const bool title = slot == FeedSlot::title || slot == FeedSlot::other_title;
    const bool content = slot == FeedSlot::content || slot == FeedSlot::html_content;
    auto& lang = entry_said_.langs[title ? 2 : content ? 0 : 1];
    if (entry_depth_ != 0 && !lang) lang = scope_.lang();
  }

  /// A field of the feed inside of a title, or any but HTML's names inside of another: the element
  /// was never closed.
  bool ends_capture(FeedModule module) const {
    if (module == FeedModule::xhtml || module == FeedModule::other) return false;
    const auto slot = feed_slot_of(module, name_);
    if (slot == FeedSlot::none || slot == capture_.slot) return false;
    const bool also_html =
        module == FeedModule::core && (name_ == "link" || name_ == "title" || name_ == "summary" ||
                                       name_ == "body" || name_ == "content");
    const bool holds_markup = is_text_slot(capture_.slot) && capture_.slot != FeedSlot::title;
    return !holds_markup || !also_html;
  }

  /// An element inside of text: XHTML, or HTML that nobody escaped.
  void start_inside_capture(const XmlElement& element) {
    if (capture_.slot == FeedSlot::tag) add_tag(element.attribute("text").value_or(""));
    // A div may be a wrapper around escaped markup.
    if (capture_.markup != FeedMarkup::html || name_ != "div") capture_.has_elements = true;
    if (capture_.dropped_depth == 0 && is_dropped_element(name_)) capture_.dropped_depth = depth_;
    const bool block = is_block_element(name_);
    if (block) capture_.text += block_break;
    capture_.break_after.resize(std::max(capture_.break_after.size(), depth_ + 1));
    capture_.break_after[depth_] = block;
    if (!origin_.links || entry_depth_ == 0 || !is_text_slot(capture_.slot)) return;
    const auto attribute = address_attribute(name_);
    if (!attribute.empty()) add_link(element.attribute(attribute).value_or(""));
  }

  void add_link(std::string_view address) {
    address = trim(address);
    if (address.empty() || !is_harmless_url(address) || entry_.links.size() >= longest_list) return;
    auto resolved = scope_.resolve(address);
    if (std::ranges::find(entry_.links, resolved) == entry_.links.end())
      entry_.links.push_back(std::move(resolved));
  }

  void end_capture() {
    const auto depth = std::exchange(capture_.depth, 0);
    if (depth == 0) return;
    if (is_text_slot(capture_.slot))
      take_text(depth);
    else if (const auto text = trim(capture_.text); !text.empty())
      take_value(text);
  }

  /// The plain text of what was captured.
  std::string captured_text() {
    std::string text;
    std::string decoded;
    std::string_view raw = capture_.text;
    if (capture_.base64 && !capture_.has_elements) {
      auto bytes = decode_base64(raw);
      if (bytes && !is_utf8(*bytes)) return text;
      if (bytes) raw = decoded = std::move(*bytes);
    }
    links_.clear();
    const bool gathers = origin_.links && entry_depth_ != 0;
    const auto markup = capture_.has_elements ? FeedMarkup::blocks : capture_.markup;
    append_feed_text(raw, markup, text, gathers ? &links_ : nullptr);
    for (const auto& link : links_) add_link(link);
    mend_encoding(text);
    return text;
  }

  void take_text(std::size_t depth) {
    auto& to = said();
    switch (capture_.slot) {
      case FeedSlot::title:
        if (depth >= to.title_depth) return;
        if (auto text = captured_text(); !text.empty()) {
          to.title_depth = depth;
          head().title = std::move(text);
        }
        return;
      case FeedSlot::other_title:
        if (head().title.empty()) head().title = captured_text();
        return;
      case FeedSlot::other_summary:
        if (to.other_summary.empty()) to.other_summary = captured_text();
        return;
      case FeedSlot::content:
      case FeedSlot::html_content:
        return take_content();
      case FeedSlot::feed_summary:
        if (entry_depth_ == 0 && feed.summary.empty()) feed.summary = captured_text();
        return;
      default:
        if (depth > to.summary_depth) return;
        if (auto text = captured_text(); !text.empty()) {
          to.summary_depth = depth;
          head().summary = std::move(text);
        }
    }
  }

  /// The first; but content:encoded goes before all others.
  void take_content() {
    if (entry_depth_ == 0) return;
    const bool html = capture_.slot == FeedSlot::html_content;
    if (!entry_.content.empty() && (!html || entry_said_.content_is_html)) return;
    if (auto text = captured_text(); !text.empty()) {
      entry_.content = std::move(text);
      entry_said_.content_is_html = html;
    }
  }

  void take_value(std::string_view text) {
    auto& to = said();
    auto& whose = head();
    switch (capture_.slot) {
      case FeedSlot::id:
        return take_id(text);
      case FeedSlot::other_id:
        to.other_id = text;
        return;
      case FeedSlot::link:
        if (to.link_is_text && is_web_address(whose.link)) return;
        to.link_is_text = true;
        whose.link = scope_.resolve(text);
        return;
      case FeedSlot::person_name:
        append_feed_text(text, FeedMarkup::guess, person_.name, nullptr);
        return;
      case FeedSlot::person_email:
        person_.email = text;
        return;
      case FeedSlot::person_url:
        person_.url = scope_.resolve(text);
        return;
      case FeedSlot::lang:
        (entry_depth_ != 0 ? to.langs[0].emplace() : feed.lang) = language_tag(text);
        return;
      case FeedSlot::tag:
        return add_tag(squeezed_text(text));
      case FeedSlot::tag_list:
        return add_tags(text);
      case FeedSlot::published:
      case FeedSlot::created:
      case FeedSlot::updated:
        return take_date(text);
      default:
        return take_detail(text);
    }
  }

  static bool is_web_address(std::string_view url) {
    return url.starts_with("http://") || url.starts_with("https://");
  }

  /// A guid stays as it is; one that is a permalink is also the link, if it is an address or
  /// insists. Atom's ids are references.
  void take_id(std::string_view text) {
    auto& id = head().id;
    id = capture_.is_guid ? std::string{text} : scope_.resolve(text);
    if (!capture_.permalink) return;
    if (is_web_address(id))
      said().other_link = id;
    else if (capture_.insists)
      said().other_link = scope_.resolve(id);
  }

  void take_date(std::string_view text) {
    const auto at = parse_feed_date(text);
    auto& to = said();
    auto& whose = head();
    switch (capture_.slot) {
      case FeedSlot::published:
        if (entry_depth_ != 0 && entry_.date_text.empty()) entry_.date_text = text;
        if (at) whose.published = at;
        return;
      case FeedSlot::created:
        to.created_text = text;
        if (at) to.created = at;
        return;
      default:
        to.updated_text = text;
        if (at) whose.updated = at;
    }
  }

  void add_tags(std::string_view list) {
    while (!list.empty()) {
      const auto comma = std::min(list.find(','), list.size());
      add_tag(list.substr(0, comma));
      list.remove_prefix(std::min(comma + 1, list.size()));
    }
  }

  void take_detail(std::string_view text) {
    if (capture_.slot == FeedSlot::ttl) {
      feed.ttl = text;
      return;
    }
    if (entry_depth_ == 0) return;
    switch (capture_.slot) {
      case FeedSlot::enclosure:
        if (entry_.enclosures.size() < longest_list)
          entry_.enclosures.push_back({scope_.resolve(text), {}, {}});
        return;
      case FeedSlot::comments:
        entry_.comments = scope_.resolve(text);
        return;
      case FeedSlot::reply_count:
        entry_.reply_count = text;
        return;
      case FeedSlot::place:
        entry_.place = text;
        return;
      case FeedSlot::latitude:
        entry_said_.latitude = text;
        return;
      case FeedSlot::longitude:
        entry_said_.longitude = text;
        return;
      default:
        return;
    }
  }

  struct KnownModule {
    const char* space;
    const char* prefix;
    FeedModule module;
  };

  const FeedOrigin& origin_;
  FeedScope scope_;
  std::vector<KnownModule> modules_;
  std::string name_;  ///< Of the element that started last, in lower case.
  FeedEntry entry_;
  Said entry_said_;
  Said feed_said_;
  Capture capture_;
  std::vector<std::string> links_;
  std::vector<std::size_t> without_lang_;  ///< Entries that have the feed's.
  FeedSlot person_slot_ = FeedSlot::none;
  FeedPerson person_;
  std::string person_text_;
  /// Of the element that is open; the depths below are 0 while there is none such.
  std::size_t depth_ = 0;
  std::size_t entry_depth_ = 0;
  std::size_t person_depth_ = 0;
  std::size_t ignored_depth_ = 0;
};

}  // namespace

Result<FeedDocument> read_xml_feed(std::string_view utf8, const FeedOrigin& origin) {
  FeedReader reader{origin};
  if (auto read = parse_xml(utf8, reader); !read) return read.error();
  reader.finish();
  if (!reader.is_feed)
    return Error{Error::Kind::format,
                 fmt::format("neither RSS nor Atom: the document is <{}>", reader.root)};
  return std::move(reader.feed);
}

}  // namespace earshot
