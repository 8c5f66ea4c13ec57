#include "ingest/feed.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>

#include <fmt/format.h>

#include "ingest/date_text.hpp"
#include "ingest/feed_vocabulary.hpp"
#include "ingest/html_text.hpp"
#include "ingest/post_writer.hpp"
#include "ingest/url.hpp"
#include "ingest/xml.hpp"
#include "store/base/ascii.hpp"
#include "store/base/hash.hpp"

namespace earshot {

namespace {

constexpr std::uint64_t most_items = 10'000;
constexpr std::size_t bad_items_kept = 100;

/// What an item, or the feed itself, has said so far. The first to say something is believed.
struct Said {
  std::array<std::string, feed_slot_count> texts;
  std::string guid_link;  ///< A guid that is a permalink.
  std::string parent;
  std::string self;
  bool link_is_alternate = false;

  std::string& operator[](FeedSlot slot) { return texts[static_cast<std::size_t>(slot)]; }
  void clear() {
    for (auto& text : texts) text.clear();
    guid_link.clear();
    parent.clear();
    self.clear();
    link_is_alternate = false;
  }
};

/// Dates as feeds spell them: either format, whatever the element asks for.
std::optional<Instant> feed_date(std::string_view text) {
  text = trim(text);
  if (const auto date = parse_rfc3339(text)) return date;
  return parse_rfc822(text);
}

/// "bob@example.com (Bob)" and "Bob <bob@example.com>" are Bob.
std::string_view name_of_author(std::string_view author) {
  author = trim(author);
  if (author.ends_with(')') && author.find('@') < author.find('(')) {
    const auto open = author.find('(');
    const auto name = trim(author.substr(open + 1, author.size() - open - 2));
    if (!name.empty()) return name;
  }
  if (author.ends_with('>') && author.find('@') != std::string_view::npos) {
    const auto name = trim(author.substr(0, author.find('<')));
    if (!name.empty()) return name;
  }
  return author;
}

/// Whole words only: "The" does not begin "Theory".
bool begins_with(std::string_view text, std::string_view title) {
  if (!text.starts_with(title)) return false;
  if (title.empty() || text.size() == title.size()) return true;
  const auto next = static_cast<unsigned char>(text[title.size()]);
  return next < 0x30 || (next > 0x39 && next < 0x41) || (next > 0x5A && next < 0x61) ||
         (next > 0x7A && next < 0x80);
}

class FeedReader final : public XmlHandler {
 public:
  explicit FeedReader(const FeedOptions& options) : options_{options} {
    source_ = posts.texts.keep(options.source);
  }

  PostBatch posts;
  Said feed;
  std::uint64_t items = 0;
  std::uint64_t bad_items = 0;
  std::vector<BadLine> bad;
  bool is_feed = false;
  std::string root;

  void on_start(const XmlElement& element) override {
    ++depth_;
    if (ignored_depth_ != 0) return;
    const auto name = lower_case(element.name);
    if (capture_depth_ != 0) return start_inside_capture(name);
    const auto module = feed_module_of(element.space, element.prefix);
    const bool core = module == FeedModule::core || module == FeedModule::atom;
    if (depth_ == 1) start_root(name, element);
    if (!core && is_rdf_root(element, name)) return;
    if (core && (name == "item" || name == "entry")) return start_item(element);
    if (core &&
        (name == "image" || name == "textinput" || (name == "source" && item_depth_ != 0))) {
      ignored_depth_ = depth_;
      return;
    }
    if (core && name == "channel") return note_language(element, feed);
    start_field(module, name, element);
  }

  void on_end(std::string_view /*space*/, std::string_view /*name*/) override {
    const auto depth = depth_--;
    if (ignored_depth_ != 0) {
      if (depth == ignored_depth_) ignored_depth_ = 0;
    } else if (capture_depth_ != 0) {
      if (depth == capture_depth_) return end_capture();
      if (dropped_depth_ == depth) dropped_depth_ = 0;
      if (break_after_.size() > depth && break_after_[depth]) text_ += '\n';
    } else if (depth == person_depth_) {
      person_depth_ = 0;
    } else if (depth == item_depth_) {
      end_item();
    }
  }

  void on_text(std::string_view text) override {
    if (capture_depth_ != 0 && ignored_depth_ == 0 && dropped_depth_ == 0) text_.append(text);
  }

