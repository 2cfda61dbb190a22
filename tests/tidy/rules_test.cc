// Each rule finds what it is there to find, and leaves alone what it should.
#include "tests/tidy/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace drover::tidy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// "path:line" of each finding.
std::vector<std::string> places(const Findings& findings) {
  std::vector<std::string> texts;
  for (const Finding& finding : findings) {
    texts.push_back(finding.path + ":" + std::to_string(finding.line));
  }
  return texts;
}

// A mark that would otherwise be found in this very file.
const std::string kMark = std::string("TO") + "DO";

TEST(TreeTest, ReadsWhatThereIsButNotBuildTrees) {
  const std::filesystem::path top = testing::TempDir() + "drover-tree-test";
  std::filesystem::remove_all(top);
  std::filesystem::create_directories(top / "a");
  std::filesystem::create_directories(top / "build/x");
  std::ofstream(top / "a/one.cc") << "int one;\n";
  std::ofstream(top / "build/x/two.cc") << "int two;\n";
  const Files files = read_tree(top);
  std::filesystem::remove_all(top);
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].path, "a/one.cc");
  EXPECT_EQ(files[0].text, "int one;\n");
}

TEST(TreeTest, KnowsKindsOfFiles) {
  EXPECT_TRUE((File{"a/b.cc", ""}.is_cpp()));
  EXPECT_FALSE((File{"a.d/b", ""}.is_cpp()));
  EXPECT_TRUE((File{".ci/run", "#!/usr/bin/env bash\n"}.is_shell()));
  EXPECT_FALSE((File{"a.py", "#!/usr/bin/env python3\n"}.is_shell()));
  EXPECT_TRUE((File{"agent/core/x.h", ""}.is_below("agent/core")));
  EXPECT_FALSE((File{"agent/core2/x.h", ""}.is_below("agent/core")));
}

TEST(CodeOfTest, BlanksCommentsAndLiterals) {
  EXPECT_EQ(code_of("a; // b\nc;"), "a;     \nc;");
  EXPECT_EQ(code_of("a /* b\nb */ c"), "a     \n     c");
  EXPECT_EQ(code_of("f(\"// \\\" x\", '\"', 10'000);"), "f(         ,    , 10'000);");
  EXPECT_EQ(code_of("x = R\"(a\n\"b)\"; y"), "x =     \n    ; y");
  EXPECT_EQ(code_of("#include \"a/b.h\"  // why\n"), "#include \"a/b.h\"        \n");
}

TEST(TextRulesTest, LongFiles) {
  const Files files{{"short.cc", "1\n2\n"}, {"long.cc", "1\n2\n3\n"}, {"long.csv", "1\n2\n3\n"}};
  EXPECT_THAT(places(find_long_files(files, 2)), ElementsAre("long.cc:0"));
}

TEST(TextRulesTest, WhiteSpace) {
  const Files files{{"a.cc", "good\n"}, {"b.cc", "\tx\n"},   {"c.cc", "x\nx \n"}, {"d.cc", "x\r\n"},
                    {"e.cc", "x"},      {"f.csv", "x \r\n"}, {"empty.cc", ""}};
  EXPECT_THAT(places(find_untidy_white_space(files)),
              ElementsAre("b.cc:1", "c.cc:2", "d.cc:1", "e.cc:0"));
}

TEST(TextRulesTest, UnfinishedMarks) {
  const Files files{{"a.cc", "int x;  // " + kMark + ": y\n"}, {"b.cc", kMark + "S_PER_DAY\n"}};
  EXPECT_THAT(places(find_unfinished_marks(files)), ElementsAre("a.cc:1"));
}

TEST(TextRulesTest, MachinePaths) {
  const std::string work = std::string("/wo") + "rk/x";
  const std::string below_another = std::string("/wo") + "rk/0190.0.1";
  const std::string home = std::string("/ho") + "me/alice/x";
  const Files files{{"a.md", work + "\n"},
                    {"b.md", "cd " + home + "\n"},
                    {"c.md", "a" + work},
                    {"d.md", "/usr/lib, ~/x, $HOME/x, state + \"" + below_another + "\"\n"}};
  EXPECT_THAT(places(find_machine_paths(files)), ElementsAre("a.md:1", "b.md:1"));
}

TEST(TextRulesTest, BrokenScripts) {
  const std::filesystem::path top = testing::TempDir() + "drover-script-test";
  std::filesystem::remove_all(top);
  std::filesystem::create_directories(top);
  std::ofstream(top / "good.sh") << "#!/bin/sh\nif true; then :; fi\n";
  std::ofstream(top / "bad.sh") << "#!/bin/sh\nif true; then :\n";
  // An array: bash knows it, sh does not.
  std::ofstream(top / "bash") << "#!/usr/bin/env bash\na=(1 2)\n";
  testing::internal::CaptureStderr();
  const Findings findings = find_broken_scripts(read_tree(top), top);
  testing::internal::GetCapturedStderr();
  std::filesystem::remove_all(top);
  EXPECT_THAT(places(findings), ElementsAre("bad.sh:0"));
}

TEST(CodeRulesTest, BareHeaders) {
  const Files files{{"good.h", "// What it is.\n#pragma once\n"},
                    {"mute.h", "#include <x>\n#pragma once\n"},
                    {"open.h", "// What it is.\nint x;\n"},
                    {"any.cc", "int x;\n"}};
  EXPECT_THAT(places(find_bare_headers(files)), ElementsAre("mute.h:1", "open.h:0"));
}

