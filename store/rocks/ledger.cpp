#include "store/rocks/ledger.hpp"

#include <string>

namespace earshot::rocks {

namespace {
constexpr const char* ledger_key = "ledger";
}

Result<Ledger> read_ledger(const Database& database) {
  std::string record;
  const auto status = database.db().Get({}, database.family(Family::meta), ledger_key, &record);
  if (!status.ok() && !status.IsNotFound()) return database.error(status);
  Ledger ledger;
  if (status.IsNotFound() || !decode_ledger(record, ledger))
    return database.unreadable("what the store knows of itself");
  return ledger;
}

Result<Done> write_ledger(Database& database, const Ledger& ledger, rocksdb::WriteBatch& writes) {
  std::string record;
  encode_ledger(ledger, record);
  writes.Put(database.family(Family::meta), ledger_key, record);
  return database.write(writes, ledger.batch);
}

}  // namespace earshot::rocks
