#include "ingest/mail.hpp"

#include <memory>

#include <gmime/gmime.h>

#include "ingest/encoding.hpp"
#include "ingest/html_text.hpp"
#include "ingest/mail_text.hpp"
#include "store/base/ascii.hpp"

namespace earshot {

namespace {

constexpr int deepest_part = 50;
constexpr std::size_t most_messages = 1000;

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};
template <class T>
using Object = std::unique_ptr<T, Unref>;

struct Free {
  void operator()(char* text) const { g_free(text); }
};

void start_gmime() {
  static const bool started = [] { return g_mime_init(), true; }();
  (void)started;
}

/// A header's value; headers may have bytes of any encoding.
std::string text_of(const char* text) {
  const std::string_view bytes = text == nullptr ? std::string_view{} : trim(text);
  return is_utf8(bytes) ? std::string{bytes} : decode_text(bytes).text;
}

std::string header(GMimeObject* object, const char* name) {
  return text_of(g_mime_object_get_header(object, name));
}

/// The ids in a header, without their brackets.
std::vector<std::string> ids_of(const std::string& value) {
  std::vector<std::string> ids;
  GMimeReferences* const references = g_mime_references_parse(nullptr, value.c_str());
  for (int i = 0; i < g_mime_references_length(references); ++i)
    ids.push_back(text_of(g_mime_references_get_message_id(references, i)));
  g_mime_references_free(references);
  return ids;
}

/// List archives on the web write "ann at a.example (Ann)".
void read_masked_address(const std::string& from, MailMessage& message) {
  const auto bracket = from.find(" (");
  const std::string_view address = trim(std::string_view{from}.substr(0, bracket));
  const auto at = address.find(" at ");
  if (at != std::string_view::npos) {
    message.from = lower_case(address.substr(0, at)) + "@" + lower_case(address.substr(at + 4));
    std::erase(message.from, ' ');
  } else {
    message.from = lower_case(address);
  }
  if (bracket == std::string::npos) return;
  const auto name = std::string_view{from}.substr(bracket + 2);
  message.from_name = name.substr(0, name.find(')'));
}

void read_author(GMimeMessage* mail, MailMessage& message) {
  InternetAddressList* const list = g_mime_message_get_from(mail);
  InternetAddress* const first = list != nullptr && internet_address_list_length(list) > 0
                                     ? internet_address_list_get_address(list, 0)
                                     : nullptr;
  if (first != nullptr && INTERNET_ADDRESS_IS_MAILBOX(first)) {
    message.from =
        lower_case(text_of(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first))));
    message.from_name = text_of(internet_address_get_name(first));
  }
  const auto raw = header(GMIME_OBJECT(mail), "From");
  if (message.from.empty() && raw.find('<') != std::string::npos)
    message.from = message.from_name;
  else if (message.from.find('@') == std::string::npos)
    read_masked_address(raw, message);
}

/// "green.lists.example" of "Green things <green.lists.example>".
std::string list_of(GMimeObject* mail) {
  const auto list = header(mail, "List-Id");
  const auto open = list.rfind('<');
  if (open != std::string::npos) return list.substr(open + 1, list.find('>', open) - open - 1);
  if (!list.empty()) return list;
  const auto groups = header(mail, "Newsgroups");
  return groups.substr(0, groups.find(','));
}

void read_headers(GMimeMessage* mail, MailMessage& message) {
  GMimeObject* const object = GMIME_OBJECT(mail);
  message.id = text_of(g_mime_message_get_message_id(mail));
  message.subject = squeezed_text(text_of(g_mime_message_get_subject(mail)));
  message.references = ids_of(header(object, "References"));
  const auto answered = ids_of(header(object, "In-Reply-To"));
  if (!answered.empty())
    message.parent = answered.front();
  else if (!message.references.empty())
    message.parent = message.references.back();
  message.list = list_of(object);
  read_author(mail, message);
  if (GDateTime* const date = g_mime_message_get_date(mail); date != nullptr)
    message.date = from_unix(g_date_time_to_unix(date));
}

/// The content of a part as it was before it was packed for the way.
std::string content_of(GMimePart* part) {
  GMimeDataWrapper* const content = g_mime_part_get_content(part);
  if (content == nullptr) return {};
  const Object<GMimeStream> stream{g_mime_stream_mem_new()};
  g_mime_data_wrapper_write_to_stream(content, stream.get());
  const GByteArray* const bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream.get()));
  return {reinterpret_cast<const char*>(bytes->data), bytes->len};
}

std::string parameter(GMimeObject* part, const char* name) {
  const char* const value = g_mime_object_get_content_type_parameter(part, name);
  return value == nullptr ? std::string{} : value;
}

