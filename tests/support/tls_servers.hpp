#pragma once

#include <sys/types.h>
#include <string>
#include <vector>

#include "tests/support/temporary_folder.hpp"

namespace earshot {

/// Servers that speak TLS, each in its own wrong way, and one that does it right; `openssl
/// s_server` behind. Certificates are made when it is constructed, and all but the self-signed one
/// are in `ca_file`.
class TlsServers {
 public:
  struct Server {
    std::string name;  ///< "expired", "wrong-host", "self-signed", "old".
    int port = 0;
  };

  TlsServers();
  ~TlsServers();
  TlsServers(const TlsServers&) = delete;
  TlsServers& operator=(const TlsServers&) = delete;

  /// Without `openssl` on this machine, none.
  const std::vector<Server>& servers() const { return servers_; }
  /// That of the good one, good.example; 0 without `openssl`.
  int good_port() const { return good_port_; }
  /// What the good one says to "/NAME", status line and all.
  void answer(const std::string& name, const std::string& bytes) { folder_.write(name, bytes); }
  std::string ca_file() const { return folder_.file("ca.pem"); }

 private:
  int start(const std::string& name, const std::string& options);

  TemporaryFolder folder_;
  std::vector<Server> servers_;
  int good_port_ = 0;
  std::vector<pid_t> processes_;
};

}  // namespace earshot
