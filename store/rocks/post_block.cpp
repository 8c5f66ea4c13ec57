#include "store/rocks/post_block.hpp"

#include <algorithm>
#include <utility>

#include "store/base/hash.hpp"

namespace earshot::rocks {

namespace {

// Bits of a post's flags; the last: the author's name is the author's id.
constexpr std::uint64_t dated = 1, filtered = 2, repost = 4, named_as_id = 8;

// In addresses: the author, the id, and "what follows is the address as it is".
constexpr char author_mark = '\1';
constexpr char id_mark = '\2';
constexpr char plain_mark = '\3';

/// Sources without ids of their own for authors give the same text twice.
bool is_named_as_id(const Post& post) {
  return post.author_name.size() == post.author_id.size() &&
         (post.author_name.data() == post.author_id.data() || post.author_name == post.author_id);
}

std::uint64_t flags_of(const Post& post) {
  return (post.dated ? dated : 0U) | (post.filtered ? filtered : 0U) | (post.repost ? repost : 0U) |
         (is_named_as_id(post) ? named_as_id : 0U);
}

/// 0 for unknown, else one more than it is.
std::uint64_t stored_count(const Count& count) {
  return count ? *count + 1 : 0;
}

/// What heads hold of many posts, member by member. Gathered in one pass: posts are large, and a
/// pass over them for each member would fetch them from afar each time.
struct HeadColumns {
  using Texts = std::vector<std::string_view>;
  using Numbers = std::vector<std::uint64_t>;
  using Times = std::vector<std::int64_t>;

  explicit HeadColumns(std::span<const PlacedPost> posts) {
    for (auto* texts : {&networks, &ids, &channels, &authors, &names, &parents, &roots, &langs,
                        &places, &sources})
      texts->reserve(posts.size());
    for (auto* numbers : {&flags, &likes, &shares, &replies, &followers})
      numbers->reserve(posts.size());
    for (auto* all : {&times, &edited, &observed, &missing}) all->reserve(posts.size());
    for (std::size_t i = 0; i < posts.size(); ++i) add(i, posts[i]);
  }

  Texts networks, ids, channels, authors, names, parents, roots, langs, places, sources;
  Numbers flags, likes, shares, replies, followers;
  Times times, edited, observed, missing;
  Numbers odd;  ///< Rows and hashes of ids that took another's place.

