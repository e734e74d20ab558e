// What a command printed, for the tests of this room.
#pragma once

#include "harness/app/cli.h"
#include "harness/app/commands.h"

#include <cstdio>
#include <string>
#include <vector>

namespace pushbench::app {

class Captured {
 public:
  Captured() : out_(std::tmpfile()), err_(std::tmpfile()) {}
  ~Captured() {
    std::fclose(out_);
    std::fclose(err_);
  }
  Captured(const Captured&) = delete;
  Captured& operator=(const Captured&) = delete;

  Streams streams() const { return {out_, err_}; }
  std::string out() const { return all_of(out_); }
  std::string err() const { return all_of(err_); }

 private:
  static std::string all_of(std::FILE* file) {
    std::fflush(file);
    std::rewind(file);
    std::string text;
    for (int c = std::fgetc(file); c != EOF; c = std::fgetc(file)) {
      text.push_back(static_cast<char>(c));
    }
    return text;
  }
  std::FILE* out_;
  std::FILE* err_;
};

struct Ran {
  int code = 0;
  std::string out, err;
};

// `pushbench WORDS`, within this process.
inline Ran run_words(std::vector<const char*> words) {
  words.insert(words.begin(), "pushbench");
  const Captured captured;
  Ran ran;
  ran.code = run_cli(static_cast<int>(words.size()), words.data(), captured.streams());
  ran.out = captured.out();
  ran.err = captured.err();
  return ran;
}

}  // namespace pushbench::app
