#include "tests/support/packed.hpp"

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>

#include <archive.h>
#include <archive_entry.h>
#include <doctest/doctest.h>

namespace earshot::test {

namespace {

std::string packed(const std::function<void(archive*)>& choose_format,
                   const std::function<void(archive*)>& add_files) {
  std::string bytes;
  const auto write = [](archive*, void* to, const void* from, std::size_t size) {
    static_cast<std::string*>(to)->append(static_cast<const char*>(from), size);
    return static_cast<la_ssize_t>(size);
  };
  archive* const writer = archive_write_new();
  choose_format(writer);
  archive_write_set_bytes_in_last_block(writer, 1);
  REQUIRE(archive_write_open(writer, &bytes, nullptr, write, nullptr) == ARCHIVE_OK);
  add_files(writer);
  REQUIRE(archive_write_close(writer) == ARCHIVE_OK);
  archive_write_free(writer);
  return bytes;
}

using Entry = std::unique_ptr<archive_entry, decltype(&archive_entry_free)>;

Entry entry_of(const std::string& name, long long size) {
  Entry entry{archive_entry_new(), archive_entry_free};
  archive_entry_copy_pathname(entry.get(), name.c_str());
  archive_entry_set_filetype(entry.get(), AE_IFREG);
  archive_entry_set_perm(entry.get(), 0644);
  archive_entry_set_size(entry.get(), size);
  return entry;
}

void add(archive* writer, const PackFiles& files) {
  for (const auto& [name, bytes] : files) {
    const auto entry = entry_of(name, static_cast<long long>(bytes.size()));
    REQUIRE(archive_write_header(writer, entry.get()) >= ARCHIVE_WARN);
    REQUIRE(archive_write_data(writer, bytes.data(), bytes.size()) ==
            static_cast<la_ssize_t>(bytes.size()));
  }
}

}  // namespace

std::string zip_of(const PackFiles& files) {
  return packed([](archive* writer) { archive_write_set_format_zip(writer); },
                [&](archive* writer) { add(writer, files); });
}

std::string encrypted_zip_of(const PackFiles& files) {
  return packed(
      [](archive* writer) {
        archive_write_set_format_zip(writer);
        REQUIRE(archive_write_set_options(writer, "zip:encryption=zipcrypt") == ARCHIVE_OK);
        archive_write_set_passphrase(writer, "beans");
      },
      [&](archive* writer) { add(writer, files); });
}

std::string tar_of(const PackFiles& files, const std::string& compression) {
  return packed(
      [&](archive* writer) {
        archive_write_set_format_pax_restricted(writer);
        if (!compression.empty())
          REQUIRE(archive_write_add_filter_by_name(writer, compression.c_str()) == ARCHIVE_OK);
      },
      [&](archive* writer) { add(writer, files); });
}

std::string tar_of_hole(const std::string& name) {
  const std::string bytes = "a" + std::string(1'000'000, '\0') + "z";
  const auto size = static_cast<long long>(bytes.size());
  return packed([](archive* writer) { archive_write_set_format_pax(writer); },
                [&](archive* writer) {
                  const auto entry = entry_of(name, size);
                  archive_entry_sparse_add_entry(entry.get(), 0, 1);
                  archive_entry_sparse_add_entry(entry.get(), size - 1, 1);
                  REQUIRE(archive_write_header(writer, entry.get()) == ARCHIVE_OK);
                  REQUIRE(archive_write_data(writer, bytes.data(), bytes.size()) == size);
                });
}

std::string tar_claiming(const std::string& name, long long size) {
  return packed([](archive* writer) { archive_write_set_format_pax_restricted(writer); },
                [&](archive* writer) {
                  REQUIRE(archive_write_header(writer, entry_of(name, size).get()) == ARCHIVE_OK);
                  archive_write_fail(writer);  // else it fills up what is missing
                });
}

PackFiles files_below(const std::string& folder) {
  PackFiles files;
  for (const auto& each : std::filesystem::recursive_directory_iterator{folder}) {
    if (!each.is_regular_file()) continue;
    std::ifstream file{each.path(), std::ios::binary};
    files.emplace_back(std::filesystem::relative(each.path(), folder).string(),
                       std::string{std::istreambuf_iterator<char>{file}, {}});
  }
  return files;
}

}  // namespace earshot::test
