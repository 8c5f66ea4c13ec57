#include <map>

#include <doctest/doctest.h>

#include "ingest/archive_look.hpp"
#include "ingest/mapping.hpp"
#include "tests/support/read_archive.hpp"
#include "tests/support/temporary_folder.hpp"
#include "tests/support/test_data.hpp"

using namespace earshot;

namespace {

ReadArchive read(const std::string& path, const std::string& channel = {}) {
  SourceConfig config;
  config.name = "list";
  config.path = path;
  config.channel = channel;
  config.mapping = default_mapping();
  return read_archive_as("mbox", config);
}

ReadArchive read_bytes(const std::string& bytes) {
  const TemporaryFolder folder;
  return read(folder.write("mail", bytes));
}

const std::string list = std::string{EARSHOT_SOURCE_DIR} + "/tests/fixtures/mbox/list.mbox";
const std::string from_line = "From ann@town.example Mon Aug  3 09:15:00 2026\n";

}  // namespace

TEST_CASE("mbox: messages of a list become posts of a thread, without what they quote") {
  const auto whole = read(list);

  CHECK(whole.bad == std::vector<std::string>{});
  REQUIRE(whole.posts.size() == 4);
  const Post& first = whole.post("one@town.example");
  CHECK(first.network == "mail");
  CHECK(first.channel == "boxes.lists.example");
  CHECK(first.author_id == "ann@town.example");
  CHECK(first.author_name == "Ann Müller");
  CHECK(first.text ==
        "Café boxes\nDie Kiste kam spät.\nFrom Friday on it was better.\nFrom here it is far.");
  CHECK(first.lang == "de");
  CHECK(format_instant(first.posted_at) == "2026-08-03T09:15:00Z");
  CHECK(first.parent_id == "");
  CHECK(first.root_id == "");

  const Post& reply = whole.post("two@town.example");
  CHECK(reply.text == "Mine too.\n\nBut beans were good.");
  CHECK(reply.parent_id == "one@town.example");
  CHECK(reply.root_id == "one@town.example");

  const Post& html = whole.post("three@town.example");
  CHECK(html.text == "Same here");
  CHECK(html.author_id == "cem@town.example");
  CHECK(html.author_name == "Cem");
  CHECK(html.parent_id == "two@town.example");
  CHECK(html.root_id == "one@town.example");
  CHECK(html.channel == "list");
  CHECK(format_instant(html.posted_at) == "2026-08-03T11:00:00Z");
  CHECK(html.dated);

  const Post& news = whole.posts[3];
  CHECK(news.native_id.size() == 16);
  CHECK(news.channel == "alt.beans");
  CHECK(news.text == "News\nLines that were folded are whole again.");
  CHECK(format_instant(news.posted_at) == "2026-08-03T12:00:00Z");
}

TEST_CASE("mbox: a channel of the config goes before the list's own") {
  for (const auto& post : read(list, "boxes").posts) CHECK(post.channel == "boxes");
}

TEST_CASE("mbox: only a line with a sender and a time begins a message") {
  const auto whole = read_bytes(from_line +
                                "Message-ID: <a@b>\nSubject: Notes\n\nhello\n\nFrom me to you, by "
                                "2026\nFrom 10:30 on\n\n" +
                                from_line + "Message-ID: <c@d>\n\nbye\n");
  REQUIRE(whole.posts.size() == 2);
  CHECK(whole.posts[0].text == "Notes\nhello\n\nFrom me to you, by 2026\nFrom 10:30 on");
  CHECK(whole.posts[1].text == "bye");
}

