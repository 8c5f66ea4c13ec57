#include "ingest/feed_document.hpp"

#include <chrono>
#include <tuple>

#include <doctest/doctest.h>
#include <fmt/format.h>

#include "tests/support/temporary_folder.hpp"

using namespace earshot;

namespace {

FeedDocument read(std::string_view bytes, FeedOrigin origin = {}) {
  origin.links = true;
  auto feed = read_feed(bytes, origin);
  REQUIRE(feed);
  return std::move(*feed);
}

constexpr std::string_view spaces =
    " xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:dcterms='http://purl.org/dc/terms/'"
    " xmlns:content='http://purl.org/rss/1.0/modules/content/'"
    " xmlns:itunes='http://www.itunes.com/DTDs/Podcast-1.0.dtd'"
    " xmlns:media='http://search.yahoo.com/mrss/'";

/// The one entry of an RSS 2.0 feed.
FeedEntry item(const std::string& members, FeedOrigin origin = {}) {
  auto feed = read(
      fmt::format("<rss version='2.0'{}><channel><item>{}</item></channel></rss>", spaces, members),
      origin);
  REQUIRE(feed.entries.size() == 1);
  return std::move(feed.entries[0]);
}

FeedDocument channel(const std::string& members) {
  return read(fmt::format("<rss version='2.0'{}><channel>{}</channel></rss>", spaces, members));
}

FeedDocument atom(const std::string& members, FeedOrigin origin = {}) {
  return read("<feed xmlns='http://www.w3.org/2005/Atom'>" + members + "</feed>", origin);
}

/// The one entry of an Atom 1.0 feed.
FeedEntry entry(const std::string& members, FeedOrigin origin = {}) {
  auto feed = atom("<entry>" + members + "</entry>", origin);
  REQUIRE(feed.entries.size() == 1);
  return std::move(feed.entries[0]);
}

std::string shown(const std::optional<Instant>& at) {
  return at ? format_instant(*at) : "none";
}

using Texts = std::vector<std::string>;

}  // namespace

// --- what kind of feed ---

TEST_CASE("the version is told by element, attribute, namespace and DOCTYPE") {
  CHECK(read("<rss version='2.0'><channel/></rss>").version == "rss20");
  CHECK(read("<rss version='0.91'><channel/></rss>").version == "rss091u");
  CHECK(read("<!DOCTYPE rss PUBLIC '-//Netscape Communications//DTD RSS 0.91//EN' 'x'>"
             "<rss version='0.91'/>")
            .version == "rss091n");
  CHECK(read("<rss/>").version == "rss");
  CHECK(read("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
             "xmlns='http://my.netscape.com/rdf/simple/0.9/'/>")
            .version == "rss090");
  CHECK(read("<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' "
             "xmlns:r='http://purl.org/rss/1.0/'><r:channel/></rdf:RDF>")
            .version == "rss10");
  CHECK(atom("").version == "atom10");
  CHECK(read("<feed version='0.3' xmlns='http://purl.org/atom/ns#'/>").version == "atom03");
  CHECK(read("<feed/>").version == "atom");
  CHECK(read("<entry xmlns='http://www.w3.org/2005/Atom'/>").version == "atom10");
}

TEST_CASE("a document without any element of a feed is none") {
  for (const auto* bytes : {"<html><head><title>x</title></head></html>", "<opml/>",
                            "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>"}) {
    CAPTURE(bytes);
    const auto feed = read_feed(bytes, {});
    REQUIRE_FALSE(feed);
    CHECK(feed.error().kind == Error::Kind::format);
    CHECK(feed.error().message.starts_with("neither RSS nor Atom: the document is <"));
  }
  CHECK(read_feed("", {}).error().message == "no markup in it");
}

TEST_CASE("elements are known by their namespace, and by their prefix where that is unknown") {
  const auto feed = read(
      "<x:rss xmlns:x='http://backend.userland.com/rss2' xmlns:d='http://purl.org/dc/elements/1.1/'"
      " xmlns:y='http://other.example/'><x:channel><x:item><y:title>wrong</y:title>"
      "<x:TiTlE>right</x:TiTlE><d:creator>Ann</d:creator><dc:subject>s</dc:subject>"
      "</x:item></x:channel></x:rss>");
  REQUIRE(feed.entries.size() == 1);
  CHECK(feed.entries[0].title == "right");
  CHECK(feed.entries[0].author.name == "Ann");
  CHECK(feed.entries[0].tags == Texts{"s"});
  CHECK(read("<feed xmlns='http://example.com/unheard-of'><title>t</title></feed>").title == "t");
}

