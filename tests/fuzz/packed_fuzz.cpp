#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include <sys/mman.h>
#include <unistd.h>

#include "ingest/packed.hpp"

/// Lists what bytes hold as a zip or tar, and reads the first files in it: what is listed can be
/// opened, or says why not, and no read brings more than there is room for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace earshot;
  static const int file = memfd_create("packed", 0);
  if (ftruncate(file, 0) != 0 || pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) abort();
  const std::string path = "/proc/self/fd/" + std::to_string(file);
  const auto members = list_packed(path);
  if (!members) return 0;
  std::vector<char> room(4096);
  for (std::size_t i = 0; i < members->size() && i < 3; ++i) {
    const auto& name = (*members)[i].name;
    if (name.empty() || name.starts_with('/') || name.find("..") == 0) __builtin_trap();
    auto stream = PackedStream::open({path, name});
    if (!stream) {
      if (stream.error().kind == Error::Kind::io) __builtin_trap();
      continue;
    }
    for (int reads = 0; reads < 1000; ++reads) {
      const auto count = stream->read(room);
      if (!count || *count == 0) break;
      if (*count > room.size()) __builtin_trap();
    }
  }
  return 0;
}
