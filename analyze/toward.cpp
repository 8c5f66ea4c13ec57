#include "analyze/toward.hpp"

#include <algorithm>
#include <string_view>

#include "analyze/clauses.hpp"
#include "analyze/comparison_words.hpp"
#include "analyze/normalise.hpp"

namespace earshot {
namespace {

using Block = TowardScratch::Block;
using Attitude = TowardScratch::Attitude;

/// Of names and these alone no block tells anything.
constexpr auto empty_words = word_hashes({"and", "or", "but", "so", "then", "the", "at", "while",
                                          "because", "though", "although", "yet", "plus", "rt"});

consteval std::uint64_t literal(std::string_view word) {
  return word_hash(word);
}

class Telling {
 public:
  Telling(const NamedPost& post, const SentimentModel& model, TowardScratch& scratch,
          std::vector<EntityLabel>& rows)
      : post_{post}, model_{model}, scratch_{scratch}, rows_{rows} {}

  void run() {
    scratch_.post.cut(post_.text, post_.words, post_.namings, post_.parties);
    find_verdicts(scratch_.post, scratch_.verdicts);
    parts_ = scratch_.post.parts();
    tokens_ = scratch_.post.tokens();
    several_ = has_several_parties();
    put_blocks();
    scratch_.attitudes.assign(rows_.size(), {});
    for (const Block& block : scratch_.blocks) read(block);
    put_rows();
  }

 private:
  bool is_party(EntityIndex entity) const { return entity < post_.parties; }

  bool has_several_parties() const {
    return std::count_if(rows_.begin(), rows_.end(),
                         [&](const EntityLabel& row) { return is_party(row.entity); }) > 1;
  }

  // ---- Which parts are about whom ----

  void put_blocks() {
    scratch_.blocks.clear();
    std::vector<EntityIndex> last = entities_of_first();
    std::size_t verdict = 0;
    for (std::uint32_t i = 0; i < parts_.size(); ++i) {
      const PostParts::Part& part = parts_[i];
      std::vector<EntityIndex> about = part.entities.empty() ? last : part.entities;
      if (several_ && !is_party(about.empty() ? no_entity : about.front()))
        add_parties(last, about);
      put_block(i, part.foreign, about);
      EntityIndex winner = no_entity;
      for (; verdict < scratch_.verdicts.size() && scratch_.verdicts[verdict].part == i; ++verdict)
        if (scratch_.verdicts[verdict].wins) winner = scratch_.verdicts[verdict].party;
      if (winner != no_entity)
        last = {winner};
      else if (!part.entities.empty())
        last = is_joined(part) ? std::move(about) : named_last(part, about);
    }
  }

  std::vector<EntityIndex> entities_of_first() const {
    for (const PostParts::Part& part : parts_)
      if (!part.entities.empty()) return part.entities;
    return {};
  }

  /// A topic's part says something of the party spoken of, too.
  void add_parties(const std::vector<EntityIndex>& from, std::vector<EntityIndex>& to) const {
    for (const EntityIndex entity : from)
      if (is_party(entity)) to.push_back(entity);
    std::sort(to.begin(), to.end());
    to.erase(std::unique(to.begin(), to.end()), to.end());
  }

  void put_block(std::uint32_t part, bool foreign, const std::vector<EntityIndex>& about) {
    if (!scratch_.blocks.empty()) {
      Block& before = scratch_.blocks.back();
      if (before.foreign == foreign && before.entities == about) {
        before.last = part + 1;
        return;
      }
    }
    scratch_.blocks.push_back({part, part + 1, foreign, about});
  }

  /// The last party of a part that has several, with the part's topics.
  std::vector<EntityIndex> named_last(const PostParts::Part& part,
                                      std::vector<EntityIndex>& about) const {
    EntityIndex party = no_entity;
    for (std::uint32_t at = part.first; at < part.last; ++at)
      if (tokens_[at].party != no_entity) party = tokens_[at].party;
    std::erase_if(about, [&](EntityIndex each) { return is_party(each) && each != party; });
    return std::move(about);
  }

  /// All its parties stand side by side or with "and" between them; or there is but one.
  bool is_joined(const PostParts::Part& part) const {
    const PostParts::Token* before = nullptr;
    bool apart = false;  // another word came since the last name
    for (std::uint32_t at = part.first; at < part.last; ++at) {
      const PostParts::Token& token = tokens_[at];
      if (!token.named) {
        apart = apart || (token.hash != literal("and") && token.hash != literal("or"));
        continue;
      }
      if (token.party == no_entity || (apart && before != nullptr && before->party != token.party))
        return false;
      before = &token;
      apart = false;
    }
    return true;
  }

  // ---- What they say ----

