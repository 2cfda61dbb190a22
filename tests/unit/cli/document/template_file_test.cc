#include "cli/document/template_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_dir.h"

namespace drover::cli {
namespace {

using testing::ElementsAre;
using testing::StartsWith;

TEST(TemplateFile, JsonGoesOutAsItIs) {
  const TempDir directory;
  const std::string json = "\n {\"name\": \"x\",  \"cpu\": 0.50}\n";
  const auto read = read_templates(directory.write("x.yaml", json));
  ASSERT_TRUE(read);
  EXPECT_THAT(*read, ElementsAre(json)) << "whatever the file is called";
}

TEST(TemplateFile, EachDocumentOfYamlIsATemplate) {
  const TempDir directory;
  const std::string path = directory.write("x.yaml", "name: a\n---\nname: 'b'\n");
  const auto read = read_templates(path);
  ASSERT_TRUE(read);
  EXPECT_THAT(*read, ElementsAre(R"({"name":"a"})", R"({"name":"b"})"));
  EXPECT_EQ(read_template(path).error().message, path + ": 2 templates, where one is wanted");
}

TEST(TemplateFile, WhatIsWrongIsSaidWithThePath) {
  const TempDir directory;
  EXPECT_EQ(read_templates(directory / "none").error().message, directory / "none: no such file");
  const std::string empty = directory.write("empty", " \n");
  EXPECT_EQ(read_templates(empty).error().message, empty + ": nothing is in it");
  const std::string comment = directory.write("comment", "# nothing\n");
  EXPECT_EQ(read_templates(comment).error().message, comment + ": no template is in it");
  const std::string wrong = directory.write("wrong", "a: [\n");
  EXPECT_THAT(read_templates(wrong).error().message, StartsWith(wrong + ": line "));
  EXPECT_FALSE(read_templates(directory.path()));
}

}  // namespace
}  // namespace drover::cli