TEST_CASE("a channel of the Channel Definition Format says link and date in attributes") {
  const auto feed = read(
      "<CHANNEL HREF='http://x.example/'><TITLE>t</TITLE><ABSTRACT>a</ABSTRACT>"
      "<ITEM HREF='http://x.example/1' "
      "LASTMOD='2021-09-06T16:45'><TITLE>i</TITLE></ITEM></CHANNEL>");
  CHECK(feed.link == "http://x.example/");
  CHECK(feed.summary == "a");
  REQUIRE(feed.entries.size() == 1);
  CHECK(feed.entries[0].link == "http://x.example/1");
  CHECK(shown(feed.entries[0].updated) == "2021-09-06T16:45:00Z");
}

// --- ids and links ---

TEST_CASE("a guid is the link too, if it is a permalink and there is no other") {
  const auto guid = item("<guid>https://x.example/1</guid>");
  CHECK(guid.id == "https://x.example/1");
  CHECK(guid.link == "https://x.example/1");
  CHECK(item("<guid isPermaLink='false'>https://x.example/1</guid>").link == "");
  CHECK(item("<guid>just-an-id</guid>").link == "");
  CHECK(atom("<id>http://x.example/</id>").link == "http://x.example/");
  const auto relative = item("<guid isPermaLink='true'>1</guid>", {.url = "http://x.example/feed"});
  CHECK(relative.id == "1");
  CHECK(relative.link == "http://x.example/1");
  CHECK(item("<guid>https://x.example/1</guid><link>https://x.example/2</link>").link ==
        "https://x.example/2");
  CHECK(item("<link>https://x.example/2</link><guid>https://x.example/1</guid>").link ==
        "https://x.example/2");
}

TEST_CASE("dc:identifier is the id only where nothing else is") {
  CHECK(item("<dc:identifier>doi:1</dc:identifier>").id == "doi:1");
  CHECK(item("<dc:identifier>doi:1</dc:identifier><guid>g</guid>").id == "g");
}

TEST_CASE("the link is the first alternate that is a web page, else another alternate") {
  CHECK(entry("<link rel='self' href='http://x.example/s'/>"
              "<link type='application/json' href='http://x.example/j'/>"
              "<link href='http://x.example/1'/><link href='http://x.example/2'/>")
            .link == "http://x.example/1");
  CHECK(entry("<link type='application/json' href='http://x.example/j'/>").link ==
        "http://x.example/j");
  CHECK(entry("<link rel='alternate' href='http://x.example/a'/>"
              "<link rel='enclosure'>http://x.example/e</link>")
            .link == "http://x.example/a");
}

TEST_CASE("a link of an image, a text input or a source is not the feed's") {
  const auto feed = channel(
      "<image><link>http://x.example/i</link><title>i</title></image>"
      "<textInput><link>http://x.example/t</link></textInput><link>http://x.example/</link>"
      "<title>t</title>");
  CHECK(feed.link == "http://x.example/");
  CHECK(feed.title == "t");
  CHECK(entry("<source><title>wrong</title></source><title>right</title>").title == "right");
}

TEST_CASE("addresses are resolved against xml:base, Content-Location and the feed's own") {
  CHECK(item("<link>/1</link>", {.url = "http://x.example/feed"}).link == "http://x.example/1");
  CHECK(item("<link xml:base=''>1</link>", {.url = "http://x.example/feed"}).link ==
        "http://x.example/1");
  CHECK(item("<link xml:base='javascript:x'>1</link>", {.url = "http://x.example/feed"}).link ==
        "http://x.example/1");
  CHECK(item("<link>1</link>", {.url = "http://x.example/feed", .content_location = "/b/c"}).link ==
        "http://x.example/b/1");
  const auto feed = read(
      "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='http://x.example/a/'>"
      "<entry xml:base='b/'><link href='1'/><content type='xhtml' xml:base='c/'><div>"
      "<a href='2'>t</a></div></content><id>3</id></entry><link href='4'/></feed>");
  REQUIRE(feed.entries.size() == 1);
  CHECK(feed.entries[0].link == "http://x.example/a/b/1");
  CHECK(feed.entries[0].links == Texts{"http://x.example/a/b/c/2"});
  CHECK(feed.entries[0].id == "http://x.example/a/b/3");
  CHECK(feed.link == "http://x.example/a/4");
}