  void finish() {
    if (item_depth_ != 0) end_item();
  }

 private:
  Said& said() { return item_depth_ != 0 ? item_ : feed; }

  static bool is_rdf_root(const XmlElement& element, std::string_view name) {
    return name == "rdf" &&
           (element.prefix == "rdf" || element.space.find("rdf") != std::string_view::npos);
  }

  void start_root(const std::string& name, const XmlElement& element) {
    root = name;
    is_feed =
        name == "rss" || name == "rdf" || name == "feed" || name == "channel" || name == "entry";
    note_language(element, feed);
  }

  static void note_language(const XmlElement& element, Said& said) {
    for (const auto& attribute : element.attributes)
      if (attribute.name == "lang" && attribute.prefix == "xml" && said[FeedSlot::lang].empty())
        said[FeedSlot::lang] = attribute.value;
  }

  void start_item(const XmlElement& element) {
    if (item_depth_ != 0) end_item();  // the last one was never closed
    item_depth_ = depth_;
    item_.clear();
    note_language(element, item_);
    for (const auto& attribute : element.attributes)
      if (attribute.name == "about") item_[FeedSlot::id] = trim(attribute.value);
    is_feed = true;
  }

  void start_field(FeedModule module, std::string_view name, const XmlElement& element) {
    const bool atom = module == FeedModule::atom;
    if (person_depth_ != 0) {
      if (name == "name") start_capture(FeedSlot::person_name, element, atom);
      if (name == "uri" || name == "url") start_capture(FeedSlot::person_uri, element, atom);
      return;
    }
    if (atom && name == "link") return take_link(element);
    if (atom && name == "author") {
      person_depth_ = depth_;
      return;
    }
    if (module == FeedModule::thread && name == "in-reply-to") {
      const auto parent = element.attribute("ref");
      if (parent && item_.parent.empty()) item_.parent = trim(*parent);
      return;
    }
    const auto slot = feed_slot_of(module, name);
    if (slot == FeedSlot::none) return;
    permalink_ =
        name == "guid" && lower_case(element.attribute("isPermaLink").value_or("true")) != "false";
    start_capture(slot, element, atom);
  }

  /// The first alternate; any other link with an address only until one comes.
  void take_link(const XmlElement& element) {
    const auto address = element.attribute("href");
    if (!address) return start_capture(FeedSlot::link, element, true);
    const auto relation = lower_case(element.attribute("rel").value_or("alternate"));
    auto& to = said();
    if (relation == "self" && to.self.empty()) to.self = trim(*address);
    if (relation != "alternate" || to.link_is_alternate) return;
    to.link_is_alternate = true;
    to[FeedSlot::link] = trim(*address);
  }

  void start_capture(FeedSlot slot, const XmlElement& element, bool atom) {
    slot_ = slot;
    capture_depth_ = depth_;
    text_.clear();
    markup_inside_ = false;
    dropped_depth_ = 0;
    break_after_.clear();
    const auto type = lower_case(element.attribute("type").value_or(""));
    const bool marked_up = type.find("html") != std::string::npos;
    is_html_ = atom ? marked_up : type != "text/plain" && type != "text";
    const bool binary = atom && slot == FeedSlot::content && !type.empty() && !marked_up &&
                        type != "text" && !type.starts_with("text/") && !type.ends_with("xml");
    if (binary) slot_ = FeedSlot::none;
    if (slot == FeedSlot::content || slot == FeedSlot::title || slot == FeedSlot::summary)
      note_language(element, said());
  }

  /// An element inside of text: XHTML, or HTML that nobody escaped.
  void start_inside_capture(std::string_view name) {
    markup_inside_ = true;
    if (dropped_depth_ == 0 && is_dropped_element(name)) dropped_depth_ = depth_;
    const bool block = is_block_element(name);
    if (block) text_ += '\n';
    break_after_.resize(std::max<std::size_t>(break_after_.size(), depth_ + 1));
    break_after_[depth_] = block;
  }

