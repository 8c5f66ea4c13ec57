#include "ingest/feed_xml.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "ingest/encoding.hpp"
#include "ingest/feed_builder.hpp"
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

  bool is_feed = false;
  std::string root;

  void on_doctype(std::string_view declaration) override {
    if (declaration.find("-//Netscape Communications//DTD RSS 0.91//EN") != std::string_view::npos)
      feed().version = "rss091n";
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
    if (module == FeedModule::thread && name_ == "in-reply-to")
      return builder_.take_parent(element.attribute("ref").value_or(""));
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
      entry_depth_ = 0;
      builder_.end_entry();
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

  FeedDocument finish() {
    end_capture();
    if (person_depth_ != 0) end_person();
    return builder_.finish(scope_.lang());
  }

 private:
  FeedDocument& feed() { return builder_.feed(); }

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
      if (name_ != "channel" && scope_.lang()) feed().lang = *scope_.lang();
      if (name_ == "channel") take_attributes(element);
      return true;
    }
    // RSS names the feed that an entry was taken from; Atom repeats what that feed says.
    const bool of_entry = builder_.in_entry() && name_ == "source" && !element.attribute("url");
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
    auto& version = feed().version;
    if (version.empty()) version = version_by_space(element);
    if (name_ == "rss" && !version.starts_with("rss"))
      version = named(rss, said.starts_with("2.") ? "rss20" : "rss");
    if (name_ == "feed" && version.empty()) version = named(atom, "atom");
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
    if (feed().version.empty()) feed().version = version_by_space(element);
    if (!feed().version.empty()) is_feed = true;
    if (scope_.lang()) feed().lang = *scope_.lang();
  }

  void start_entry(const XmlElement& element) {
    if (person_depth_ != 0) end_person();
    is_feed = true;
    if (feed().version.empty()) feed().version = version_by_space(element);
    entry_depth_ = depth_;
    builder_.start_entry(scope_.lang());
    for (const auto& attribute : element.attributes)
      if (attribute.name == "about") builder_.head().id = trim(attribute.value);
    take_attributes(element);
  }

  /// What the Channel Definition Format says of channels and items.
  void take_attributes(const XmlElement& element) {
    for (const auto& attribute : element.attributes) {
      const auto name = lower_case(attribute.name);
      if (name == "href") builder_.head().link = scope_.resolve(attribute.value);
      if (name == "lastmod") builder_.head().updated = parse_feed_date(attribute.value);
    }
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
        take_tag(element);
        return start_capture(slot, element);
      case FeedSlot::like_count:
        if (const auto count = element.attribute("count")) return builder_.take_value(slot, *count);
        return start_capture(slot, element);
      case FeedSlot::source:
        builder_.take_source(scope_.resolve(element.attribute("url").value_or("")));
        return start_capture(slot, element);
      default:
        return start_capture(slot, element);
    }
  }

  /// What a category is called in its attributes: Atom's term, iTunes' text, else a label.
  void take_tag(const XmlElement& element) {
    for (const auto* name : {"term", "text", "label"})
      if (const auto tag = trim(element.attribute(name).value_or("")); !tag.empty())
        return builder_.add_tag(tag);
  }

  FeedSlot part_of_person() const {
    if (name_ == "name") return FeedSlot::person_name;
    if (name_ == "email") return FeedSlot::person_email;
    if (name_ == "uri" || name_ == "url" || name_ == "homepage") return FeedSlot::person_url;
    return FeedSlot::none;
  }

  static std::optional<std::string_view> address_of(const XmlElement& element) {
    for (const auto* name : {"url", "uri", "href"})
      if (const auto address = element.attribute(name); address && !trim(*address).empty())
        return trim(*address);
    return {};
  }

  void take_enclosure(const XmlElement& element) {
    if (const auto address = address_of(element))
      builder_.add_enclosure({scope_.resolve(*address),
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
    if (relation == "self" && !builder_.in_entry() && feed().self.empty())
      feed().self = scope_.resolve(*address);
    if (!builder_.in_entry() && (relation == "prev-archive" || relation == "next") &&
        feed().older.empty())
      feed().older = scope_.resolve(*address);
    if (relation != "alternate") return;
    const auto type = lower_case(element.attribute("type").value_or("text/html"));
    builder_.take_alternate(scope_.resolve(*address), type.find("html") != std::string::npos);
  }

  void end_person() {
    person_depth_ = 0;
    builder_.take_person(person_slot_,
                         person_.empty() ? person_of(trim(person_text_)) : std::move(person_));
  }

  // --- text ---

  void start_capture(FeedSlot slot, const XmlElement& element) {
    capture_.slot = slot;
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
    note_markup(slot, element);
    capture_.slot = builder_.begin_text(slot, scope_.lang());
  }

  /// What `type` and `mode` say of the text, else what its element usually holds.
  void note_markup(FeedSlot slot, const XmlElement& element) {
    const bool atom = feed().version.starts_with("atom");
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

  /// A field of the feed inside of a title, or any but HTML's names inside of another: the element
  /// was never closed.
  bool ends_capture(FeedModule module) const {
    if (module == FeedModule::xhtml || module == FeedModule::other) return false;
    const auto slot = feed_slot_of(module, name_);
    if (slot == FeedSlot::none || slot == capture_.slot) return false;
    const bool also_html =
        module == FeedModule::core && (name_ == "link" || name_ == "title" || name_ == "summary" ||
                                       name_ == "body" || name_ == "content" || name_ == "source");
    const bool holds_markup = is_text_slot(capture_.slot) && capture_.slot != FeedSlot::title;
    return !holds_markup || !also_html;
  }

  /// An element inside of text: XHTML, or HTML that nobody escaped.
  void start_inside_capture(const XmlElement& element) {
    if (capture_.slot == FeedSlot::tag) take_tag(element);
    // A div may be a wrapper around escaped markup.
    if (capture_.markup != FeedMarkup::html || name_ != "div") capture_.has_elements = true;
    if (capture_.dropped_depth == 0 && is_dropped_element(name_)) capture_.dropped_depth = depth_;
    const bool block = is_block_element(name_);
    if (block) capture_.text += block_break;
    capture_.break_after.resize(std::max(capture_.break_after.size(), depth_ + 1));
    capture_.break_after[depth_] = block;
    if (!gathers_links() || !is_text_slot(capture_.slot)) return;
    const auto attribute = address_attribute(name_);
    if (!attribute.empty()) add_link(element.attribute(attribute).value_or(""));
  }

  bool gathers_links() const { return origin_.links && builder_.in_entry(); }

  void add_link(std::string_view address) {
    address = trim(address);
    if (is_harmless_url(address)) builder_.add_link(scope_.resolve(address));
  }

  void end_capture() {
    const auto depth = std::exchange(capture_.depth, 0);
    if (depth == 0) return;
    const auto slot = capture_.slot;
    if (!is_text_slot(slot)) {
      if (const auto text = trim(capture_.text); !text.empty()) take_value(text);
    } else if (builder_.wants_text(slot, depth)) {
      builder_.take_text(slot, depth, captured_text());
    }
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
    const auto markup = capture_.has_elements ? FeedMarkup::blocks : capture_.markup;
    append_feed_text(raw, markup, text, gathers_links() ? &links_ : nullptr);
    for (const auto& link : links_) add_link(link);
    mend_encoding(text);
    return text;
  }

  void take_value(std::string_view text) {
    const auto slot = capture_.slot;
    switch (slot) {
      case FeedSlot::id:
        return take_id(text);
      case FeedSlot::link:
        return builder_.take_link(scope_.resolve(text));
      case FeedSlot::person_name:
        if (person_.name.empty()) append_feed_text(text, FeedMarkup::guess, person_.name, nullptr);
        return;
      case FeedSlot::person_email:
        person_.email = text;
        return;
      case FeedSlot::person_url:
        person_.url = scope_.resolve(text);
        return;
      case FeedSlot::tag:
        return builder_.add_tag(squeezed_text(text));
      case FeedSlot::enclosure:
        return builder_.add_enclosure({scope_.resolve(text), {}, {}});
      case FeedSlot::comments:
        return builder_.take_value(slot, scope_.resolve(text));
      case FeedSlot::published:
      case FeedSlot::created:
      case FeedSlot::updated:
        return builder_.take_date(slot, text);
      default:
        return builder_.take_value(slot, text);
    }
  }

  /// A guid stays as it is; one that is a permalink is also the link, if it is an address or
  /// insists. Atom's ids are references.
  void take_id(std::string_view text) {
    auto id = capture_.is_guid ? std::string{text} : scope_.resolve(text);
    std::string permalink;
    if (capture_.permalink && (capture_.insists || is_web_address(id)))
      permalink = scope_.resolve(id);
    builder_.take_id(std::move(id), std::move(permalink), text);
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
  FeedBuilder builder_;
  Capture capture_;
  std::vector<std::string> links_;
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
  auto feed = reader.finish();
  if (!reader.is_feed)
    return Error{Error::Kind::format,
                 fmt::format("neither RSS nor Atom: the document is <{}>", reader.root)};
  return feed;
}

}  // namespace earshot
