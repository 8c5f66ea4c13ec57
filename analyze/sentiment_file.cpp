#include "analyze/sentiment_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <optional>

#include "analyze/features.hpp"
#include "analyze/language.hpp"
#include "analyze/lexicon.hpp"
#include "store/base/hash.hpp"

namespace earshot {
namespace {

static_assert(std::endian::native == std::endian::little, "a model is used as it lies in its file");

constexpr std::string_view magic = "earsent\n";
constexpr std::uint32_t format_version = 4;

constexpr std::size_t head_size = magic.size() + 4 * sizeof(std::uint32_t) + sizeof(std::uint64_t);
constexpr std::size_t numbers_size = 8 * sizeof(double);
constexpr std::size_t table_size = feature_rows * sizeof(SentimentWeight);
constexpr std::size_t checksum_size = sizeof(std::uint64_t);
constexpr std::size_t alignment = sizeof(std::uint64_t);
constexpr std::size_t most_notes = 1U << 20;
constexpr std::size_t most_slots = 1U << 24;

template <class Unsigned>
void put(std::string& to, Unsigned value) {
  for (std::size_t i = 0; i < sizeof value; ++i)
    to.push_back(static_cast<char>(value >> (8 * i) & 0xFFU));
}

template <class Unsigned>
Unsigned take(std::string_view& from) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < sizeof(Unsigned); ++i)
    value |= std::uint64_t{static_cast<unsigned char>(from[i])} << (8 * i);
  from.remove_prefix(sizeof(Unsigned));
  return static_cast<Unsigned>(value);
}

constexpr std::string_view name_key = "name\t", languages_key = "languages\t";

/// A line a fact, and empty lines up to the alignment.
std::string write_notes(const SentimentParameters& parameters) {
  std::string notes = fmt::format("{}{}\n", name_key, parameters.name);
  notes += languages_key;
  for (const Lang& lang : parameters.languages)
    notes.append(notes.ends_with('\t') ? "" : " ").append(lang.data(), lang.size());
  notes += '\n';
  for (const TrainingFile& file : parameters.training)
    notes += fmt::format("training\t{}\t{}\t{} rows\tweight {}\txxh3 {:016x}\t{}\n", file.name,
                         file.role, file.rows, file.weight, file.hash, file.licence);
  for (const ReachedScore& score : parameters.scores)
    notes += fmt::format("score\t{}\t{} rows\tmacro recall {:.3f}\taccuracy {:.3f}\n", score.name,
                         score.rows, score.macro_recall, score.accuracy);
  notes.append((alignment - notes.size() % alignment) % alignment, '\n');
  return notes;
}

/// The rest of the line that begins so, and takes it from the front; nothing if another is there.
std::optional<std::string_view> take_line(std::string_view& notes, std::string_view key) {
  if (!notes.starts_with(key)) return std::nullopt;
  const auto line = notes.substr(0, notes.find('\n'));
  notes.remove_prefix(std::min(notes.size(), line.size() + 1));
  return line.substr(key.size());
}

/// Of codes with a blank between them. Nothing if one of them is none.
std::optional<std::vector<Lang>> languages_in(std::string_view list) {
  std::vector<Lang> languages;
  while (!list.empty()) {
    const auto lang = lang_of(list.substr(0, list.find(' ')));
    if (!lang) return std::nullopt;
    languages.push_back(*lang);
    list.remove_prefix(std::min(list.size(), lang->size() + 1));
  }
  return languages;
}

Error error(const std::string& path, std::string_view what) {
  return {Error::Kind::config, fmt::format("{}: {}", path, what)};
}

}  // namespace

std::string encode_sentiment(const SentimentParameters& parameters) {
  const std::string notes = write_notes(parameters);
  const SentimentScales& scales = parameters.scales;
  std::string bytes{magic};
  bytes.reserve(head_size + numbers_size + notes.size() + table_size +
                parameters.lexicon.size() * sizeof(std::uint64_t) + checksum_size);
  for (const std::uint32_t value : {format_version, feature_version, std::uint32_t{feature_bits},
                                    static_cast<std::uint32_t>(parameters.lexicon.size())})
    put(bytes, value);
  put(bytes, std::uint64_t{notes.size()});
  for (const double value :
       {scales.word, scales.character, scales.bias[0], scales.bias[1], scales.positive_valence[0],
        scales.positive_valence[1], scales.negative_valence[0], scales.negative_valence[1]})
    put(bytes, std::bit_cast<std::uint64_t>(value));
  bytes += notes;
  for (const SentimentWeight weight : parameters.weights)
    put(bytes, static_cast<std::uint16_t>(weight));
  for (const std::uint64_t slot : parameters.lexicon) put(bytes, slot);
  put(bytes, hash_bytes(bytes));
  return bytes;
}

Result<SentimentView> view_sentiment(std::string_view bytes, const std::string& path) {
  if (!bytes.starts_with(magic)) return error(path, "not a sentiment model of earshot");
  if (bytes.size() < head_size) return error(path, "the model is cut short, copy it again");
  std::string_view rest = bytes.substr(magic.size());
  const auto format = take<std::uint32_t>(rest);
  const auto features = take<std::uint32_t>(rest);
  const auto bits = take<std::uint32_t>(rest);
  const auto slots = take<std::uint32_t>(rest);
  const auto notes_size = take<std::uint64_t>(rest);
  if (format != format_version || features != feature_version || bits != feature_bits)
    return error(
        path, fmt::format(
                  "the model is of format {}.{}.{} and this earshot reads {}.{}.{}, train it again",
                  format, features, bits, format_version, feature_version, feature_bits));
  if (notes_size > most_notes || notes_size % alignment != 0 || slots > most_slots)
    return error(path, "the model is damaged (its head is wrong), copy it again");
  const std::size_t lexicon_size = slots * sizeof(std::uint64_t);
  const std::size_t expected =
      numbers_size + notes_size + table_size + lexicon_size + checksum_size;
  if (rest.size() > expected)
    return error(path, "the model is damaged (its size is wrong), copy it again");
  if (rest.size() < expected) return error(path, "the model is cut short, copy it again");
  std::string_view tail = bytes.substr(bytes.size() - checksum_size);
  if (take<std::uint64_t>(tail) != hash_bytes(bytes.substr(0, bytes.size() - checksum_size)))
    return error(path, "the model is damaged (its checksum differs), copy it again");

  SentimentView view;
  SentimentScales& scales = view.scales;
  for (double* value : {&scales.word, &scales.character, &scales.bias[0], &scales.bias[1],
                        &scales.positive_valence[0], &scales.positive_valence[1],
                        &scales.negative_valence[0], &scales.negative_valence[1]})
    *value = std::bit_cast<double>(take<std::uint64_t>(rest));
  std::string_view notes = rest.substr(0, notes_size);
  rest.remove_prefix(notes_size);
  const auto name = take_line(notes, name_key);
  const auto list = take_line(notes, languages_key);
  const auto languages = list ? languages_in(*list) : std::nullopt;
  if (!name || !languages)
    return error(path, "the model is damaged (its notes are wrong), copy it again");
  view.name = *name;
  view.languages = *languages;
  view.weights = {reinterpret_cast<const SentimentWeight*>(rest.data()), feature_rows};
  rest.remove_prefix(table_size);
  view.lexicon = {reinterpret_cast<const std::uint64_t*>(rest.data()), slots};
  if (!are_lexicon_slots(view.lexicon))
    return error(path, "the model is damaged (its lexicon is wrong), copy it again");
  return view;
}

}  // namespace earshot
