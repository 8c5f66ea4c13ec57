#include "analyze/function_words.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>

namespace earshot {
namespace {

/// The frequent words of a language, as lower-case letters alone: an apostrophe is between two
/// words. Words of several languages are in several lists.
struct FunctionWords {
  Lang lang;
  std::string_view words;
};

/// The last has frequent words of other languages in Latin letters, those above all that one of the
/// six has too: a text with many of these is for CLD2.
constexpr auto lists = std::to_array<FunctionWords>({
    {{'e', 'n'},
     "the and of you that this your with they have are from just about what when would there "
     "been which because could should them these those than then into how why where know think "
     "got get going cant dont im its we re for not but my out our his him her she he don doesn "
     "isn didn wasn won ve ll if before after thank thanks please love like much very really "
     "still back need want see make now today tomorrow tonight again never always every any "
     "being does did had more most other some such too way well new good great best day time "
     "people us by up it to at be do was will who has were their only one can t is wait first "
     "next last right said says look work over off down here nothing anyone someone everyone "
     "own same while until since through though even ever both each few many made help in on as "
     "an or i a me no so go am ur u lol yes let come oh omg say yet hope hey sorry"},
    {{'e', 's'},
     "y el los las del pero como más está están esto esta este eso muy cuando también hay hoy "
     "mañana mejor sus tiene tengo estoy quiero donde quien qué soy eres hacer según años mucho "
     "muchas después voy puedo puede hace ahora siempre gracias yo fue pues siento nada ustedes "
     "ayer así algo bueno buenos buenas días día sin hasta aquí les ser cómo solo sé su mi unos "
     "una por con nuevo desde nos aún vez hecho todos de la que en un no se lo le te me a o es "
     "para todo al si son ya porque quiere sobre e ni tu era ha muchos todas gente"},
    {{'p', 't'},
     "não é um uma com você vocês isso esse essa muito já são tem seu sua meu minha ele ela foi "
     "agora hoje amanhã dos das ao pelo pela até então só eu vai fazer aqui quem obrigado "
     "obrigada melhor pra ainda depois nunca estou estão também mas mais às há nem bem vou tô "
     "tá dia em sem nosso nossa quero ter sou acho fiz isto num numa ontem gente vc o a os as "
     "de do da que e por para no na nos nas se me te quando como porque está ser todo todos "
     "tudo era eh nao ou foram boa bom tão este esta lá"},
    {{'f', 'r'},
     "les des une est et dans qui avec pas vous nous ce cette ces sont plus ne au aux je il "
     "elle ils ses mon ma été avoir fait faire très tout toute tous même aussi ça leur leurs "
     "notre votre chez quand ai avez après c qu pour sur suis était faut rien encore trop merci "
     "bonjour toujours jamais mais être comme où êtes peut l d j moi toi voir deux jour soir "
     "alors parce donc déjà sans le la de du un en que à a on se me te si y par son sa s n tu "
     "ou ya bon"},
    {{'d', 'e'},
     "der die das und ist nicht ich ein eine einen einem einer mit auf für von zu den dem auch "
     "sich wie wir sie aber noch nur wenn oder bei nach aus bin hat haben sind wird werden kann "
     "über mehr mein meine dann schon jetzt heute dass daß zum zur vom durch immer gut doch "
     "warum mir mich dir dich kein keine gibt uns habe ihr ihre euch sehr als diese dieser hier "
     "wurde nichts etwas weil wieder einfach danke bitte muss vor beim man hab wäre morgen "
     "gestern gegen wegen ohne in es im an am was war so um du er da ja alle des ab wer wo mal nie "
     "bis unter"},
    {{'i', 't'},
     "il che di non della gli è anche questo questa ma ho ha hai nel nella alla al dei delle mi "
     "ti ci perché cosa tutto tutti molto oggi sempre grazie fatto fare solo poi così già senza "
     "dopo ancora essere siamo stato dal dalla sul sulla agli quello sono più degli ai ogni lo "
     "quando adesso chi io noi voi lui lei mio mia suo quindi però perche sta hanno abbiamo "
     "domani ieri niente nessuno e per con una la le i a un in si se da come l o del no era su "
     "te fa tra fra"},
    {{},
     "het een van ik niet voor zijn maar ook wel naar deze wordt heb jij je dat bij nog geen "
     "wat ze de en is in op te was die er we of me over had hebben nu och att det som är inte "
     "jag har av till ikke jeg og på af ikkje eg hun hva hvad der vi men den du for med i kan "
     "han man om så et at ett för amb és però això molt els aquest aquesta avui unha moi hai "
     "non el la que per les un una no și din care că mai cu sunt pentru este sa o pe se si yang "
     "dan ini itu tidak aku nya untuk saya ada dengan ke kamu gak ya di ang ng mga ko ako hindi "
     "po naman ka yung ito na bir ve bu çok için değil ne var ama da mi nie się jest że jak co "
     "tak dla czy to w z do ki kya bhi nahi ho toh aur nhi mein kar vir ek hulle baie su nije "
     "sam od kako što ali za az nem hogy egy meg csak ei että mutta niin olen on ja"},
});

/// Where a text's words are looked at: twelve are enough for most. A count has a byte.
constexpr auto looks = std::to_array<std::uint64_t>({12, 250});

using Key = std::uint64_t;     ///< A word of at most eight bytes, the first one lowest.
using Counts = std::uint64_t;  ///< A byte for each list, the first one lowest.

constexpr Counts one_word_of(std::size_t list) {
  return Counts{1} << 8 * list;
}
std::uint8_t words_of(std::size_t list, Counts counts) {
  return static_cast<std::uint8_t>(counts >> 8 * list);
}

constexpr unsigned slot_bits = 12;

constexpr std::size_t slot_of(Key key) {
  return static_cast<std::size_t>((key * 0x9e3779b97f4a7c15U) >> (64 - slot_bits));
}

/// The words of all lists by their keys; a word is at its slot or at one of the next, before an
/// empty one.
struct Index {
  std::array<Key, std::size_t{1} << slot_bits> keys{};
  std::array<Counts, std::size_t{1} << slot_bits> counts{};