  void end_capture() {
    capture_depth_ = 0;
    const auto slot = slot_;
    const auto raw = trim(text_);
    if (slot == FeedSlot::none || raw.empty()) return;
    auto& to = said();
    if (slot == FeedSlot::id && permalink_ && to.guid_link.empty()) to.guid_link = raw;
    auto& kept = to[slot];
    if (!kept.empty()) return;
    const bool is_text = slot == FeedSlot::title || slot == FeedSlot::content ||
                         slot == FeedSlot::summary || slot == FeedSlot::author ||
                         slot == FeedSlot::person_name || slot == FeedSlot::media_text;
    if (!is_text)
      kept = raw;
    else if (is_html_ && !markup_inside_)
      append_html_text(raw, kept);
    else
      append_plain_text(raw, kept);
  }

  /// Line ends that stand for block elements stay; they are all that there are where markup was
  /// inside.
  void append_plain_text(std::string_view raw, std::string& kept) {
    while (!raw.empty()) {
      const auto line_end = raw.find('\n');
      const auto line = squeezed_text(raw.substr(0, line_end));
      if (!line.empty()) kept.append(kept.empty() ? "" : markup_inside_ ? "\n" : " ").append(line);
      raw.remove_prefix(line_end == std::string_view::npos ? raw.size() : line_end + 1);
    }
  }

  void refuse(std::string reason) {
    ++bad_items;
    if (bad.size() < bad_items_kept) bad.push_back({0, std::move(reason)});
  }

  void end_item() {
    item_depth_ = person_depth_ = 0;
    if (++items > most_items) {
      ++bad_items;
      return;
    }
    auto& body =
        item_[FeedSlot::content].empty() ? item_[FeedSlot::summary] : item_[FeedSlot::content];
    const std::string_view text = body.empty() ? item_[FeedSlot::media_text] : body;
    const std::string_view title = item_[FeedSlot::title];
    if (text.empty() && title.empty()) return refuse(fmt::format("item {} has no text", items));
    Post& post = posts.posts.emplace_back();
    set_text(post, title, text);
    set_times(post);
    set_author(post);
    set_place(post);
    auto& texts = posts.texts;
    post.source = source_;
    post.filtered = options_.filtered;
    post.parent_id = texts.keep(item_.parent);
    post.lang = texts.keep(item_[FeedSlot::lang]);
    post.url = texts.keep(item_[FeedSlot::link].empty() ? item_.guid_link : item_[FeedSlot::link]);
    post.native_id = texts.keep(item_[FeedSlot::id]);
    if (post.native_id.empty()) post.native_id = post.url;
    if (post.native_id.empty())
      post.native_id =
          texts.keep(fmt::format("{:016x}", hash_pair(title.empty() ? text : title, date_text())));
    post.engagement.replies = parse_count(item_[FeedSlot::reply_count]);
    post.engagement.observed_at = options_.now;
  }

  std::string_view date_text() {
    for (const auto slot :
         {FeedSlot::published, FeedSlot::issued, FeedSlot::created, FeedSlot::updated})
      if (!item_[slot].empty()) return item_[slot];
    return {};
  }

  void set_text(Post& post, std::string_view title, std::string_view text) {
    auto& texts = posts.texts;
    if (begins_with(text, title)) {
      post.text = texts.keep(text);
    } else if (text.empty()) {
      post.text = texts.keep(title);
    } else {
      char* const room = texts.room(title.size() + 1 + text.size());
      title.copy(room, title.size());
      room[title.size()] = '\n';
      text.copy(room + title.size() + 1, text.size());
      post.text = {room, title.size() + 1 + text.size()};
    }
  }

  void set_times(Post& post) {
    std::optional<Instant> posted;
    for (const auto slot : {FeedSlot::published, FeedSlot::issued, FeedSlot::created})
      if (!posted) posted = feed_date(item_[slot]);
    const auto updated = feed_date(item_[FeedSlot::updated]);
    post.dated = posted || updated;
    post.posted_at = posted ? *posted : updated.value_or(options_.now);
    if (updated && (!posted || *updated > *posted)) post.edited_at = *updated;
  }

  void set_author(Post& post) {
    auto& texts = posts.texts;
    const bool person =
        !item_[FeedSlot::person_name].empty() || !item_[FeedSlot::person_uri].empty();
    post.author_name =
        texts.keep(person ? item_[FeedSlot::person_name] : name_of_author(item_[FeedSlot::author]));
    post.author_id = item_[FeedSlot::person_uri].empty() ? post.author_name
                                                         : texts.keep(item_[FeedSlot::person_uri]);
    if (post.author_name.empty()) post.author_name = post.author_id;
  }