  void read(const Block& block) {
    if (put_verdicts(block) || block.entities.empty()) return;
    const bool whole = scratch_.blocks.size() == 1;
    if (!whole && is_empty(block)) return;
    SentimentScore score{post_.sentiment, 0, 0, 0};
    Stance stance = post_.stance;
    if (!whole) {
      score = model_.score(text_of(block), scratch_.sentiment);
      stance = stance_of(block, score);
    }
    const bool takes =
        !block.foreign && std::all_of(parts_.begin() + block.first, parts_.begin() + block.last,
                                      [&](const auto& part) { return is_joined(part); });
    for (const EntityIndex entity : block.entities) {
      Attitude* attitude = attitude_of(entity);
      if (attitude == nullptr) continue;
      attitude->told = true;
      // Preferred to another and disliked all the same.
      if (attitude->preferred && score.sentiment == Sentiment::negative)
        attitude->stance = Stance::none;
      if (score.sentiment != Sentiment::neutral) attitude->sentiment = score.sentiment;
      if (takes && stance != Stance::none) attitude->stance = stance;
    }
  }

  /// False if nothing is compared in the block.
  bool put_verdicts(const Block& block) {
    bool any = false;
    const std::vector<Verdict>& all = scratch_.verdicts;
    for (; next_verdict_ < all.size() && all[next_verdict_].part < block.last; ++next_verdict_) {
      const Verdict& verdict = all[next_verdict_];
      any = true;
      if (Attitude* attitude = attitude_of(verdict.party))
        *attitude = verdict.wins ? Attitude{true, true, Sentiment::positive, Stance::advocate}
                                 : Attitude{true, false, Sentiment::negative, Stance::detractor};
    }
    return any;
  }

  Attitude* attitude_of(EntityIndex entity) {
    const auto row = std::lower_bound(
        rows_.begin(), rows_.end(), entity,
        [](const EntityLabel& each, EntityIndex wanted) { return each.entity < wanted; });
    if (row == rows_.end() || row->entity != entity) return nullptr;
    return &scratch_.attitudes[static_cast<std::size_t>(row - rows_.begin())];
  }

  bool is_empty(const Block& block) const {
    for (std::uint32_t at = parts_[block.first].first; at < parts_[block.last - 1].last; ++at)
      if (!tokens_[at].named &&
          std::find(empty_words.begin(), empty_words.end(), tokens_[at].hash) == empty_words.end())
        return false;
    return true;
  }

  /// The rules of stance know a party by its being mentioned: "avoid @".
  Stance stance_of(const Block& block, const SentimentScore& score) {
    std::string& text = scratch_.mentions;
    text.clear();
    std::size_t done = place_of(block.first);
    for (std::uint32_t at = parts_[block.first].first; at < parts_[block.last - 1].last; ++at) {
      if (!tokens_[at].named) continue;
      text.append(post_.text.substr(done, tokens_[at].begin - done)).append(" @x ");
      done = tokens_[at].end;
    }
    text.append(post_.text.substr(done, place_of(block.last) - done));
    SentimentModel::Scratch& sentiment = scratch_.sentiment;
    normalise(text, sentiment.normalised);
    sentiment.text.read(sentiment.normalised);
    return label_advocacy(sentiment.text, score, scratch_.advocacy).stance;
  }

  /// With the emoji and signs before the next block.
  std::string_view text_of(const Block& block) const {
    const std::size_t begin = place_of(block.first);
    return post_.text.substr(begin, place_of(block.last) - begin);
  }
  std::size_t place_of(std::uint32_t part) const {
    if (part == 0) return 0;
    return part == parts_.size() ? post_.text.size() : tokens_[parts_[part].first].begin;
  }

  void put_rows() {
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const Attitude& attitude = scratch_.attitudes[i];
      EntityLabel& row = rows_[i];
      if (!is_party(row.entity)) {
        if (attitude.told) row.sentiment = attitude.sentiment;
      } else if (!several_) {
        row.stance = post_.stance;
        if (attitude.sentiment != Sentiment::neutral) row.sentiment = attitude.sentiment;
      } else {
        if (attitude.told) row.sentiment = attitude.sentiment;
        row.stance = attitude.stance;
      }
    }
  }

  const NamedPost& post_;
  const SentimentModel& model_;
  TowardScratch& scratch_;
  std::vector<EntityLabel>& rows_;
  std::span<const PostParts::Part> parts_;
  std::span<const PostParts::Token> tokens_;
  std::size_t next_verdict_ = 0;
  bool several_ = false;  ///< The post concerns more than one party.
};

}  // namespace

void label_toward(const NamedPost& post, const SentimentModel& model, TowardScratch& scratch,
                  std::vector<EntityLabel>& rows) {
  Telling{post, model, scratch, rows}.run();
}

}  // namespace earshot