TEST_CASE("mbox: a message by itself is one, and what is no mail is an error") {
  const auto one = read_bytes("Message-ID: <a@b>\nFrom: ann@town.example\n\nFrom 09:15 in 2026\n");
  REQUIRE(one.posts.size() == 1);
  CHECK(one.posts[0].text == "From 09:15 in 2026");
  CHECK_FALSE(one.posts[0].dated);

  CHECK(
      read_bytes("<html>\n")
          .error.ends_with(
              "mail: no mail; an mbox begins with a line 'From ...', a message with its headers"));
  CHECK(read_bytes("").error.ends_with("a message with its headers"));
  CHECK(read_bytes(from_line + "Message-ID: <a@b>\n\n" + from_line + "\nwords\n").bad ==
        std::vector<std::string>{"1: a message without subject and text",
                                 "4: no mail: neither Message-ID nor From"});
}

TEST_CASE("mbox: the text before a large attachment is read, and the next message too") {
  std::string large = from_line +
                      "Message-ID: <a@b>\nContent-Type: multipart/mixed; boundary=x\n\n"
                      "--x\n\nsee the picture\n--x\nContent-Type: image/png\n\n";
  for (int i = 0; i < 400'000; ++i)
    large += "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\n";

  const auto whole = read_bytes(large + "--x--\n\n" + from_line + "Message-ID: <c@d>\n\nbye\n");

  CHECK(whole.bad == std::vector<std::string>{});
  REQUIRE(whole.posts.size() == 2);
  CHECK(whole.posts[0].text == "see the picture");
  CHECK(whole.posts[1].text == "bye");
}

TEST_CASE("mbox: an archive is known by its first line") {
  CHECK(look_at_archive(list).type == "mbox");
  CHECK(look_at_bytes("From here it is far, 2026\n").type == "");
}

TEST_CASE("mbox: recorded messages, odd and broken ones among them, are read") {
  EARSHOT_TEST_DATA_OR_SKIP(data);
  const std::map<std::string, std::size_t> recordings{
      {"01", 1}, {"02", 5}, {"05", 1}, {"06", 1}, {"10", 1}, {"12", 1}, {"13", 1},
      {"15", 1}, {"16", 1}, {"17", 1}, {"22", 1}, {"25", 1}, {"26", 1}, {"29", 1},
      {"31", 0}, {"32", 1}, {"33", 1}, {"34", 1}, {"39", 0}, {"43", 1}, {"46", 1}};
  for (const auto& [number, posts] : recordings) {
    CAPTURE(number);
    const auto whole = read(data + "/payloads/mail/msg_" + number + ".txt");
    CHECK(whole.error == "");
    CHECK(whole.posts.size() == posts);
    CHECK(whole.bad_rows == (posts == 0 ? 1 : 0));
  }

  const auto message = read(data + "/payloads/mail/msg_01.txt");
  CHECK(message.posts[0].native_id == "15090.61304.110929.45684@aaa.zzz.org");
  CHECK(message.posts[0].author_id == "bbb@ddd.com");
  CHECK(message.posts[0].author_name == "John X. Doe");
  CHECK(message.posts[0].text == "This is a test message\nHi,\n\nDo you like this message?\n\n-Me");
  CHECK(format_instant(message.posts[0].posted_at) == "2001-05-04T18:05:44Z");

  const auto digest = read(data + "/payloads/mail/msg_02.txt");
  CHECK(digest.posts[0].text == "[Ppp] testing #1\nhello");
  CHECK(digest.posts[0].author_id == "barry@digicool.com");
  CHECK(format_instant(digest.posts[0].posted_at) == "2001-04-21T00:16:13Z");

  const auto forwarded = read(data + "/payloads/mail/msg_46.txt");
  CHECK(forwarded.posts[0].native_id == "4B66B890.4070408@teconcept.de");
  CHECK(forwarded.posts[0].author_name == "Dr. Sender");
  CHECK(forwarded.posts[0].text ==
        "GroupwiseForwardingTest\nTesting email forwarding with Groupwise 1.2.2010");

  const auto parts = read(data + "/payloads/mail/msg_10.txt");
  CHECK(parts.posts[0].text == "Lyrics\nThis is a 7bit encoded message.");
}
