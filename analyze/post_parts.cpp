#include "analyze/post_parts.hpp"

#include <algorithm>
#include <array>
#include <iterator>

#include "analyze/clauses.hpp"

namespace earshot {
namespace {

template <std::size_t size>
consteval std::array<std::uint64_t, size> hashes_of(std::array<std::string_view, size> words) {
  std::array<std::uint64_t, size> hashes{};
  for (std::size_t i = 0; i < size; ++i) hashes[i] = word_hash(words[i]);
  return hashes;
}

constexpr auto contrasts = hashes_of(std::to_array<std::string_view>(
    {"but", "while", "whilst", "whereas", "although", "though", "however", "yet", "because",
     "unlike", "since", "cause", "cuz", "plus", "meanwhile"}));
constexpr auto joints = hashes_of(std::to_array<std::string_view>({"and", "or", "n", "nor"}));
constexpr auto speakers = hashes_of(std::to_array<std::string_view>({"i", "im", "ive", "we"}));
/// After these an "I" goes on with what was begun.
constexpr auto before_speaker = hashes_of(std::to_array<std::string_view>(
    {"that",   "if",    "when",  "what",  "how",   "which", "as",      "where",
     "than",   "why",   "so",    "and",   "but",   "or",    "because", "until",
     "before", "after", "while", "think", "thing", "time"}));
/// After "Acme, Bolt" these say that it is Bolt alone they speak of.
constexpr auto singular_verbs = hashes_of(std::to_array<std::string_view>(
    {"is", "isnt", "was", "wasnt", "has", "hasnt", "does", "doesnt", "keeps", "never", "always",
     "beats", "sucks", "rocks", "wins"}));

template <std::size_t size>
bool is_one_of(std::uint64_t word, const std::array<std::uint64_t, size>& list) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

/// What lies between two words.
struct Gap {
  bool comma = false;
  bool ends = false;  ///< Ends a part.
  bool asks = false;
  unsigned quotes = 0;
};

bool ends_part(std::string_view gap, std::size_t at) {
  switch (gap[at]) {
    case '!':
    case '?':
    case ';':
    case '(':
    case ')':
    case '\n':
    case '"':
      return true;
    case '.':
    case ':':
      return gap.size() > 1;  // "acme.com" and "10:30" go on
    case '-':
      return at > 0 && gap[at - 1] == ' ';
    default:
      // Emoji, and of the general punctuation the long dashes, quotation marks and dots.
      return static_cast<unsigned char>(gap[at]) >= 0xF0 ||
             (gap.substr(at).starts_with("\xE2\x80") && at + 2 < gap.size() &&
              (static_cast<unsigned char>(gap[at + 2]) & 0xF0) != 0x80);
  }
}

Gap read_gap(std::string_view gap) {
  Gap found;
  for (std::size_t at = 0; at < gap.size(); ++at) {
    found.comma |= gap[at] == ',';
    found.asks |= gap[at] == '?';
    const std::string_view rest = gap.substr(at);
    const bool quote =
        gap[at] == '"' || rest.starts_with("\xE2\x80\x9C") || rest.starts_with("\xE2\x80\x9D");
    found.quotes += quote ? 1 : 0;
    found.ends |= ends_part(gap, at);
  }
  return found;
}

std::uint64_t hash_of(const Word& word, std::vector<char>& letters) {
  if (!word.apostrophe) return word_hash(word.text);
  letters.clear();
  std::copy_if(word.text.begin(), word.text.end(), std::back_inserter(letters),
               [](char c) { return c != '\''; });
  return word_hash({letters.data(), letters.size()});
}

}  // namespace

class PostParts::Cutting {
 public:
  Cutting(PostParts& to, std::string_view text, std::span<const Word> words,
          std::span<const Naming> namings, EntityIndex parties)
      : to_{to}, text_{text}, words_{words}, namings_{namings}, parties_{parties} {}

  void run() {
    put_tokens();
    put_parts();
    put_entities();
  }

 private:
  std::vector<Token>& tokens() { return to_.tokens_; }

