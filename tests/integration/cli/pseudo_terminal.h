// A program in a terminal of its own, as a person would have it.
#pragma once

#include <termios.h>

#include <map>
#include <string>
#include <vector>

#include "common/unique_fd.h"

namespace drover::test {

class PseudoTerminal {
 public:
  // Starts `arguments` (program first) with a terminal of this size as its three streams.
  PseudoTerminal(const std::vector<std::string>& arguments,
                 const std::map<std::string, std::string>& environment, unsigned short columns = 80,
                 unsigned short rows = 24);
  PseudoTerminal(const PseudoTerminal&) = delete;
  PseudoTerminal& operator=(const PseudoTerminal&) = delete;
  ~PseudoTerminal();  // SIGKILL, unless it has ended

  pid_t pid() const { return pid_; }
  void type(const std::string& keys) const;
  void resize(unsigned short columns, unsigned short rows) const;

  // Reads until this was drawn; false, and the test fails, when the patience or the program ends
  // before.
  bool await(const std::string& text);
  // All that was drawn so far.
  const std::string& drawn() const { return drawn_; }
  // Reads to the end. Returns the exit status, or 128 + the signal's number.
  int wait();

  // How the terminal is set.
  termios settings() const;

 private:
  bool read_some(int timeout_ms);

  pid_t pid_ = -1;
  bool ended_ = false;
  UniqueFd master_;
  UniqueFd keeper_;  // the other side, held so that its settings outlive the program
  std::string drawn_;
};

}  // namespace drover::test