TEST_CASE("the addresses of an entry's markup come in order and once; those that act don't come") {
  const auto one = item(
      "<description>&lt;a href='/1'>a&lt;/a> &lt;img src='2.png'></description>"
      "<content:encoded><![CDATA[<a href='/3'>c</a><a href='/1'>d</a>"
      "<a href='javascript:x()'>e</a>]]></content:encoded>",
      {.url = "http://x.example/"});
  CHECK(one.links == Texts{"http://x.example/1", "http://x.example/2.png", "http://x.example/3"});
}

// --- text ---

TEST_CASE("a title in RSS is text or HTML, whichever it looks like; Atom says which") {
  CHECK(item("<title>AT&amp;amp;T &lt;b&gt;wins&lt;/b&gt;</title>").title == "AT&T wins");
  CHECK(item("<title>the &lt;blink&gt; tag</title>").title == "the <blink> tag");
  CHECK(entry("<title>&lt;b&gt;x&lt;/b&gt;</title>").title == "<b>x</b>");
  CHECK(entry("<title type='html'>&lt;b&gt;x&lt;/b&gt;</title>").title == "x");
  CHECK(entry("<title type='xhtml'><div>the &lt;b&gt; <i>tag</i></div></title>").title ==
        "the <b> tag");
}

TEST_CASE("markup that nobody escaped loses its tags, scripts and all") {
  const auto one =
      item("<description><p>one</p> <script>x()</script><p>t<b>w</b>o</p></description>");
  CHECK(one.summary == "one\ntwo");
  CHECK(entry("<content type='html'><div>a &lt;b&gt;b&lt;/b&gt;</div></content>").content == "a b");
}

TEST_CASE("text in base64 is decoded, and read as its type says") {
  CHECK(entry("<summary type='application/octet-stream'>PGI+eDwvYj4=</summary>").summary ==
        "<b>x</b>");
  CHECK(entry("<summary type='text/html' mode='base64'>PGI+eDwvYj4=</summary>").summary == "x");
  CHECK(entry("<content type='image/png'>iVBORw0KGgo=</content>").content == "");
}

TEST_CASE("a second description or summary is the content; content alone is the summary too") {
  const auto two = item("<description>d</description><summary>s</summary>");
  CHECK(two.summary == "d");
  CHECK(two.content == "s");
  const auto one = item("<content:encoded>c</content:encoded>");
  CHECK(one.summary == "c");
  CHECK(one.content == "c");
  const auto both = item("<content:encoded>c</content:encoded><description>d</description>");
  CHECK(both.summary == "d");
  CHECK(both.content == "c");
}

TEST_CASE("what Media RSS and iTunes say counts where the feed's own elements say nothing") {
  CHECK(item("<media:title>m</media:title><title>t</title>").title == "t");
  CHECK(item("<media:group><media:title>m</media:title></media:group>").title == "m");
  const auto one = item("<media:description>m</media:description><description>d</description>");
  CHECK(one.summary == "d");
  CHECK(one.content == "");
  CHECK(item("<itunes:author>i</itunes:author><dc:creator>d</dc:creator>").author.name == "d");
  CHECK(item("<itunes:author>i</itunes:author>").author.name == "i");
}

TEST_CASE("the feed's summary is its description, subtitle or tagline") {
  CHECK(channel("<description>d</description><itunes:subtitle>i</itunes:subtitle>").summary == "d");
  CHECK(channel("<itunes:subtitle>i</itunes:subtitle>").summary == "i");
  CHECK(atom("<subtitle>s</subtitle>").summary == "s");
}

