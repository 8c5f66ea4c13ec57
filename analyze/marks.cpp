#include "analyze/marks.hpp"

#include <algorithm>
#include <array>

#include "store/base/flat_counter.hpp"
#include "store/base/hash.hpp"

namespace earshot {

namespace {

constexpr std::array<std::pair<Mark, std::string_view>, 4> queries{{
    {Mark::solved,
     R"(solved OR resolved OR "all sorted" OR "sorted now" OR "got sorted" OR "is sorted" OR "fixed now" OR "now fixed" OR "fixed it" OR "it is fixed" OR "it's fixed" OR "works now" OR "working now" OR "did the trick" OR "that worked" OR "problem gone")"},
    {Mark::how_to,
     R"("how to" OR "here is how" OR "here's how" OR "step by step" OR tutorial OR walkthrough OR guide OR recipe OR recipes OR tip OR tips OR "pro tip" OR howto OR "you can do this by" OR "what you do is")"},
    {Mark::press_release,
     R"("press release" OR "media release" OR "for immediate release" OR "media contact" OR "press contact" OR "is pleased to announce" OR "are pleased to announce" OR "is proud to announce" OR "are proud to announce" OR "announced today" OR "today announced")"},
    {Mark::automatic,  // what such a reply says of itself, and not what people call it
     R"("this is an automated" OR "this is an automatic" OR "do not reply to this" OR "inbox is not monitored" OR "mailbox is not monitored" OR "account is not monitored" OR "i am out of office" OR "i am currently out of office")"},
}};

constexpr std::size_t least_own_words = 4;
constexpr std::size_t least_content_words = 2;

/// Words of four letters and more that say nothing about what is asked.
constexpr std::array<std::string_view, 46> common_words{
    "about", "again", "also",   "anybody", "anyone", "been", "could",   "does", "doesn", "else",
    "ever",  "from",  "guys",   "have",    "hello",  "just", "know",    "like", "many",  "much",
    "need",  "only",  "please", "really",  "should", "some", "someone", "tell", "than",  "thanks",
    "that",  "their", "them",   "there",   "they",   "this", "want",    "what", "when",  "where",
    "which", "will",  "with",   "would",   "your",   "yours"};

std::size_t letters_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

bool is_content(const Word& word, std::string_view text) {
  return (word.kind == WordKind::plain || word.kind == WordKind::hashtag) &&
         letters_of(text) >= 4 && !std::ranges::binary_search(common_words, text);
}

/// ASCII letters and digits, and everything beyond ASCII.
void keep_letters(std::string& text) {
  std::erase_if(text, [](char c) {
    const bool ascii = static_cast<unsigned char>(c) < 0x80;
    return ascii && !(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9');
  });
}

}  // namespace

std::span<const std::pair<Mark, std::string_view>> mark_queries() {
  return queries;
}

bool is_link_only(std::span<const Word> words) {
  const auto count = [&](auto wanted) { return std::ranges::count_if(words, wanted); };
  const auto links = count([](const Word& word) { return word.kind == WordKind::link; });
  const auto own = count([](const Word& word) {
    return word.kind == WordKind::plain || word.kind == WordKind::hashtag;
  });
  return links > 0 && static_cast<std::size_t>(own) < least_own_words;
}

std::uint64_t question_of(std::span<const Word> words, std::vector<std::uint64_t>& content) {
  content.clear();
  for (const auto& word : words)
    if (const auto text = bare_word(word); is_content(word, text))
      content.push_back(hash_bytes(text));
  std::ranges::sort(content);
  content.erase(std::unique(content.begin(), content.end()), content.end());
  if (content.size() < least_content_words) return 0;
  std::uint64_t hash = 0;
  for (const auto word : content) hash = mix_bits(hash ^ word);
  return hash == 0 ? 1 : hash;
}

LookAlikes::LookAlikes(std::string_view brand) {
  fold_case(brand, brand_);
  keep_letters(brand_);
  if (letters_of(brand_) < 4) brand_.clear();
}

bool LookAlikes::match(const Post& post, std::string& scratch) const {
  if (brand_.empty()) return false;
  for (const auto author : {post.author_id, post.author_name}) {
    fold_case(author, scratch);
    keep_letters(scratch);
    if (scratch.find(brand_) != std::string::npos) return true;
  }
  return false;
}

}  // namespace earshot