std::string text_of_part(GMimePart* part, bool html) {
  auto* const object = GMIME_OBJECT(part);
  const auto type =
      (html ? "text/html; charset=" : "text/plain; charset=") + parameter(object, "charset");
  const auto text = decode_text(content_of(part), type).text;
  if (html) return html_text(mark_quoted_markup(text));
  const bool flowed = lower_case(parameter(object, "format")) == "flowed";
  return flowed ? unfold_flowed_text(text, lower_case(parameter(object, "delsp")) == "yes") : text;
}

bool is_attached(GMimeObject* part) {
  const char* const disposition = g_mime_object_get_disposition(part);
  return disposition != nullptr && lower_case(disposition) == "attachment";
}

/// The first text that is not attached; of a choice of forms the plain one.
class TextFinder {
 public:
  std::string find(GMimeObject* part) {
    look(part, 0);
    return plain_ ? std::move(*plain_) : std::move(html_).value_or("");
  }

 private:
  void look(GMimeObject* part, int depth) {
    if (part == nullptr || plain_ || depth == deepest_part) return;
    if (GMIME_IS_MULTIPART(part)) {
      auto* const parts = GMIME_MULTIPART(part);
      for (int i = 0; i < g_mime_multipart_get_count(parts) && !plain_; ++i) {
        look(g_mime_multipart_get_part(parts, i), depth + 1);
        // What follows the text of a message is signature, footer or attachment.
        GMimeContentType* const type = g_mime_object_get_content_type(part);
        if (html_ && !g_mime_content_type_is_type(type, "multipart", "alternative")) return;
      }
      return;
    }
    GMimeContentType* const type = g_mime_object_get_content_type(part);
    if (!GMIME_IS_PART(part) || is_attached(part)) return;
    if (g_mime_content_type_is_type(type, "text", "html")) {
      if (!html_) html_ = text_of_part(GMIME_PART(part), true);
    } else if (g_mime_content_type_is_type(type, "text", "*")) {
      auto text = text_of_part(GMIME_PART(part), false);
      if (!trim(text).empty()) plain_ = std::move(text);
    }
  }

  std::optional<std::string> plain_, html_;
};

/// The messages that a part brings as such: of a digest, or forwarded as the whole message.
void add_messages(GMimeObject* part, bool in_digest, int depth, std::vector<MailMessage>& found);

void add_message(GMimeMessage* mail, int depth, std::vector<MailMessage>& found) {
  if (mail == nullptr || depth == deepest_part || found.size() >= most_messages) return;
  GMimeObject* const body = g_mime_message_get_mime_part(mail);
  const auto before = found.size();
  if (body != nullptr) add_messages(body, GMIME_IS_MESSAGE_PART(body), depth + 1, found);
  if (found.size() > before) return;
  auto& message = found.emplace_back();
  read_headers(mail, message);
  message.text = TextFinder{}.find(body);
  if (body == nullptr) return;
  const auto languages = header(body, "Content-Language");  // with all that begins with Content-
  message.lang = trim(std::string_view{languages}.substr(0, languages.find(',')));
}

void add_messages(GMimeObject* part, bool in_digest, int depth, std::vector<MailMessage>& found) {
  if (part == nullptr || depth >= deepest_part) return;
  if (GMIME_IS_MESSAGE_PART(part)) {
    if (in_digest)
      add_message(g_mime_message_part_get_message(GMIME_MESSAGE_PART(part)), depth + 1, found);
    return;
  }
  if (!GMIME_IS_MULTIPART(part)) return;
  GMimeContentType* const type = g_mime_object_get_content_type(part);
  const bool digest = g_mime_content_type_is_type(type, "multipart", "digest");
  auto* const parts = GMIME_MULTIPART(part);
  for (int i = 0; i < g_mime_multipart_get_count(parts); ++i)
    add_messages(g_mime_multipart_get_part(parts, i), digest, depth + 1, found);
}

}  // namespace

std::vector<MailMessage> parse_mail(std::string_view given) {
  start_gmime();
  std::vector<MailMessage> found;
  const std::string bytes = within_mail_limits(given);
  const Object<GMimeStream> stream{g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size())};
  const Object<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
  const Object<GMimeMessage> mail{g_mime_parser_construct_message(parser.get(), nullptr)};
  add_message(mail.get(), 0, found);
  // The messages of a digest were sent to the list of the digest.
  const auto list = mail ? list_of(GMIME_OBJECT(mail.get())) : std::string{};
  for (auto& message : found)
    if (message.list.empty()) message.list = list;
  return found;
}

}  // namespace earshot