TEST_CASE("an element that was never closed ends where another field begins") {
  const auto one = item("<title>t<link>http://x.example/1</link><guid>g</guid><description>d");
  CHECK(one.title == "t");
  CHECK(one.link == "http://x.example/1");
  CHECK(one.id == "g");
  CHECK(one.summary == "d");
  const auto author = item("<author>Bob<title>t</title>");
  CHECK(author.author.name == "Bob");
  CHECK(author.title == "t");
  const auto feed = channel("<image><url>u</url><item><title>t</title></item>");
  REQUIRE(feed.entries.size() == 1);
  CHECK(feed.entries[0].title == "t");
}

// --- people, dates, language ---

TEST_CASE("a person has a name, an address and a page") {
  const auto one = entry(
      "<author><name>Ann</name><email>ann@x.example</email><uri>/ann</uri></author>"
      "<contributor><name>Bob</name></contributor>",
      {.url = "http://x.example/feed"});
  CHECK(one.author.name == "Ann");
  CHECK(one.author.email == "ann@x.example");
  CHECK(one.author.url == "http://x.example/ann");
  CHECK(channel("<managingEditor>ann@x.example (Ann)</managingEditor>").author.name == "Ann");
}

TEST_CASE("each date has its field, the last that can be read counts") {
  const auto one = item(
      "<pubDate>Mon, 06 Sep 2021 16:45:00 GMT</pubDate><dc:date>2021-09-07</dc:date>"
      "<dcterms:modified>2021-09-08</dcterms:modified><dcterms:modified>soon</dcterms:modified>");
  CHECK(shown(one.published) == "2021-09-06T16:45:00Z");
  CHECK(shown(one.updated) == "2021-09-08T00:00:00Z");
  CHECK(one.date_text == "Mon, 06 Sep 2021 16:45:00 GMT");
  CHECK(shown(item("<dcterms:created>2021-09-06</dcterms:created>").published) ==
        "2021-09-06T00:00:00Z");
  CHECK(shown(item("<pubDate>soon</pubDate>").published) == "none");
  CHECK(shown(channel("<lastBuildDate>2021-09-06</lastBuildDate>").updated) ==
        "2021-09-06T00:00:00Z");
}

TEST_CASE("the language of an entry is that of its content, summary, title, itself, its feed") {
  const auto feed = read(
      "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='fr'>"
      "<entry><title xml:lang='de'>t</title><content xml:lang='en_US'>c</content></entry>"
      "<entry><title xml:lang='de'>t</title></entry>"
      "<entry xml:lang='it'><title>t</title></entry>"
      "<entry xml:lang=''><title>t</title></entry>"
      "<entry><title>t</title></entry></feed>");
  REQUIRE(feed.entries.size() == 5);
  CHECK(feed.lang == "fr");
  CHECK(feed.entries[0].lang == "en-US");
  CHECK(feed.entries[1].lang == "de");
  CHECK(feed.entries[2].lang == "it");
  CHECK(feed.entries[3].lang == "");
  CHECK(feed.entries[4].lang == "fr");
}

TEST_CASE("dc:language and <language> go before Content-Language") {
  CHECK(item("<dc:language>de</dc:language>", {.content_language = "en"}).lang == "de");
  CHECK(item("<title>t</title>", {.content_language = "en, fr"}).lang == "en");
  const auto feed = channel("<language>en-au</language><item><title>t</title></item>");
  CHECK(feed.lang == "en-au");
  CHECK(feed.entries[0].lang == "en-au");
}

// --- the rest ---

TEST_CASE("tags come from terms, texts and lists, each once") {
  const auto one = item(
      "<category>a</category><category>a</category><dc:subject>b</dc:subject>"
      "<itunes:category text='c'><itunes:category text='d'/></itunes:category>"
      "<itunes:keywords>e, f,,</itunes:keywords><media:category>g</media:category>");
  CHECK(one.tags == Texts{"a", "b", "c", "d", "e", "f", "g"});
  CHECK(entry("<category term='Freiräume' label='x'/>").tags == Texts{"Freiräume"});
  CHECK(entry("<category label='x'/>").tags == Texts{"x"});
}

