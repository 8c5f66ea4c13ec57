#include "tests/support/invented_archive.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

namespace earshot::test {

namespace {

constexpr std::int64_t day_zero = 1'767'225'600;  // 2026-01-01
constexpr std::int64_t span = std::int64_t{InventedArchive::days} * 86'400;

constexpr std::array<std::string_view, 8> openings{
    "The box came late again",       "Love the tomatoes",      "Where is my order?",
    "Does the van come on Sundays?", "Thank you so much",      "Terrible service today",
    "You should all try this",       "I want to buy two boxes"};
constexpr std::array<std::string_view, 6> places{"at the shop",      "from the mall",
                                                 "said @corner",     "in my street",
                                                 "near the station", "shop and mall alike"};
constexpr std::array<std::string_view, 12> words{"apples",  "bread",  "crate",   "driver",
                                                 "evening", "fridge", "garden",  "honey",
                                                 "invoice", "jam",    "kitchen", "lemons"};

template <std::size_t size>
std::string_view any_of(const std::array<std::string_view, size>& texts, Chance& chance) {
  return texts.at(chance.below(size));
}

}  // namespace

/// SplitMix64, by Sebastiano Vigna.
std::uint64_t Chance::next() {
  state_ += 0x9E3779B97F4A7C15ULL;
  auto bits = state_;
  bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9ULL;
  bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBULL;
  return bits ^ (bits >> 31);
}

std::string InventedArchive::text(Chance& chance) {
  auto text = fmt::format("{} {},", any_of(openings, chance), any_of(places, chance));
  for (auto more = chance.below(8); more > 0; --more)
    text.append(" ").append(any_of(words, chance));
  if (chance.one_in(6)) text += " see https://town.example/" + std::to_string(chance.below(40));
  return text;
}

InventedPost InventedArchive::post(std::uint64_t number) const {
  Chance chance{seed_ * 1'000'003 + number * 7'919};
  InventedPost post{.number = number};
  const auto place = static_cast<std::int64_t>(number * (span - 86'400) / posts_);
  post.at = from_unix(day_zero + (chance.one_in(30)
                                      ? static_cast<std::int64_t>(chance.below(span))
                                      : place + static_cast<std::int64_t>(chance.below(86'400))));
  if (number > 0 && chance.one_in(4))
    post.parent =
        static_cast<std::int64_t>(number - 1 - chance.below(std::min<std::uint64_t>(number, 40)));
  const bool by_shop = post.parent >= 0 ? chance.one_in(2) : chance.one_in(40);
  post.author = by_shop ? "corner" : fmt::format("author{}", chance.below(3'000));
  post.text = text(chance);
  if (!chance.one_in(3)) post.likes = static_cast<std::int64_t>(chance.below(60));
  return post;
}

std::string invented_id(std::uint64_t number) {
  return 'p' + std::to_string(number);
}

void append_json_line(std::string& out, const InventedPost& post) {
  fmt::format_to(std::back_inserter(out),
                 R"({{"id":"{}","channel":"town{}","author":"{}","text":"{}","created_at":"{}")",
                 invented_id(post.number), post.number % 4, post.author, post.text,
                 format_instant(post.at));
  if (post.parent >= 0)
    fmt::format_to(std::back_inserter(out), R"(,"in_reply_to":"p{}")", post.parent);
  if (post.likes >= 0) fmt::format_to(std::back_inserter(out), R"(,"likes":{})", post.likes);
  out += "}\n";
}

std::string invented_mapping(Instant as_of) {
  return fmt::format(
      "format = 'jsonl'\nnetwork = 'town'\nas_of = '{}'\n"
      "[columns]\nid = 'id'\nchannel = 'channel'\nauthor = 'author'\ntext = 'text'\n"
      "posted_at = 'created_at'\nparent = 'in_reply_to'\nlikes = 'likes'\n",
      format_instant(as_of));
}

std::string invented_config(int version) {
  return fmt::format(
      "[project]\nname = 'Corner Shop'\n"
      "[brand]\nquery = 'shop OR @corner'\nhandles = ['corner']\n"
      "[[competitor]]\nname = 'Mall'\nquery = 'mall'\n"
      "[[topic]]\nname = 'food'\nquery = '{}'\n"
      "[store]\npath = 'store'\n",
      version == 1 ? "apples OR bread" : "bread OR honey OR box*");
}

}  // namespace earshot::test
