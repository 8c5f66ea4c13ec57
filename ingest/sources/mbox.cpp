#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "ingest/api.hpp"
#include "ingest/archive.hpp"
#include "ingest/date_text.hpp"
#include "ingest/mail.hpp"
#include "ingest/mail_text.hpp"
#include "store/base/ascii.hpp"
#include "store/base/hash.hpp"

namespace earshot {

namespace {

/// Attachments follow the text: of a larger message the rest is not needed.
constexpr std::size_t longest_message = 8U << 20U;

/// The date of the line between two messages.
std::optional<Instant> date_of_from_line(std::string_view line) {
  static const std::array formats{*DateFormat::compile("%a %b %d %H:%M:%S %Y"),
                                  *DateFormat::compile("%a %b %d %H:%M:%S %z %Y"),
                                  *DateFormat::compile("%a %b %d %H:%M %Y")};
  line = trim(line.substr(0, line.find('\n')));
  for (std::size_t at = line.find(' '); at != std::string_view::npos; at = line.find(' ', at + 1))
    for (const auto& format : formats)
      if (const auto date = format.parse(line.substr(at + 1))) return date;
  return {};
}

/// Mailing lists and newsgroups as mbox files, or one message by itself.
///
/// Source: RFC 4155, and the older habit of `>From `
class Mbox final : public RecordFormat {
 public:
  explicit Mbox(const SourceConfig& config)
      : network_{config.network.empty() ? "mail" : config.network},
        channel_{config.channel},
        source_{config.name},
        filtered_{config.filtered} {}

  Result<Cut> read_header(std::string_view beginning, const std::string& path) override {
    many_ = is_mbox_line(beginning.substr(0, beginning.find('\n')));
    const auto line = beginning.substr(0, beginning.find('\n'));
    const auto colon = line.find(':');
    const bool is_header = colon != std::string_view::npos && colon > 0 &&
                           line.substr(0, colon).find(' ') == std::string_view::npos;
    if (many_ || is_header || line.starts_with("From ")) return Cut{};
    return Error{
        Error::Kind::format,
        path + ": no mail; an mbox begins with a line 'From ...', a message with its headers"};
  }

  void begin_page(Instant now) override { now_ = now; }

  Cut cut(std::string_view text) const override {
    Cut cut;
    std::size_t end = many_ ? next_from_line(text) : std::string_view::npos;
    if (end == std::string_view::npos && text.size() > longest_message) end = text.size();
    cut.complete = end != std::string_view::npos;
    cut.next = cut.complete ? end : text.size();
    // What is left of a message that was too large is no message.
    const bool begins = !many_ || is_mbox_line(text.substr(0, text.find('\n')));
    cut.size = begins ? cut.next : 0;
    while (cut.size > 0 && is_space(text[cut.size - 1])) --cut.size;
    cut.lines = static_cast<std::size_t>(std::ranges::count(text.substr(0, cut.next), '\n'));
    return cut;
  }

  void read(std::string_view text, std::span<const Record> records, PostWriter& /*writer*/,
            ReadRecords& out) const override {
    for (const auto& record : records) {
      auto bytes = text.substr(record.begin, record.size);
      std::optional<Instant> sent_at;
      std::string unmarked;
      if (bytes.starts_with("From ")) {
        sent_at = date_of_from_line(bytes);
        const auto line_end = bytes.find('\n');
        bytes.remove_prefix(line_end == std::string_view::npos ? bytes.size() : line_end + 1);
        bytes = unmarked = unmarked_from_lines(bytes);
      }
      for (const auto& message : parse_mail(bytes))
        if (auto reason = add(message, sent_at, out.batch))
          out.refuse(record.line, std::move(*reason));
    }
  }

 private:
  static std::size_t next_from_line(std::string_view text) {
    for (auto at = text.find("\nFrom "); at != std::string_view::npos;
         at = text.find("\nFrom ", at + 1)) {
      const auto line = text.substr(at + 1, text.find('\n', at + 1) - at - 1);
      if (is_mbox_line(line)) return at + 1;
    }
    return std::string_view::npos;
  }

  std::optional<std::string> add(const MailMessage& message, std::optional<Instant> sent_at,
                                 PostBatch& batch) const {
    const bool answers = !message.parent.empty() || lower_case(message.subject).starts_with("re:");
    std::string text = own_words(message.text);
    // The subject of an answer is another's.
    if (text.empty())
      text = message.subject;
    else if (!answers && !message.subject.empty())
      text = message.subject + "\n" + text;
    if (text.empty()) return "a message without subject and text";
    if (message.from.empty() && message.id.empty()) return "no mail: neither Message-ID nor From";
    std::string id = message.id;
    if (id.empty())
      id = fmt::format("{:016x}", hash_pair(message.from + "\n" + message.subject, text));
    const auto date = message.date ? message.date : sent_at;
    Post post{.network = network_,
              .native_id = id,
              .channel = !channel_.empty()      ? channel_
                         : message.list.empty() ? source_
                                                : message.list,
              .author_id = message.from,
              .author_name = message.from_name.empty() ? message.from : message.from_name,
              .text = text,
              .lang = message.lang,
              .parent_id = message.parent,
              .source = source_,
              .posted_at = date.value_or(now_),
              .dated = date.has_value(),
              .filtered = filtered_};
    if (!message.references.empty() && message.references.front() != id)
      post.root_id = message.references.front();
    add_post(batch, post);
    return {};
  }

  std::string network_;
  std::string channel_;
  std::string source_;
  bool filtered_;
  bool many_ = true;  ///< An mbox, not one message.
  Instant now_{};
};

Result<std::unique_ptr<Source>> make_mbox(const SourceConfig& config) {
  return make_archive(config, std::make_unique<Mbox>(config));
}

}  // namespace

SourceDetails describe_mbox() {
  return {.make = make_mbox};
}

}  // namespace earshot
