#include "store/rocks/columns.hpp"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstring>
#include <limits>
#include <memory>
#include <new>

#include "store/base/flat_counter.hpp"
#include "store/base/hash.hpp"

namespace earshot::rocks {

namespace {

// Between levels 1 and 2, on whose line more of either can be had for the other.
constexpr int zstd_level = 2;
constexpr int hash_log = 15;
constexpr int least_match = 7;
constexpr std::size_t block_header = 16;  // of zstd, with room to spare
constexpr std::uint64_t largest_section = 1ULL << 28U;
// Differences of two such ids stay within 64 bits.
constexpr std::uint64_t largest_id = 1ULL << 61U;

enum class IdKind : std::uint8_t { texts, decimals };

/// The number that eight characters in memory order are the digits of; false for others.
bool eight_digits(const char* text, std::uint64_t& value) {
  std::uint64_t eight = 0;
  std::memcpy(&eight, text, sizeof eight);
  constexpr std::uint64_t each = 0x0101010101010101ULL;
  if ((eight & (0xF0 * each)) != 0x30 * each || ((eight + 6 * each) & (0xF0 * each)) != 0x30 * each)
    return false;
  // Neighbours are joined: digits to pairs, pairs to fours, fours to the number. The factors are
  // 10 << 8 | 1, 100 << 16 | 1 and 10,000 << 32 | 1: the left one times ten, plus the right one.
  eight = (eight & (0x0F * each)) * 2561 >> 8U;
  eight = (eight & 0x00FF00FF00FF00FFULL) * 6553601 >> 16U;
  value = (eight & 0x0000FFFF0000FFFFULL) * 42949672960001 >> 32U;
  return true;
}
static_assert(std::endian::native == std::endian::little);

/// The number of which `text` is the plain decimal form.
bool is_decimal(std::string_view text, std::uint64_t& value) {
  constexpr std::size_t most_digits = 19;  // of any number of 64 bits
  if (text.empty() || text.size() > most_digits || (text.front() == '0' && text.size() > 1))
    return false;
  value = 0;
  for (; text.size() >= 8; text.remove_prefix(8)) {
    std::uint64_t eight = 0;
    if (!eight_digits(text.data(), eight)) return false;
    value = value * 100'000'000 + eight;
  }
  for (const char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
  }
  return value < largest_id;
}

/// Equal; most often for being the same bytes at the same place.
bool is_same(std::string_view left, std::string_view right) {
  return left.size() == right.size() && (left.data() == right.data() || left == right);
}

struct Hashed {
  std::size_t operator()(std::uint64_t hash) const { return hash; }
};

struct FreeCompressor {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};
ZSTD_CCtx* make_compressor() {
  ZSTD_CCtx* const context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, zstd_level);
  ZSTD_CCtx_setParameter(context, ZSTD_c_hashLog, hash_log);
  ZSTD_CCtx_setParameter(context, ZSTD_c_minMatch, least_match);
  return context;
}
struct FreeDecompressor {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

}  // namespace

void ColumnWriter::numbers(std::span<const std::uint64_t> values) {
  std::uint64_t all = 0;
  for (const auto value : values) all |= value;
  const auto planes = (static_cast<unsigned>(std::bit_width(all)) + 7) / 8;
  auto& bytes = out_.bytes;
  bytes.push_back(static_cast<char>(planes));
  for (unsigned plane = 0; plane < planes; ++plane) {
    const auto from = bytes.size();
    bytes.resize(from + values.size());
    for (std::size_t i = 0; i < values.size(); ++i)
      bytes[from + i] = static_cast<char>(values[i] >> (8 * plane));
    out_.end_stretch();
  }
}

void ColumnWriter::rising(std::span<const std::int64_t> values) {
  work_.clear();
  std::uint64_t last = 0;
  for (const auto value : values) {
    const auto now = static_cast<std::uint64_t>(value);
    work_.push_back(zigzag(static_cast<std::int64_t>(now - last)));
    last = now;
  }
  numbers(work_);
}

void ColumnWriter::texts(std::span<const std::string_view> texts) {
  work_.clear();
  std::size_t bytes = 0;
  for (const auto text : texts) {
    work_.push_back(text.size());
    bytes += text.size();
  }
  numbers(work_);
  out_.bytes.reserve(out_.bytes.size() + bytes);
  for (const auto text : texts) out_.bytes.append(text);
  out_.end_stretch();
}

void ColumnWriter::dictionary(std::span<const std::string_view> texts_of_rows) {
  FlatCounter<std::uint64_t, std::uint32_t, Hashed> numbered;  // from 1
  std::vector<std::string_view> distinct;
  std::vector<std::uint64_t> rows;
  rows.reserve(texts_of_rows.size());
  constexpr std::size_t few = 32;
  for (const auto text : texts_of_rows) {
    if (!rows.empty() && is_same(text, distinct[rows.back()])) {
      rows.push_back(rows.back());
      continue;
    }
    if (distinct.size() == few) numbered.reserve(texts_of_rows.size());
    auto hash = hash_bytes(text);
    for (;; ++hash) {  // two texts of one hash stay two
      auto& number = numbered[hash];
      if (number == 0) {
        distinct.push_back(text);
        number = static_cast<std::uint32_t>(distinct.size());
      }
      if (distinct[number - 1] != text) continue;
      rows.push_back(number - 1);
      break;
    }
  }
  const std::uint64_t count = distinct.size();
  numbers({&count, 1});
  texts(distinct);
  numbers(rows);
}

void ColumnWriter::ids(std::span<const std::string_view> ids) {
  std::vector<std::int64_t> decimals;
  decimals.reserve(ids.size());
  for (const auto id : ids) {
    std::uint64_t value = 0;
    if (!is_decimal(id, value)) break;
    decimals.push_back(static_cast<std::int64_t>(value));
  }
  const bool all = decimals.size() == ids.size();
  out_.bytes.push_back(static_cast<char>(all ? IdKind::decimals : IdKind::texts));
  if (all)
    rising(decimals);
  else
    texts(ids);
}

void ColumnWriter::references(std::span<const std::string_view> ids,
                              std::span<const std::string_view> own) {
  std::vector<std::uint64_t> distances;
  distances.reserve(ids.size());
  for (std::size_t i = 0; i < ids.size(); ++i) {
    std::uint64_t to = 0;
    std::uint64_t from = 0;
    if (ids[i].empty())
      distances.push_back(0);
    else if (is_decimal(ids[i], to) && is_decimal(own[i], from))
      distances.push_back(zigzag(static_cast<std::int64_t>(from - to)) + 1);
    else
      break;
  }
  const bool all = distances.size() == ids.size();
  out_.bytes.push_back(static_cast<char>(all ? IdKind::decimals : IdKind::texts));
  if (all)
    numbers(distances);
  else
    texts(ids);
}

std::uint8_t ColumnReader::byte() {
  if (rest_.empty()) return fail(), 0;
  const auto value = static_cast<std::uint8_t>(rest_.front());
  rest_.remove_prefix(1);
  return value;
}

std::vector<std::uint64_t> ColumnReader::numbers(std::size_t count) {
  std::vector<std::uint64_t> values(count);
  const std::size_t planes = byte();
  if (planes > 8 || rest_.size() < planes * count) return fail(), values;
  for (std::size_t plane = 0; plane < planes; ++plane) {
    const char* const from = rest_.data() + plane * count;
    for (std::size_t i = 0; i < count; ++i)
      values[i] |= std::uint64_t{static_cast<unsigned char>(from[i])} << (8 * plane);
  }
  rest_.remove_prefix(planes * count);
  return values;
}

std::vector<std::int64_t> ColumnReader::rising() {
  std::vector<std::int64_t> values;
  values.reserve(rows_);
  std::uint64_t last = 0;
  for (const auto step : numbers()) {
    last += static_cast<std::uint64_t>(from_zigzag(step));
    values.push_back(static_cast<std::int64_t>(last));
  }
  return values;
}

std::vector<std::string_view> ColumnReader::texts(std::size_t count) {
  std::vector<std::string_view> all(count);
  const auto sizes = numbers(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (rest_.size() < sizes[i]) {
      std::ranges::fill(all, std::string_view{});
      return fail(), all;
    }
    all[i] = rest_.substr(0, sizes[i]);
    rest_.remove_prefix(sizes[i]);
  }
  return all;
}

Dictionary ColumnReader::dictionary() {
  Dictionary dictionary;
  const auto count = numbers(1).front();
  if (count > rows_) fail();
  dictionary.texts = texts(ok_ ? count : 0);
  dictionary.rows.reserve(rows_);
  for (const auto row : numbers()) {
    if (row >= dictionary.texts.size()) break;
    dictionary.rows.push_back(static_cast<std::uint32_t>(row));
  }
  if (dictionary.rows.size() == rows_) return dictionary;
  fail();
  dictionary.texts.assign(1, {});
  dictionary.rows.assign(rows_, 0);
  return dictionary;
}

std::string_view ColumnReader::decimal(std::uint64_t value) {
  std::array<char, std::numeric_limits<std::uint64_t>::digits10 + 1> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  return arena_.keep({digits.data(), static_cast<std::size_t>(end - digits.data())});
}

std::vector<std::string_view> ColumnReader::ids() {
  if (static_cast<IdKind>(byte()) == IdKind::texts) return texts();
  std::vector<std::string_view> ids;
  ids.reserve(rows_);
  for (const auto value : rising()) ids.push_back(decimal(static_cast<std::uint64_t>(value)));
  return ids;
}

std::vector<std::string_view> ColumnReader::references(std::span<const std::string_view> own) {
  if (static_cast<IdKind>(byte()) == IdKind::texts) return texts();
  std::vector<std::string_view> ids(rows_);
  const auto distances = numbers();
  for (std::size_t i = 0; i < rows_; ++i) {
    if (distances[i] == 0) continue;
    std::uint64_t from = 0;
    if (!is_decimal(own[i], from)) return fail(), std::vector<std::string_view>(rows_);
    ids[i] = decimal(from - static_cast<std::uint64_t>(from_zigzag(distances[i] - 1)));
  }
  return ids;
}

void compress(const Section& section, std::string& out) {
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeCompressor> context{make_compressor()};
  const auto& bytes = section.bytes;
  ZSTD_CCtx_reset(context.get(), ZSTD_reset_session_only);
  ZSTD_CCtx_setPledgedSrcSize(context.get(), bytes.size());
  const auto from = out.size();
  out.resize(from + ZSTD_compressBound(bytes.size()) + (section.ends.size() + 1) * block_header);
  ZSTD_inBuffer input{bytes.data(), 0, 0};
  ZSTD_outBuffer output{out.data() + from, out.size() - from, 0};
  const auto write = [&](std::size_t end, ZSTD_EndDirective how) {
    input.size = end;
    for (std::size_t left = 1; left != 0;) {
      left = ZSTD_compressStream2(context.get(), &output, &input, how);
      if (ZSTD_isError(left) != 0) throw std::bad_alloc{};  // nothing else can fail with that room
    }
  };
  for (const auto end : section.ends) write(end, ZSTD_e_flush);
  write(bytes.size(), ZSTD_e_end);
  out.resize(from + output.pos);
}

bool decompress(std::string_view bytes, std::string& section) {
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeDecompressor> context{ZSTD_createDCtx()};
  const auto size = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  section.clear();
  if (size > largest_section) return false;  // the two errors are larger still
  section.resize(size);
  const auto done =
      ZSTD_decompressDCtx(context.get(), section.data(), size, bytes.data(), bytes.size());
  return ZSTD_isError(done) == 0 && done == size;
}

}  // namespace earshot::rocks