  void set_place(Post& post) {
    if (!item_[FeedSlot::place].empty()) {
      auto point = item_[FeedSlot::place];
      const auto gap = std::ranges::find_if(point, is_space);
      if (gap != point.end()) point.replace(gap, std::find_if_not(gap, point.end(), is_space), ",");
      post.place = posts.texts.keep(point);
    } else if (!item_[FeedSlot::latitude].empty() && !item_[FeedSlot::longitude].empty()) {
      post.place = posts.texts.keep(item_[FeedSlot::latitude] + "," + item_[FeedSlot::longitude]);
    }
  }

  const FeedOptions& options_;
  std::string_view source_;
  Said item_;
  /// Of the element that is open; the depths below are 0 while there is none such.
  std::size_t depth_ = 0;
  std::size_t item_depth_ = 0;
  std::size_t person_depth_ = 0;
  std::size_t ignored_depth_ = 0;
  std::size_t capture_depth_ = 0;
  std::size_t dropped_depth_ = 0;
  /// By depth, inside a capture: a block element, which ends a line.
  std::vector<bool> break_after_;
  FeedSlot slot_ = FeedSlot::none;
  bool is_html_ = false;
  bool markup_inside_ = false;
  bool permalink_ = false;
  std::string text_;
};

/// What only the whole document can say: addresses, the feed's own language and author, ids that
/// are given twice.
void complete(FeedReader& read, std::string_view url, const FeedOptions& options) {
  auto& texts = read.posts.texts;
  const std::string own = !url.empty()              ? std::string{url}
                          : !read.feed.self.empty() ? read.feed.self
                                                    : read.feed[FeedSlot::link];
  const auto network =
      texts.keep(options.network.empty() ? "feed:" + std::string{without_scheme_and_query(own)}
                                         : std::string{options.network});
  const auto channel = texts.keep(!options.channel.empty() ? options.channel
                                  : !read.feed[FeedSlot::title].empty()
                                      ? std::string_view{read.feed[FeedSlot::title]}
                                      : host_of(own));
  const auto lang = texts.keep(read.feed[FeedSlot::lang]);
  const auto author_name = texts.keep(read.feed[FeedSlot::person_name]);
  const auto author_id = read.feed[FeedSlot::person_uri].empty()
                             ? author_name
                             : texts.keep(read.feed[FeedSlot::person_uri]);
  std::unordered_map<std::string_view, int> times;
  for (const auto& post : read.posts.posts) ++times[post.native_id];
  for (auto& post : read.posts.posts) {
    const bool repeated = times[post.native_id] > 1;
    if (!post.url.starts_with("https://") && !post.url.starts_with("http://"))
      post.url = texts.keep(resolve_url(own, post.url));
    if (repeated && post.native_id != post.url && !post.url.empty())
      post.native_id = texts.keep(fmt::format("{} {}", post.native_id, post.url));
    post.network = network;
    post.channel = channel;
    if (post.lang.empty()) post.lang = lang;
    if (post.author_name.empty()) {
      post.author_name = author_name;
      post.author_id = author_id;
    }
  }
}

}  // namespace

Result<ParsedFeed> parse_feed(std::string_view bytes, std::string_view url,
                              const FeedOptions& options) {
  FeedReader reader{options};
  if (auto read = parse_xml(bytes, options.charset, reader); !read) return read.error();
  reader.finish();
  if (!reader.is_feed)
    return Error{Error::Kind::format,
                 fmt::format("neither RSS nor Atom: the document is <{}>", reader.root)};
  complete(reader, url, options);
  ParsedFeed feed;
  feed.posts = std::move(reader.posts);
  feed.title = reader.feed[FeedSlot::title];
  feed.link = reader.feed[FeedSlot::link];
  feed.self = reader.feed.self;
  feed.items = reader.items;
  feed.bad_items = reader.bad_items;
  feed.bad = std::move(reader.bad);
  if (reader.items > most_items)
    feed.bad.push_back(
        {0, fmt::format("{} items past the first {}", reader.items - most_items, most_items)});
  if (const auto minutes = parse_count(reader.feed[FeedSlot::ttl]);
      minutes && *minutes > 0 && *minutes <= 525'600)
    feed.ttl = std::chrono::minutes{*minutes};
  return feed;
}

}  // namespace earshot