  /// Words of one name, and of names that overlap, are one token.
  void put_tokens() {
    std::vector<char> letters;
    token_of_.assign(words_.size(), 0);
    std::size_t next = 0;  // naming
    for (std::uint32_t i = 0; i < words_.size();) {
      Token token{0, no_entity, false, words_[i].begin, words_[i].end};
      std::uint32_t end = i + 1;
      for (; next < namings_.size() && namings_[next].first < end; ++next) {
        const Naming& naming = namings_[next];
        if (naming.entity >= parties_) continue;
        end = std::max(end, naming.first + naming.count);
        token.party = !token.named || token.party == naming.entity ? naming.entity : no_entity;
        token.named = true;
      }
      if (!token.named) token.hash = hash_of(words_[i], letters);
      for (; i < end; ++i) {
        token_of_[i] = static_cast<std::uint32_t>(tokens().size());
        token.end = words_[i].end;
      }
      tokens().push_back(token);
    }
  }

  bool named(std::size_t at) const { return at < to_.tokens_.size() && to_.tokens_[at].named; }
  std::uint64_t hash(std::size_t at) const {
    return at < to_.tokens_.size() ? to_.tokens_[at].hash : 0;
  }

  Gap gap_before(std::size_t at) const {
    const std::uint32_t end =
        at == to_.tokens_.size() ? static_cast<std::uint32_t>(text_.size()) : to_.tokens_[at].begin;
    const std::uint32_t begin = at == 0 ? 0 : to_.tokens_[at - 1].end;
    return read_gap(text_.substr(begin, end - begin));
  }

  void put_parts() {
    bool quoted = gap_before(0).quotes % 2 != 0;
    bool retweeted = false;
    bool names = false;  // the present part has a name in it
    std::uint32_t first = 0;
    const auto count = static_cast<std::uint32_t>(to_.tokens_.size());
    for (std::uint32_t at = 1; at <= count; ++at) {
      names |= named(at - 1);
      const Gap gap = gap_before(at);
      if (at < count && !cuts(at, gap, names)) continue;
      to_.parts_.push_back({first, at, gap.asks, quoted || retweeted, {}});
      quoted = quoted != (gap.quotes % 2 != 0);
      retweeted |= at > 3 && at < count && hash(at - 1) == word_hash("rt");
      first = at;
      names = false;
    }
  }

  bool cuts(std::size_t at, const Gap& gap, bool names) const {
    if (gap.ends || gap.quotes > 0) return true;
    if (at > 3 && hash(at - 1) == word_hash("rt")) return true;
    const bool joins = is_one_of(hash(at), joints);
    if (gap.comma) {
      const std::size_t other = joins ? at + 1 : at;
      return !named(at - 1) || !named(other) || is_one_of(hash(other + 1), singular_verbs);
    }
    if (joins) return !(named(at - 1) && named(at + 1));
    if (is_one_of(hash(at), contrasts)) return true;
    return names && is_one_of(hash(at), speakers) && !is_one_of(hash(at - 1), before_speaker);
  }

  void put_entities() {
    std::size_t part = 0;
    for (const Naming& naming : namings_) {
      const std::uint32_t token = token_of_[naming.first];
      while (to_.parts_[part].last <= token) ++part;
      to_.parts_[part].entities.push_back(naming.entity);
    }
    for (Part& each : to_.parts_) {
      std::sort(each.entities.begin(), each.entities.end());
      each.entities.erase(std::unique(each.entities.begin(), each.entities.end()),
                          each.entities.end());
    }
  }

  PostParts& to_;
  std::string_view text_;
  std::span<const Word> words_;
  std::span<const Naming> namings_;
  EntityIndex parties_;
  std::vector<std::uint32_t> token_of_;  ///< By word.
};

void PostParts::cut(std::string_view text, std::span<const Word> words,
                    std::span<const Naming> namings, EntityIndex parties) {
  tokens_.clear();
  parts_.clear();
  if (words.empty()) return;
  Cutting{*this, text, words, namings, parties}.run();
}

}  // namespace earshot
