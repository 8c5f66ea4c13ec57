#include "ingest/archive.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <iterator>
#include <optional>

#include <fmt/format.h>

#include "ingest/input.hpp"
#include "store/base/hash.hpp"
#include "store/base/parallel.hpp"

namespace earshot {

namespace {

constexpr std::size_t page_bytes = 8U << 20U;
constexpr std::size_t slice_bytes = 256U << 10U;
constexpr std::size_t longest_record = 16U << 20U;
constexpr std::size_t fingerprint_bytes = 4096;
constexpr std::size_t bad_lines_kept = 100;

/// A place in an archive, as the cursor spells it.
struct Place {
  std::uint64_t offset = 0;
  std::uint64_t line = 1;
  std::uint64_t fingerprint = 0;
};

std::string to_text(const Place& place) {
  return fmt::format("{} {} {:016x}", place.offset, place.line, place.fingerprint);
}

std::optional<Place> parse_place(std::string_view text) {
  Place place;
  const char* at = text.data();
  const char* const end = at + text.size();
  const auto number = [&](std::uint64_t& value, int base) {
    while (at != end && *at == ' ') ++at;
    const auto [rest, error] = std::from_chars(at, end, value, base);
    at = rest;
    return error == std::errc{};
  };
  if (!number(place.offset, 10) || !number(place.line, 10) || !number(place.fingerprint, 16) ||
      at != end)
    return {};
  return place;
}

class Archive final : public Source {
 public:
  Archive(const SourceConfig& config, std::unique_ptr<RecordFormat> format)
      : config_{config}, format_{std::move(format)} {}

  Result<Done> check() {
    auto rules = PostRules::make(config_);
    if (!rules) return rules.error();
    rules_ = std::move(*rules);
    return Done{};
  }

  Result<Page> fetch(HttpClient& /*http*/, const FetchState& state, Instant now) override {
    if (!input_ || state.cursor != cursor_) {
      if (auto opened = open_at(state.cursor); !opened) return input_.reset(), opened.error();
    } else if (fault_) {
      return input_.reset(), *fault_;
    }
    format_->begin_page(now);
    Page page;
    std::vector<Record> records;
    cut_page(records, page);
    read_page(records, page);
    page.more = !(ended_ && begin_ == end_) || fault_.has_value();
    page.bytes_read = input_->bytes_read();
    page.bytes_total = input_->bytes_total();
    if (!input_->is_stdin()) page.next_cursor = to_text(place_);
    cursor_ = page.next_cursor;
    if (!page.more) input_.reset();
    return page;
  }

 private:
  std::string_view ahead() const { return {buffer_.get() + begin_, end_ - begin_}; }

  void advance(std::size_t bytes, std::size_t lines) {
    begin_ += bytes;
    place_.offset += bytes;
    place_.line += lines;
  }

  /// Appends up to a page of input to what is left over. A fault is kept for the time after what
  /// came before it.
  void fill() {
    const std::size_t left = end_ - begin_;
    const std::size_t wanted = left + page_bytes + record_padding;
    if (buffer_size_ < wanted) {
      auto larger = std::make_unique_for_overwrite<char[]>(wanted);
      std::copy_n(buffer_.get() + begin_, left, larger.get());
      buffer_ = std::move(larger);
      buffer_size_ = wanted;
    } else {
      std::copy_n(buffer_.get() + begin_, left, buffer_.get());
    }
    end_ = left;
    begin_ = 0;
    const std::size_t full = end_ + page_bytes;
    while (end_ < full && !ended_ && !fault_) {
      const auto count = input_->read({buffer_.get() + end_, full - end_});
      if (!count) {
        fault_ = count.error();
      } else {
        end_ += *count;
        ended_ = *count == 0;
      }
    }
  }

  Result<Done> open_at(std::string_view cursor) {
    const auto wanted = parse_place(cursor);
    if (auto started = start(); !started) return started;
    if (!wanted || wanted->fingerprint != place_.fingerprint || wanted->offset <= place_.offset)
      return Done{};
    if (wanted->offset <= place_.offset + ahead().size()) {
      begin_ += static_cast<std::size_t>(wanted->offset - place_.offset);
    } else {
      const auto reached = input_->skip_to(wanted->offset);
      if (!reached) return reached.error();
      if (*reached < wanted->offset) return start();
      begin_ = end_ = 0;
    }
    place_ = *wanted;
    return Done{};
  }

  /// Opens the file and reads its header.
  Result<Done> start() {
    auto input = Input::open(config_.path);
    if (!input) return input.error();
    input_ = std::move(*input);
    begin_ = end_ = 0;
    ended_ = skipping_ = false;
    fault_.reset();
    place_ = {};
    fill();
    if (fault_ && end_ == 0) return *fault_;
    place_.fingerprint = hash_bytes(ahead().substr(0, fingerprint_bytes));
    if (ahead().starts_with("\xEF\xBB\xBF")) advance(3, 0);
    const auto header = format_->read_header(ahead(), config_.path);
    if (!header) return header.error();
    advance(header->next, header->next == 0 ? 0 : header->lines);
    return Done{};
  }

  /// Cuts what is ahead into records, after reading on. Leaves an unfinished one for the next page.
  void cut_page(std::vector<Record>& records, Page& page) {
    bool advanced = cut_ahead(records, page);  // The first page was read for its header already.
    while (!advanced && !ended_ && !fault_) {
      fill();
      advanced = cut_ahead(records, page);
    }
    if (ended_) cut_rest(records, page);
  }

