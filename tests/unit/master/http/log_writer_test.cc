// Output as an answer says it.
#include "master/http/api/log_writer.h"

#include <gtest/gtest.h>

#include "common/limits.h"

namespace drover::http {
namespace {

class LogWriterTest : public testing::Test {
 protected:
  LogWriterTest() {
    target_.group = "g";
    target_.task = "t";
    target_.attempt.attempt = 2;
  }
  std::string data(LogFormat format, const std::vector<std::string>& pieces) {
    const LogWriter writer(format);
    const LogStream stream{target_, true};
    std::string out;
    PartialLine rest;
    for (const std::string& piece : pieces) writer.data(stream, piece, 0, rest, out);
    writer.end(stream, rest, out);
    return out;
  }

  LogTarget target_;
};

TEST_F(LogWriterTest, LinesAreWholeWhateverPiecesTheyComeIn) {
  EXPECT_EQ(data(LogFormat::lines, {"a", "b\nc", "\n", "\n", "d"}), "ab\nc\n\nd\n");
  EXPECT_EQ(data(LogFormat::labelled, {"a\n", "\n"}), "g[0].t#2 stderr: a\ng[0].t#2 stderr: \n");
  EXPECT_EQ(data(LogFormat::plain, {"a\nb"}), "a\nb\n") << "where something is said behind it";
  EXPECT_EQ(data(LogFormat::plain, {"a\n"}), "a\n");
  EXPECT_EQ(data(LogFormat::json, {}), "");
}

TEST_F(LogWriterTest, ALongLineComesInParts) {
  const std::string whole(limits::kLogLineBytes, 'x');
  EXPECT_EQ(data(LogFormat::lines, {whole + "y\nz\n"}), whole + "\ny\nz\n");
  const std::string shown = data(LogFormat::json, {whole, whole, "y\n"});
  std::size_t parts = 0;
  for (std::size_t at = 0; (at = shown.find("\"continues\":true", at)) != std::string::npos; ++at) {
    ++parts;
  }
  EXPECT_EQ(parts, 2U);
  EXPECT_TRUE(shown.ends_with("\"text\":\"y\"}\n"));
}

TEST_F(LogWriterTest, ALineOfExactlyTheLongestIsWhole) {
  const std::string whole(limits::kLogLineBytes - 1, 'x');
  EXPECT_EQ(data(LogFormat::json, {whole + "\n"}).find("continues"), std::string::npos);
}

TEST_F(LogWriterTest, JsonIsUtf8WhateverWasPrinted) {
  const std::string shown = data(LogFormat::json, {"a\xC3(\xE4\xBD\xA0\xFF\n"});
  EXPECT_NE(shown.find("\"text\":\"a\xEF\xBF\xBD(\xE4\xBD\xA0\xEF\xBF\xBD\""), std::string::npos)
      << shown;
}

TEST_F(LogWriterTest, HowItEndedIsSaid) {
  target_.end.kind = core::EndKind::exited;
  target_.end.code = 4;
  std::string out;
  LogWriter(LogFormat::json).ended(target_, out);
  EXPECT_EQ(out, R"({"ended":{"group":"g","index":0,"task":"t","attempt":2,"exit_code":4,)"
                 R"("reason":"itself","detail":"exited with 4"}})"
                 "\n");
  out.clear();
  LogWriter(LogFormat::lines).ended(target_, out);
  EXPECT_EQ(out, "[drover] g[0].t#2: exited with 4\n");
}

}  // namespace
}  // namespace drover::http