 private:
  void add(std::size_t row, const PlacedPost& placed) {
    const Post& post = *placed.post;
    // The texts are read a column at a time, from wherever another core has put them.
    for (const auto text : {post.native_id, post.author_id, post.parent_id})
      __builtin_prefetch(text.data());
    times.push_back(to_unix(placed.key.posted_at));
    networks.push_back(post.network);
    ids.push_back(post.native_id);
    if (!placed.named && placed.key.id != post_id_hash(post.network, post.native_id)) {
      odd.push_back(row);
      odd.push_back(placed.key.id);
    }
    flags.push_back(flags_of(post));
    channels.push_back(post.channel);
    authors.push_back(post.author_id);
    names.push_back((flags.back() & named_as_id) != 0 ? std::string_view{} : post.author_name);
    parents.push_back(post.parent_id);
    roots.push_back(post.root_id);
    const Engagement& engagement = post.engagement;
    likes.push_back(stored_count(engagement.likes));
    shares.push_back(stored_count(engagement.shares));
    replies.push_back(stored_count(engagement.replies));
    followers.push_back(stored_count(engagement.followers));
    edited.push_back(to_unix(post.edited_at));
    observed.push_back(to_unix(engagement.observed_at));
    missing.push_back(to_unix(post.missing_at));
    langs.push_back(post.lang);
    places.push_back(post.place);
    sources.push_back(post.source);
  }
};

bool has_marks(std::string_view url) {
  unsigned marks = 0;  // counted to the end, which is many characters at a time
  for (const char c : url)
    marks += static_cast<unsigned char>(c - author_mark) <= plain_mark - author_mark;
  return marks != 0;
}

/// Most addresses repeat the author and the id, which the block has already; the author most often
/// at the place where the address before had him, which is tried first.
std::string_view shortened_url(const Post& post, TextArena& arena, std::size_t& author_before) {
  const auto url = post.url;
  if (url.empty()) return url;
  constexpr std::size_t worth = 3;
  const auto place_of = [&](std::string_view what, std::size_t likely) {
    if (what.size() < worth) return std::string_view::npos;
    if (likely < url.size() && url.substr(likely).starts_with(what)) return likely;
    return url.ends_with(what) ? url.size() - what.size() : url.find(what);
  };
  struct Part {
    std::size_t begin, size;
    char mark;
  };
  Part id{place_of(post.native_id, std::string_view::npos), post.native_id.size(), id_mark};
  Part author{place_of(post.author_id, author_before), post.author_id.size(), author_mark};
  if (author.begin != std::string_view::npos) author_before = author.begin;
  if (author.begin < id.begin) std::swap(id, author);
  char* const room = arena.room(url.size() + 1);
  char* to = room;
  std::size_t at = 0;
  for (const Part& part : {id, author}) {
    if (part.begin == std::string_view::npos || part.begin < at) continue;
    to += url.copy(to, part.begin - at, at);
    *to++ = part.mark;
    at = part.begin + part.size;
  }
  to += url.copy(to, url.size() - at, at);
  if (!has_marks(url)) return {room, static_cast<std::size_t>(to - room)};
  *room = plain_mark;
  url.copy(room + 1, url.size());
  return {room, url.size() + 1};
}

std::string_view full_url(std::string_view url, std::string_view author, std::string_view id,
                          TextArena& arena) {
  if (url.empty()) return url;
  if (url.front() == plain_mark) return url.substr(1);
  std::string whole;
  for (const char c : url) {
    if (c == author_mark)
      whole.append(author);
    else if (c == id_mark)
      whole.append(id);
    else
      whole.push_back(c);
  }
  return arena.keep(whole);
}

std::uint64_t id_hash_from(std::uint64_t network_hash, std::string_view id) {
  const auto hash = hash_bytes(id, network_hash);
  return hash == 0 ? 1 : hash;
}

std::int64_t fact_count(std::uint64_t stored) {
  return stored == 0 ? unknown_count : static_cast<std::int64_t>(stored - 1);
}

}  // namespace

void encode_heads(std::span<const PlacedPost> posts, std::string& out) {
  constexpr std::size_t usual_size = 96;  // bytes a post, before they are compressed
  const HeadColumns columns{posts};
  Section section;
  section.bytes.reserve(posts.size() * usual_size);
  ColumnWriter to{section};
  const std::uint64_t size = posts.size();
  to.numbers({&size, 1});
  to.rising(columns.times);
  to.dictionary(columns.networks);
  to.ids(columns.ids);
  const std::uint64_t odd_size = columns.odd.size();
  to.numbers({&odd_size, 1});
  to.numbers(columns.odd);
  to.numbers(columns.flags);
  to.dictionary(columns.channels);
  to.dictionary(columns.authors);
  to.dictionary(columns.names);
  to.references(columns.parents, columns.ids);
  to.references(columns.roots, columns.ids);
  for (const auto* counts : {&columns.likes, &columns.shares, &columns.replies, &columns.followers})
    to.numbers(*counts);
  for (const auto* times : {&columns.edited, &columns.observed, &columns.missing})
    to.rising(*times);
  for (const auto* texts : {&columns.langs, &columns.places, &columns.sources})
    to.dictionary(*texts);
  out.clear();
  compress(section, out);
}

void encode_texts(std::span<const PlacedPost> posts, std::string& out) {
  std::vector<std::string_view> texts;
  std::vector<std::string_view> addresses;
  texts.reserve(posts.size());
  addresses.reserve(posts.size());
  TextArena arena;
  auto author_before = std::string_view::npos;
  for (const auto& post : posts) {
    texts.push_back(post.post->text);
    addresses.push_back(shortened_url(*post.post, arena, author_before));
  }
  Section section;
  ColumnWriter to{section};
  to.texts(texts);
  to.dictionary(addresses);
  out.clear();
  compress(section, out);
}

bool PostBlock::read_heads(std::string_view bytes) {
  keys_.clear();
  text_.clear();
  url_.clear();
  arena_.clear();
  std::size_t size = 0;
  if (!decompress(bytes, heads_)) return false;
  {
    ColumnReader header{heads_, 1, arena_};
    size = header.numbers(1).front();
    if (!header.ok() || size > most_in_block) return false;
  }
  ColumnReader from{heads_, size, arena_};
  from.numbers(1);
  if (!read_keys(from)) return keys_.clear(), false;
  flags_ = from.numbers();
  channels_ = from.dictionary();
  authors_ = from.dictionary();
  names_ = from.dictionary();
  parents_ = from.references(ids_);
  roots_ = from.references(ids_);
  for (auto* counts : {&likes_, &shares_, &replies_, &followers_}) *counts = from.numbers();
  edited_ = from.rising();
  observed_ = from.rising();
  missing_ = from.rising();
  for (auto* dictionary : {&langs_, &places_, &sources_}) *dictionary = from.dictionary();
  if (!from.done()) return keys_.clear(), false;
  hash_columns();
  return true;
}

bool PostBlock::read_keys(ColumnReader& from) {
  const auto times = from.rising();
  networks_ = from.dictionary();
  ids_ = from.ids();
  const auto odd_size = from.numbers(1).front();
  if (!from.ok() || odd_size > 2 * times.size() || odd_size % 2 != 0) return false;
  const auto odd = from.numbers(odd_size);
  network_hashes_.clear();
  for (const auto network : networks_.texts) network_hashes_.push_back(hash_bytes(network));
  keys_.reserve(times.size());
  for (std::size_t i = 0; i < times.size(); ++i)
    keys_.push_back(
        {from_unix(times[i]), id_hash_from(network_hashes_[networks_.rows[i]], ids_[i])});
  for (std::size_t i = 0; i < odd_size; i += 2) {
    if (odd[i] >= keys_.size()) return false;
    keys_[odd[i]].id = odd[i + 1];
  }
  return from.ok();
}

/// The hashes that facts hold, made once for each text where it repeats.
void PostBlock::hash_columns() {
  channel_hashes_.clear();
  for (const auto channel : channels_.texts) channel_hashes_.push_back(hash_bytes(channel));
  parent_hashes_.assign(size(), 0);
  root_hashes_.assign(size(), 0);
  authors_of_rows_.assign(size(), 0);
  std::vector<std::pair<std::uint32_t, std::uint64_t>> known(
      authors_.texts.size(), {UINT32_MAX, 0});  // network and hash of each author
  for (std::size_t i = 0; i < size(); ++i) {
    const auto network = networks_.rows[i];
    if (!parents_[i].empty())
      parent_hashes_[i] = id_hash_from(network_hashes_[network], parents_[i]);
    if (!roots_[i].empty()) root_hashes_[i] = id_hash_from(network_hashes_[network], roots_[i]);
    auto author = authors_[i];
    if (author.empty()) {
      author = (flags_[i] & named_as_id) != 0 ? author : names_[i];
      if (!author.empty()) authors_of_rows_[i] = id_hash_from(network_hashes_[network], author);
      continue;
    }
    auto& hash = known[authors_.rows[i]];
    if (hash.first != network) hash = {network, id_hash_from(network_hashes_[network], author)};
    authors_of_rows_[i] = hash.second;
  }
}

bool PostBlock::read_texts(std::string_view bytes) {
  if (!decompress(bytes, texts_)) return false;
  ColumnReader from{texts_, size(), arena_};
  text_ = from.texts();
  const auto addresses = from.dictionary();
  if (!from.done()) return text_.clear(), false;
  url_.clear();
  url_.reserve(size());
  for (std::size_t i = 0; i < size(); ++i)
    url_.push_back(full_url(addresses[i], authors_[i], ids_[i], arena_));
  return true;
}

Count PostBlock::count(const std::vector<std::uint64_t>& column, std::size_t row) const {
  return column[row] == 0 ? Count{} : Count{column[row] - 1};
}

Post PostBlock::post(std::size_t row) const {
  Post post;
  post.network = networks_[row];
  post.native_id = ids_[row];
  post.channel = channels_[row];
  post.author_id = authors_[row];
  post.author_name = (flags_[row] & named_as_id) != 0 ? post.author_id : names_[row];
  if (!text_.empty()) {
    post.text = text_[row];
    post.url = url_[row];
  }
  post.lang = langs_[row];
  post.parent_id = parents_[row];
  post.root_id = roots_[row];
  post.place = places_[row];
  post.source = sources_[row];
  post.posted_at = keys_[row].posted_at;
  post.edited_at = from_unix(edited_[row]);
  post.missing_at = from_unix(missing_[row]);
  post.engagement = {.likes = count(likes_, row),
                     .shares = count(shares_, row),
                     .replies = count(replies_, row),
                     .followers = count(followers_, row),
                     .observed_at = from_unix(observed_[row])};
  post.dated = (flags_[row] & dated) != 0;
  post.filtered = (flags_[row] & filtered) != 0;
  post.repost = (flags_[row] & repost) != 0;
  return post;
}

Fact PostBlock::fact(std::size_t row) const {
  return {.key = keys_[row],
          .channel = channel_hashes_[channels_.rows[row]],
          .author = authors_of_rows_[row],
          .parent = parent_hashes_[row],
          .root = root_hashes_[row],
          .likes = fact_count(likes_[row]),
          .shares = fact_count(shares_[row]),
          .replies = fact_count(replies_[row]),
          .followers = fact_count(followers_[row]),
          .filtered = (flags_[row] & filtered) != 0,
          .repost = (flags_[row] & repost) != 0};
}

}  // namespace earshot::rocks