  /// True if it got on.
  bool cut_ahead(std::vector<Record>& records, Page& page) {
    const auto from = place_.offset;
    while (begin_ != end_) {
      if (skipping_) {
        skip_line();
        continue;
      }
      const auto cut = format_->cut(ahead());
      if (!cut.complete) {
        if (ahead().size() > longest_record) {
          refuse_line(page, "longer than 16 MB");
          continue;
        }
        break;
      }
      take(cut, records);
    }
    return place_.offset != from;
  }

  /// What is ahead is all there is: the last record may lack its line end.
  void cut_rest(std::vector<Record>& records, Page& page) {
    while (begin_ != end_) {
      const auto cut = format_->cut(ahead());
      if (cut.complete || cut.unclosed == nullptr)
        take(cut, records);
      else
        refuse_line(page, cut.unclosed);
    }
  }

  void take(const RecordFormat::Cut& cut, std::vector<Record>& records) {
    if (cut.size > 0) records.push_back({begin_, cut.size, place_.line});
    advance(cut.next, cut.lines);
  }

  /// Gives up the first line ahead, so that what follows it is not lost with it.
  void refuse_line(Page& page, const char* reason) {
    ++page.rows;
    ++page.bad_rows;
    if (page.bad.size() < bad_lines_kept) page.bad.push_back({place_.line, reason});
    skipping_ = true;
    skip_line();
  }

  void skip_line() {
    const auto line_end = ahead().find('\n');
    skipping_ = line_end == std::string_view::npos;
    if (skipping_)
      advance(ahead().size(), 0);
    else
      advance(line_end + 1, 1);
  }

  /// Reads the records slice by slice, each into a batch of its own, and joins them in the order of
  /// the input.
  void read_page(std::span<const Record> records, Page& page) {
    std::vector<std::size_t> starts;
    std::size_t slice_begin = 0;
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (!starts.empty() && records[i].begin - slice_begin < slice_bytes) continue;
      starts.push_back(i);
      slice_begin = records[i].begin;
    }
    starts.push_back(records.size());
    const std::size_t count = starts.size() - 1;
    if (slices_.size() < count) slices_.resize(count);
    const std::string_view text{buffer_.get(), end_};
    parallel_slices(count, 1, [&](std::size_t begin, std::size_t end) {
      for (std::size_t i = begin; i < end; ++i) {
        slices_[i].clear();
        PostWriter writer{*rules_, slices_[i].batch};
        format_->read(text, records.subspan(starts[i], starts[i + 1] - starts[i]), writer,
                      slices_[i]);
      }
    });
    page.rows += records.size();
    page.posts.posts.reserve(records.size());
    for (auto& slice : std::span{slices_}.first(count)) {
      page.posts.posts.insert(page.posts.posts.end(), slice.batch.posts.begin(),
                              slice.batch.posts.end());
      page.posts.texts.absorb(std::move(slice.batch.texts));
      page.removed.insert(page.removed.end(), slice.removed.begin(), slice.removed.end());
      page.bad_rows += slice.bad_rows;
      std::ranges::move(slice.bad, std::back_inserter(page.bad));
    }
    std::ranges::stable_sort(page.bad, {}, &BadLine::line);
    if (page.bad.size() > bad_lines_kept) page.bad.resize(bad_lines_kept);
  }

  SourceConfig config_;
  std::unique_ptr<RecordFormat> format_;
  std::optional<PostRules> rules_;
  std::optional<Input> input_;
  std::string cursor_;  ///< Of the page given last.
  std::unique_ptr<char[]> buffer_;
  std::size_t buffer_size_ = 0;
  std::size_t begin_ = 0;  ///< In the buffer: what is not cut yet.
  std::size_t end_ = 0;
  std::vector<ReadRecords> slices_;  ///< Kept for the room that they have.
  Place place_;                      ///< Of `begin_`.
  bool ended_ = false;
  bool skipping_ = false;  ///< Inside a line that has been given up.
  std::optional<Error> fault_;
};

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

}  // namespace

void ReadRecords::clear() {
  batch.clear();
  removed.clear();
  bad_rows = 0;
  bad.clear();
}

void ReadRecords::refuse(std::uint64_t line, std::string reason) {
  ++bad_rows;
  if (bad.size() < bad_lines_kept) bad.push_back({line, std::move(reason)});
}

RecordFormat::Cut cut_line(std::string_view text) {
  const void* const found = std::memchr(text.data(), '\n', text.size());
  RecordFormat::Cut cut;
  cut.complete = found != nullptr;
  cut.size = cut.complete ? static_cast<std::size_t>(static_cast<const char*>(found) - text.data())
                          : text.size();
  cut.next = cut.size + (cut.complete ? 1 : 0);
  while (cut.size > 0 && is_blank(text[cut.size - 1])) --cut.size;
  return cut;
}

Result<std::unique_ptr<Source>> make_archive(const SourceConfig& config,
                                             std::unique_ptr<RecordFormat> format) {
  auto archive = std::make_unique<Archive>(config, std::move(format));
  if (auto checked = archive->check(); !checked) return checked.error();
  return std::unique_ptr<Source>{std::move(archive)};
}

}  // namespace earshot