TEST(CodeRulesTest, PureCodeIsLeftAlone) {
  const Files files{{"master/core/step.cc",
                     "#include \"master/core/step.h\"\n"
                     "#include \"common/ids.h\"\n"
                     "#include <map>\n"
                     "// no std::thread here, no ::now()\n"
                     "auto due = now + lease; auto time_left = until(now);\n"
                     "log.append(\"std::mutex\");\n"},
                    {"master/engine/engine.cc", "#include <thread>\n"}};
  EXPECT_THAT(find_impurities(files, "master/core"), IsEmpty());
}

TEST(CodeRulesTest, ImpureCodeIsFound) {
  for (const char* line : {"#include <thread>",
                           "#include <mutex>",
                           "#include <random>",
                           "#include <iostream>",
                           "#include <fstream>",
                           "#include <unistd.h>",
                           "#include <sys/socket.h>",
                           "#include <boost/asio.hpp>",
                           "#include <grpcpp/grpcpp.h>",
                           "#include <rocksdb/db.h>",
                           "#include \"common/clock.h\"",
                           "#include \"common/files.h\"",
                           "#include \"common/log.h\"",
                           "#include \"master/store/store.h\"",
                           "#include \"drover/record.pb.h\"",
                           "auto t = std::chrono::steady_clock::now();",
                           "auto id = new_uuid();",
                           "int r = rand();",
                           "std::mutex m;",
                           "time(nullptr);",
                           "grpc::Status s;"}) {
    const Files files{{"master/core/step.cc", std::string("int x;\n") + line + "\n"}};
    EXPECT_THAT(places(find_impurities(files, "master/core")),
                testing::Contains("master/core/step.cc:2"))
        << line;
  }
}

TEST(CodeRulesTest, Fences) {
  const Fence fence{"\\brocksdb(::|/)", {"master/store"}};
  const Files files{{"master/store/store.cc", "rocksdb::DB* db;\n"},
                    {"master/engine/engine.cc", "// not rocksdb::DB\nrocksdb::DB* db;\n"},
                    {"common/x.h", "#include <rocksdb/db.h>\n"},
                    {"tests/x.cc", "rocksdb::DB* db;\n"}};
  EXPECT_THAT(places(find_fence_jumpers(files, fence)),
              ElementsAre("master/engine/engine.cc:2", "common/x.h:1"));
}

TEST(CodeRulesTest, AFenceCanBeAroundOneFile) {
  const Fence fence{kWaitForChild, {"agent/supervisor/reaper.cc"}};
  const Files files{{"agent/link/link.cc", "if (waitpid(pid, nullptr, 0) < 0) return;\n"},
                    {"agent/supervisor/other.cc", "\n::waitid(P_ALL, 0, &info, WEXITED);\n"},
                    {"agent/supervisor/reaper.cc", "::waitid(P_ALL, 0, &info, WEXITED);\n"},
                    {"agent/wait.cc", "condition.wait(lock); reaper.waitid(1);\n"}};
  EXPECT_THAT(places(find_fence_jumpers(files, fence)),
              ElementsAre("agent/link/link.cc:1", "agent/supervisor/other.cc:2"));
}

TEST(CodeRulesTest, Sleeps) {
  const Files files{{"tests/a.cc", "std::this_thread::sleep_for(1s);\n"},
                    {"tests/b.cc", "::sleep(1);\n"},
                    {"tests/c.cc", "  sleep(1);\n"},
                    {"tests/d.cc", "run(\"sleep 10\"); clock.sleep(1);  // sleep_for\n"},
                    {"tests/excused.cc", "usleep(1);\n"},
                    {"agent/a.cc", "usleep(1);\n"}};
  EXPECT_THAT(places(find_sleeps(files, {"tests/excused.cc"})),
              ElementsAre("tests/a.cc:1", "tests/b.cc:1", "tests/c.cc:1"));
}

TEST(BuildRulesTest, UnbuiltFiles) {
  const Files files{{"CMakeLists.txt", "add_subdirectory(a)\n"},
                    {"a/CMakeLists.txt",
                     "add_library(a one.cc sub/two.cc ${PROJECT_SOURCE_DIR}/b/four.cc\n"
                     "  ${CMAKE_CURRENT_SOURCE_DIR}/five.cc)  # three.cc\n"},
                    {"a/five.cc", ""},
                    {"a/one.cc", ""},
                    {"a/sub/two.cc", ""},
                    {"a/three.cc", ""},
                    {"b/four.cc", ""},
                    {"proto/CMakeLists.txt", "drover_proto(agent agent.proto)\n"},
                    {"proto/drover/agent.proto", ""},
                    {"proto/drover/other.proto", ""}};
  EXPECT_THAT(places(find_unbuilt_files(files)),
              ElementsAre("a/three.cc:0", "b/four.cc:0", "proto/drover/other.proto:0"));
}

TEST(BuildRulesTest, ALoopBuildsWhatItsValuesName) {
  const Files files{{"a/CMakeLists.txt",
                     "foreach(name one two)\n  add_executable(${name} ${name}_test.cc)\n"
                     "endforeach()\n"},
                    {"a/one_test.cc", ""},
                    {"a/three_test.cc", ""},
                    {"a/two_test.cc", ""}};
  EXPECT_THAT(places(find_unbuilt_files(files)), ElementsAre("a/three_test.cc:0"));
}

TEST(BuildRulesTest, UnexpectedLinks) {
  const Files files{{"master/core/CMakeLists.txt",
                     "add_library(core a.cc)\n"
                     "target_link_libraries(core PUBLIC drover_common  # not rocksdb\n"
                     "  PRIVATE RocksDB::rocksdb)\n"}};
  const Findings findings = find_unexpected_links(files, "master/core", {"drover_common"});
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].what, "core links RocksDB::rocksdb");
  EXPECT_EQ(find_unexpected_links(files, "agent/core", {}).size(), 1U);
}

}  // namespace
}  // namespace drover::tidy