  constexpr std::size_t find(Key key) const {
    std::size_t slot = slot_of(key);
    while (keys[slot] != 0 && keys[slot] != key) slot = (slot + 1) % keys.size();
    return slot;
  }
};

consteval Index make_index() {
  Index index;
  for (std::size_t list = 0; list < lists.size(); ++list) {
    const auto words = lists[list].words;
    std::size_t begin = 0;
    while (begin < words.size()) {
      const auto end = std::min(words.find(' ', begin), words.size());
      Key key = 0;
      for (std::size_t i = begin; i < end; ++i)
        key |= Key{static_cast<std::uint8_t>(words[i])} << 8 * (i - begin);
      const std::size_t slot = index.find(key);
      index.keys[slot] = key;
      index.counts[slot] |= one_word_of(list);
      begin = end + 1;
    }
  }
  return index;
}
constexpr Index word_index = make_index();

enum class Byte : std::uint8_t {
  blank,
  other,  ///< Between words: digits, punctuation, what leads a symbol or an emoji.
  letter,
  continued,  ///< Of the character before it.
  address,    ///< '@', '#': what follows up to a blank is no word.
};

consteval std::array<Byte, 256> make_kinds() {
  std::array<Byte, 256> kinds{};
  for (std::size_t byte = 0; byte < kinds.size(); ++byte) {
    const auto lower = byte | 0x20;
    if (byte <= ' ')
      kinds[byte] = Byte::blank;
    else if (byte == '@' || byte == '#')
      kinds[byte] = Byte::address;
    else if (byte < 0x80)
      kinds[byte] = lower >= 'a' && lower <= 'z' ? Byte::letter : Byte::other;
    else if (byte < 0xc0)
      kinds[byte] = Byte::continued;
    else  // U+0080 to U+00BF, U+2000 to U+2FFF, U+F000 and up are no letters that these words have
      kinds[byte] = byte >= 0xc3 && byte != 0xe2 && byte < 0xef ? Byte::letter : Byte::other;
  }
  return kinds;
}
constexpr auto kinds = make_kinds();
constexpr std::uint8_t last_latin = 0xc5;  // the first byte of U+0140 to U+017F

/// Eight bytes of text, the first one lowest, in lower case.
struct Eight {
  std::uint64_t bytes = 0;
  unsigned letters = 0;  ///< How many ASCII letters it begins with; 0 if any byte is not ASCII.

