#include "analyze/sentiment_file.hpp"

#include <fmt/format.h>

#include <bit>

#include "analyze/features.hpp"
#include "analyze/lexicon.hpp"
#include "store/base/hash.hpp"

namespace earshot {
namespace {

static_assert(std::endian::native == std::endian::little, "a model is used as it lies in its file");

constexpr std::string_view magic = "earsent\n";
constexpr std::uint32_t format_version = 3;

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

/// A line a fact, and empty lines up to the alignment.
std::string write_notes(const SentimentParameters& parameters) {
  std::string notes = fmt::format("name\t{}\n", parameters.name);
  for (const TrainingFile& file : parameters.training)
    notes += fmt::format("training\t{}\t{}\t{} rows\tweight {}\txxh3 {:016x}\t{}\n", file.name,
                         file.role, file.rows, file.weight, file.hash, file.licence);
  for (const ReachedScore& score : parameters.scores)
    notes += fmt::format("score\t{}\t{} rows\tmacro recall {:.3f}\taccuracy {:.3f}\n", score.name,
                         score.rows, score.macro_recall, score.accuracy);
  notes.append((alignment - notes.size() % alignment) % alignment, '\n');
  return notes;
}

std::string_view name_in(std::string_view notes) {
  constexpr std::string_view key = "name\t";
  if (!notes.starts_with(key)) return {};
  notes.remove_prefix(key.size());
  return notes.substr(0, notes.find('\n'));
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
    put(bytes, static_cast<std::uint32_t>(weight));
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
  view.name = name_in(rest.substr(0, notes_size));
  rest.remove_prefix(notes_size);
  view.weights = {reinterpret_cast<const SentimentWeight*>(rest.data()), feature_rows};
  rest.remove_prefix(table_size);
  view.lexicon = {reinterpret_cast<const std::uint64_t*>(rest.data()), slots};
  if (!are_lexicon_slots(view.lexicon))
    return error(path, "the model is damaged (its lexicon is wrong), copy it again");
  return view;
}

}  // namespace earshot
