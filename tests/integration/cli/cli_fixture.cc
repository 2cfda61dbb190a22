#include "tests/integration/cli/cli_fixture.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace drover::test {
namespace {

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace

void CliTest::start(int agents) {
  cluster_.start_master();
  for (int agent = 0; agent < agents; ++agent) cluster_.start_agent(agent);
  cluster_.await_online(agents);
}

std::string CliTest::deployed(const std::string& name, const std::string& command) {
  cluster_.create(name, command);
  return output_of({"deploy", name});
}

void CliTest::await_end(const std::string& id) const {
  ASSERT_TRUE(eventually([&] {
    return output_of({"status", id}).find("State     completed") != std::string::npos;
  }));
}

std::map<std::string, std::string> CliTest::environment() const {
  return {{"DROVER_SERVER", "127.0.0.1:" + std::to_string(cluster_.http_port())},
          {"HOME", files_.path()},
          {"XDG_CONFIG_HOME", ""},
          {"NO_COLOR", ""},
          {"TERM", "xterm"},
          {"TZ", "UTC"}};
}

Ended CliTest::drover(const std::vector<std::string>& arguments,
                      const std::map<std::string, std::string>& more) const {
  auto variables = environment();
  for (const auto& [name, value] : more) variables[name] = value;
  const TempDir outputs;
  // The shell keeps the two streams apart.
  std::vector<std::string> line{"/bin/sh", "-c",
                                "exec \"$0\" \"$@\" >'" + outputs / "out' 2>'" + outputs / "err'",
                                std::string(DROVER_BIN_DIR) + "/drover"};
  line.insert(line.end(), arguments.begin(), arguments.end());
  Process process(line, variables);
  Ended ended;
  ended.code = process.wait();
  ended.out = content_of(outputs / "out");
  ended.err = content_of(outputs / "err");
  return ended;
}

std::string CliTest::output_of(const std::vector<std::string>& arguments) const {
  Ended ended = drover(arguments);
  EXPECT_EQ(ended.code, 0) << ended.err;
  EXPECT_EQ(ended.err, "");
  if (ended.out.ends_with('\n')) ended.out.pop_back();
  return ended.out;
}

testing::AssertionResult complains(const Ended& ended, int code, const std::string& part) {
  const bool is_line = std::count(ended.err.begin(), ended.err.end(), '\n') == 1;
  if (ended.code == code && ended.err.starts_with("drover: ") && is_line &&
      ended.err.find(part) != std::string::npos) {
    return testing::AssertionSuccess();
  }
  return testing::AssertionFailure()
         << "ended with " << ended.code << " instead of " << code << ", saying:\n"
         << ended.err << "instead of something with: " << part;
}

}  // namespace drover::test
