#include "analyze/language.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace earshot;

namespace {
std::string language(std::string_view text, std::string_view declared = {}) {
  return std::string{text_of(detect_language(text, declared))};
}
}  // namespace

TEST_CASE("language: what the source declares wins, without its region") {
  CHECK(language("the shop around the corner sells everything", "pt-BR") == "pt");
  CHECK(language("hello", "EN_us") == "en");
}

TEST_CASE("language: replaced codes are read as today's") {
  CHECK(language("", "iw") == "he");
  CHECK(language("", "in") == "id");
  CHECK(language("", "fil") == "tl");
}

TEST_CASE("language: a tag that is no language is not believed") {
  const std::string english = "I would like to know when the next delivery arrives in our street";
  CHECK(language(english, "und") == "en");
  CHECK(language(english, "qme") == "en");
  CHECK(language(english, "x1") == "en");
  CHECK(language(english, "english") == "en");
}

TEST_CASE("language: a script that one language writes decides at any length") {
  CHECK(language("ありがとう") == "ja");
  CHECK(language("新鮮な野菜が届きました") == "ja");
  CHECK(language("안녕") == "ko");
  CHECK(language("สวัสดี") == "th");
  CHECK(language("καλά") == "el");
}

TEST_CASE("language: texts of some length are told apart by their words") {
  CHECK(language("Le panier de légumes est arrivé ce matin et tout était très frais") == "fr");
  CHECK(language("Das Gemüse kam heute Morgen an und war leider nicht mehr frisch") == "de");
  CHECK(language("Las verduras llegaron esta mañana y todavía estaban muy frescas") == "es");
  CHECK(language("Овощи привезли сегодня утром, и они были очень свежие") == "ru");
}

TEST_CASE("language: too little text is no language") {
  CHECK(language("").empty());
  CHECK(language("ok!! 12:30").empty());
  CHECK(language("\xff\xfe\x80").empty());
}

TEST_CASE("language: bytes that are not UTF-8 end what CLD2 is asked about, and no more") {
  const std::string dutch = "Ik wil graag weten wanneer de volgende levering in onze straat komt";
  CHECK(language(dutch + " \xff\xff\x03 meer") == "nl");
  CHECK(language("\xf7\x65\x7b " + dutch).empty());
}

TEST_CASE("language: function words decide where there are too few letters for CLD2") {
  CHECK(language("thank you!") == "en");
  CHECK(language("muy bien, gracias") == "es");
  CHECK(language("это очень").empty());
}