TEST_CASE("a document made to be slow takes its length and no more") {
  const auto begin = std::chrono::steady_clock::now();
  for (const auto* piece :
       {"<category>", "<category>x</category>", "<enclosure url='x'/>", "<author>()", "<item>",
        "<a xml:base='b/'>", "<title>", "<x:a xmlns:x='y'/>", "<description>&lt;a href='x'>"}) {
    std::string members = "<author>a@b.cd ";
    for (int i = 0; members.size() < 300'000; ++i) members += fmt::format("{}{}", piece, i);
    read("<rss><channel><item>" + members);
  }
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds{10});
}

TEST_CASE("lists of an entry end after a thousand") {
  std::string tags;
  for (int i = 0; i < 1100; ++i) tags += fmt::format("<category>{}</category>", i);
  CHECK(item(tags).tags.size() == 1000);
}

TEST_CASE("enclosures have address, type and length; comments and replies are kept") {
  const auto one = item(
      "<enclosure url='/a.mp3' type='audio/mpeg' length='12'/><comments>/c</comments>"
      "<slash:comments>3</slash:comments><thr:in-reply-to ref='tag:1'/>",
      {.url = "http://x.example/"});
  REQUIRE(one.enclosures.size() == 1);
  CHECK(one.enclosures[0].url == "http://x.example/a.mp3");
  CHECK(one.enclosures[0].type == "audio/mpeg");
  CHECK(one.enclosures[0].length == "12");
  CHECK(one.comments == "http://x.example/c");
  CHECK(one.reply_count == "3");
  CHECK(one.in_reply_to == "tag:1");
  CHECK(entry("<link rel='enclosure' href='http://x.example/b'/>").enclosures.size() == 1);
  CHECK(entry("<link rel='enclosure'>http://x.example/b</link>").enclosures.size() == 1);
}

TEST_CASE("a feed may be saved compressed, and not be larger than 15 MB") {
  const TemporaryFolder folder;
  CHECK(read_feed_file(folder.write("small", "<rss/>")).value() == "<rss/>");
  CHECK(read_feed_file(folder.write("empty", "")).value().empty());
  const auto large = read_feed_file(folder.write("large", std::string(15'000'001, ' ')));
  REQUIRE(large);
  CHECK(read_feed(*large, {}).error().message == "larger than 15 MB");
  CHECK(read_feed_file(folder.file("none")).error().kind == Error::Kind::io);
}

TEST_CASE("a feed that was saved keeps its encoding, UTF-16 and UTF-32 too") {
  const TemporaryFolder folder;
  const std::string ascii = "<?xml version='1.0'?><rss><channel><title>t</title></channel></rss>";
  for (const std::size_t unit : {2U, 4U}) {
    std::string bytes = unit == 2 ? "\xFF\xFE" : std::string("\xFF\xFE\0\0", 4);
    for (const char byte : ascii) (bytes += byte).append(unit - 1, '\0');
    const auto feed = read(read_feed_file(folder.write("saved", bytes)).value());
    CHECK(feed.encoding == (unit == 2 ? "utf-16le" : "utf-32le"));
    CHECK(feed.title == "t");
  }
}

TEST_CASE("a feed that is damaged in every way keeps its items apart") {
  const auto feed =
      read(read_feed_file(std::string{EARSHOT_SOURCE_DIR} + "/tests/fixtures/feed/recovered.xml")
               .value());
  CHECK(feed.version == "rss20");
  REQUIRE(feed.entries.size() == 3);
  const auto& [first, second, third] = std::tie(feed.entries[0], feed.entries[1], feed.entries[2]);
  CHECK(first.title == "first");
  CHECK(first.link == "https://furrow.example/1");
  CHECK(first.id == "1");
  CHECK(first.summary == "no end");
  CHECK(second.title == "R&D; 1 < 2 \xC2\xA0&far;");
  CHECK(second.link == "https://furrow.example/2?a=1&copy=2");
  CHECK(second.summary == "naked markup");
  CHECK(second.author.name == "Bob");
  CHECK(shown(second.published) == "2021-09-06T20:45:00Z");
  CHECK(third.title == "third");
  CHECK(third.enclosures.size() == 1);
}
