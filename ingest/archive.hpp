#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ingest/post_writer.hpp"
#include "ingest/source.hpp"

namespace earshot {

/// One record of an archive: its bytes in the page's buffer, without the line end, and the line
/// where it begins.
struct Record {
  std::size_t begin = 0;
  std::size_t size = 0;
  std::uint64_t line = 0;
};

/// What a slice of the records of a page became. The bad ones are counted, and the first 100 kept
/// with their reasons.
struct ReadRecords {
  PostBatch batch;
  std::vector<PostId> removed;  ///< Deleted at the source; views into `batch.texts`.
  std::uint64_t bad_rows = 0;
  std::vector<BadLine> bad;

  void clear();
  void refuse(std::uint64_t line, std::string reason);
};

/// How one format of archives is cut into records and how a record is read. Bytes in, posts out;
/// the file, the pages, the cursor and the threads belong to `make_archive`.
class RecordFormat {
 public:
  /// The record that begins at the front of a text. `next` is the offset behind it, `lines` how
  /// many lines it has.
  struct Cut {
    std::size_t size = 0;
    std::size_t next = 0;
    std::size_t lines = 1;
    bool complete = false;           ///< False: the text ends before the record does.
    const char* unclosed = nullptr;  ///< If this is the end of the input: why the record is bad.
                                     ///< Null: it is whole all the same.
  };

  virtual ~RecordFormat() = default;

  /// Takes the header, if the format has one, from the first bytes of the input (behind a byte
  /// order mark). Tells its extent. Errors: `config` (a mapped column is missing), `format` (no
  /// header).
  virtual Result<Cut> read_header(std::string_view beginning, const std::string& path) = 0;

  /// Told before each page. `now` dates posts that the archive does not date.
  virtual void begin_page(Instant /*now*/) {}

  /// `text` is not empty.
  virtual Cut cut(std::string_view text) const = 0;

  /// Reads each record of a slice into `out`. At least `record_padding` readable bytes follow the
  /// end of `text`. Called from several threads at once.
  virtual void read(std::string_view text, std::span<const Record> records, PostWriter& writer,
                    ReadRecords& out) const = 0;
};
inline constexpr std::size_t record_padding = 256;

/// How a format of one record a line cuts: a line that has only blanks is no record.
RecordFormat::Cut cut_line(std::string_view text);

/// A source that reads `config.path` page by page (about 4 MB of decompressed bytes each, its
/// records in parallel, in the order of the input). The cursor is "offset line fingerprint": the
/// decompressed offset of the next record, its line, and a hash of the first 4,096 bytes; a file
/// that is shorter than the offset or begins differently is another file and is read from its
/// start. A record over 16 MB is a bad line.
Result<std::unique_ptr<Source>> make_archive(const SourceConfig& config,
                                             std::unique_ptr<RecordFormat> format);

}  // namespace earshot
