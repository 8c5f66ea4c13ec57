#include "cli/audit_file.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include <fmt/format.h>

#include "ingest/date_text.hpp"
#include "store/base/file.hpp"

namespace earshot {

namespace {

constexpr std::string_view first_line = "earshot audits 1";

/// More than any person labels, and any store holds.
constexpr std::uint64_t most_rows = 10'000'000;
constexpr std::uint64_t most_posts = 1'000'000'000'000'000;

std::string path_in(const std::string& store) {
  return store + "/earshot.audits";
}

/// Takes the words of a line one by one; after the first that is wrong nothing is right.
class Words {
 public:
  explicit Words(std::string_view line) : rest_{line} {}

  std::uint64_t number(std::uint64_t most) {
    const auto read = digits(next(), 10);
    if (read > most) right_ = false;
    return read;
  }
  std::uint64_t generation() {
    const auto word = next();
    if (word.size() != 16) right_ = false;
    const auto read = digits(word, 16);
    if (read == 0) right_ = false;
    return read;
  }
  Instant time() {
    const auto at = parse_rfc3339(next());
    if (!at) right_ = false;
    return at.value_or(Instant{});
  }
  /// That all was right, and all is read.
  bool finished() const { return right_ && at_end_; }

 private:
  std::string_view next() {
    if (at_end_) right_ = false;
    const auto space = rest_.find(' ');
    const auto word = rest_.substr(0, space);
    at_end_ = space == std::string_view::npos;
    rest_.remove_prefix(at_end_ ? rest_.size() : space + 1);
    return word;
  }
  std::uint64_t digits(std::string_view word, int base) {
    std::uint64_t number = 0;
    const char* end = word.data() + word.size();
    const auto read = std::from_chars(word.data(), end, number, base);
    if (read.ec != std::errc{} || read.ptr != end) right_ = false;
    return number;
  }

  std::string_view rest_;
  bool right_ = true;
  bool at_end_ = false;
};

Window window_of(Words& words) {
  const auto begin = words.time();
  return {begin, words.time()};
}

SentimentCounts counts_of(Words& words, std::uint64_t most) {
  SentimentCounts counts{};
  for (auto& count : counts) count = words.number(most);
  return counts;
}

std::string show(const SentimentCounts& counts) {
  return fmt::format("{} {} {}", counts[0], counts[1], counts[2]);
}

std::string show(const Window& window) {
  return format_instant(window.begin) + " " + format_instant(window.end);
}

std::optional<Audit> parse_audit(std::string_view line) {
  Words words{line};
  Audit audit;
  audit.frame.generation = words.generation();
  audit.at = words.time();
  for (auto& row : audit.rows) row = counts_of(words, most_rows);
  audit.frame.window = window_of(words);
  audit.frame.stream = counts_of(words, most_posts);
  if (!words.finished()) return {};
  return audit;
}

}  // namespace

std::string format_frame(const AuditFrame& frame) {
  return fmt::format("{:016x} {} {}", frame.generation, show(frame.window), show(frame.stream));
}

std::optional<AuditFrame> parse_frame(std::string_view text) {
  Words words{text};
  AuditFrame frame;
  frame.generation = words.generation();
  frame.window = window_of(words);
  frame.stream = counts_of(words, most_posts);
  if (!words.finished()) return {};
  return frame;
}

std::string format_audits(std::span<const Audit> audits) {
  std::string text{first_line};
  text += '\n';
  for (const auto& audit : audits) {
    fmt::format_to(std::back_inserter(text), "{:016x} {}", audit.frame.generation,
                   format_instant(audit.at));
    for (const auto& row : audit.rows) text += " " + show(row);
    text += " " + show(audit.frame.window) + " " + show(audit.frame.stream) + "\n";
  }
  return text;
}

Result<std::vector<Audit>> parse_audits(std::string_view bytes) {
  std::vector<Audit> audits;
  const auto wrong = [](std::size_t line) {
    return Error{Error::Kind::format, fmt::format("line {} is not of an audit", line)};
  };
  std::size_t number = 0;
  while (!bytes.empty()) {
    const auto end = bytes.find('\n');
    const auto line = bytes.substr(0, end);
    ++number;
    if (end == std::string_view::npos) return wrong(number);
    bytes.remove_prefix(end + 1);
    if (number == 1) {
      if (line != first_line) return wrong(number);
      continue;
    }
    const auto audit = parse_audit(line);
    if (!audit) return wrong(number);
    audits.push_back(*audit);
  }
  if (number == 0) return wrong(1);
  return audits;
}

Result<std::vector<Audit>> read_audits(const std::string& store) {
  const auto path = path_in(store);
  std::error_code failed;
  if (!std::filesystem::exists(path, failed) && !failed) return std::vector<Audit>{};
  const auto bytes = read_file(path);
  if (!bytes) return bytes.error();
  auto audits = parse_audits(*bytes);
  if (!audits)
    return Error{Error::Kind::format, fmt::format("{}: {}; remove it, and score the sheets again",
                                                  path, audits.error().message)};
  return audits;
}

Result<Done> keep_audit(const std::string& store, const Audit& audit) {
  auto audits = read_audits(store);
  if (!audits) return audits.error();
  std::erase_if(*audits, [&](const Audit& other) {
    return other.frame.generation == audit.frame.generation;
  });
  audits->push_back(audit);
  return write_file(path_in(store), format_audits(*audits));
}

}  // namespace earshot