  explicit Eight(const char* from) {
    constexpr std::uint64_t each = 0x0101010101010101U;
    std::memcpy(&bytes, from, sizeof bytes);
    if ((bytes & 0x80 * each) != 0) return;
    bytes |= 0x20 * each;
    const auto from_a = bytes + (0x80 - 'a') * each;
    const auto behind_z = bytes + (0x80 - 'z' - 1) * each;
    const auto others = ~(from_a & ~behind_z) & 0x80 * each;
    letters = static_cast<unsigned>(std::countr_zero(others)) / 8;
  }
};
static_assert(std::endian::native == std::endian::little);

/// A run of letters.
struct Word {
  std::size_t end = 0;
  Key key = 0;  ///< 0 if it is longer than keys are.
};

Word read_word(std::string_view text, std::size_t begin) {
  if (begin + sizeof(Key) <= text.size()) {
    const Eight eight(text.data() + begin);
    if (eight.letters > 0 && eight.letters < sizeof(Key))
      return {begin + eight.letters, eight.bytes & ((Key{1} << 8 * eight.letters) - 1)};
  }
  Word word{begin};
  std::uint8_t last = 0;
  for (; word.end < text.size(); ++word.end) {
    auto byte = static_cast<std::uint8_t>(text[word.end]);
    if (kinds[byte] != Byte::letter && kinds[byte] != Byte::continued) break;
    if (byte < 0x80 || (last == 0xc3 && byte < 0x9f)) byte |= 0x20;  // up to U+00DE
    if (word.end - begin < sizeof(Key)) word.key |= Key{byte} << 8 * (word.end - begin);
    last = byte;
  }
  if (word.end - begin > sizeof(Key)) word.key = 0;
  return word;
}

/// What the lists say of a text's words, from its first on.
class Count {
 public:
  explicit Count(std::string_view text) : text_(text) {}

  /// Goes on up to the text's `words`th word.
  void go_on(std::uint64_t words) {
    while (at_ < text_.size() && words_ < words) {
      const Byte kind = kind_at(at_);
      if (kind == Byte::address)
        skip_to_blank();
      else if (kind != Byte::letter)
        ++at_;
      else
        take_word();
    }
  }

  /// The language, if the words up to here leave no doubt. The numbers were chosen on 53,000 posts
  /// of known languages and 71 sentences in 47 others: see benchmarks/README.md.
  std::optional<Lang> language() const {
    std::size_t best = 0;
    for (std::size_t list = 1; list < lists.size(); ++list)
      if (words_of(list, found_) > words_of(best, found_)) best = list;
    const unsigned words = words_of(best, found_);
    const unsigned own = words_of(best, own_);
    if (words + (own >= 2) < 3 || words * 5 < words_) return std::nullopt;
    for (std::size_t list = 0; list < lists.size(); ++list) {
      if (list == best) continue;
      const unsigned others = words_of(list, found_);
      if (others + 2 > words || others * 3 > words * 2 || words_of(list, own_) >= own)
        return std::nullopt;
    }
    return lists[best].lang;
  }

 private:
  Byte kind_at(std::size_t at) const { return kinds[static_cast<std::uint8_t>(text_[at])]; }

  void skip_to_blank() {
    while (at_ < text_.size() && kind_at(at_) != Byte::blank) ++at_;
  }

  void take_word() {
    const std::size_t begin = at_;
    const Word word = read_word(text_, begin);
    at_ = word.end;
    if (text_.substr(at_, 3) == "://" || text_.substr(begin, 4) == "www.") {
      skip_to_blank();
    } else if (static_cast<std::uint8_t>(text_[begin]) > last_latin) {
      add(one_word_of(lists.size() - 1));
    } else {
      add(word_index.counts[word_index.find(word.key)]);
    }
  }

  void add(Counts lists_of_word) {
    ++words_;
    found_ += lists_of_word;
    own_ += (lists_of_word & (lists_of_word - 1)) == 0 ? lists_of_word : 0;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::uint64_t words_ = 0;
  Counts found_ = 0;
  Counts own_ = 0;  ///< Of words that are in one list alone.
};

}  // namespace

Lang language_by_function_words(std::string_view text) {
  Count count(text);
  for (const auto words : looks) {
    count.go_on(words);
    if (const auto lang = count.language()) return *lang;
  }
  return {};
}

}  // namespace earshot
