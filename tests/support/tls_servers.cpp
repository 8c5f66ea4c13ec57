#include "tests/support/tls_servers.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>

#include <fmt/format.h>

namespace earshot {

namespace {

/// Makes NAME.pem and NAME.key for NAME.example; the expired one by `openssl ca`, which alone may
/// choose both dates.
constexpr const char* certificates = R"(
exec >/dev/null 2>&1
key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
for name in wrong-host self-signed old good; do
  host=$name; [ $name = wrong-host ] && host=other
  openssl req -x509 $key -keyout $name.key -out $name.pem -days 30 -subj /CN=$host.example \
    -addext subjectAltName=DNS:$host.example || exit 1
done
openssl req $key -keyout expired.key -out expired.csr -subj /CN=expired.example || exit 1
touch index; echo 01 > serial
printf '[ca]\ndefault_ca=d\n[d]\ndatabase=index\nserial=serial\nnew_certs_dir=.\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n[e]\nsubjectAltName=DNS:expired.example\nbasicConstraints=CA:true\n' > ca.cnf
openssl ca -batch -config ca.cnf -selfsign -keyfile expired.key -in expired.csr -out expired.pem -notext \
  -extensions e -startdate 20200101000000Z -enddate 20200201000000Z || exit 1
cat wrong-host.pem expired.pem old.pem good.pem > ca.pem
)";

/// A port that was free a moment ago.
int free_port() {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* plain = reinterpret_cast<sockaddr*>(&address);
  const bool bound = bind(probe, plain, size) == 0 && getsockname(probe, plain, &size) == 0;
  close(probe);
  return bound ? ntohs(address.sin_port) : 0;
}

bool answers(int port) {
  const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const bool up = connect(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(probe);
  return up;
}

}  // namespace

TlsServers::TlsServers() {
  const auto script = folder_.write("make.sh", certificates);
  const auto command =
      fmt::format("cd '{}' && command -v openssl >/dev/null && sh make.sh", folder_.path());
  if (std::system(command.c_str()) != 0) return;
  for (const char* name : {"expired", "wrong-host", "self-signed"})
    servers_.push_back({name, start(name, "-www")});
  servers_.push_back({"old", start("old", "-www -tls1 -cipher ALL:@SECLEVEL=0")});
  good_port_ = start("good", "-HTTP");
}

TlsServers::~TlsServers() {
  for (const pid_t process : processes_) {
    kill(process, SIGKILL);
    waitpid(process, nullptr, 0);
  }
}

int TlsServers::start(const std::string& name, const std::string& options) {
  const int port = free_port();
  const auto command = fmt::format(
      "cd '{0}' && exec openssl s_server -quiet -accept 127.0.0.1:{1} "
      "-cert {2}.pem -key {2}.key {3} </dev/null >/dev/null 2>&1",
      folder_.path(), port, name, options);
  const pid_t child = fork();
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", command.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  processes_.push_back(child);
  for (int i = 0; i < 200 && !answers(port); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  return port;
}

}  // namespace earshot
