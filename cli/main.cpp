#include "cli/program.hpp"

int main(int argc, char** argv) {
  return earshot::run_program(argc, argv);
}
