// The document says what there is, and fits itself. That it fits what is answered is shown by
// tests/integration/openapi.
#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <fstream>
#include <set>
#include <sstream>

#include "master/http/openapi/document.h"
#include "master/http/routes.h"
#include "tests/support/api_document.h"

namespace drover::http {
namespace {

namespace json = boost::json;

const test::ApiDocument& the_document() {
  static const test::ApiDocument document(openapi::document());
  return document;
}

std::string readme() {
  std::ostringstream text;
  text << std::ifstream(DROVER_SOURCE_DIR "/master/http/README.md").rdbuf();
  return text.str();
}

// Every schema of the document, wherever it stands.
void for_each_schema(const std::function<void(const json::object&)>& visit) {
  test::for_each_object(the_document().root(), [&](const json::object& object) {
    if (const auto* schema = object.if_contains("schema")) visit(schema->as_object());
    if (const auto* members = object.if_contains("properties")) {
      for (const auto& member : members->as_object()) visit(member.value().as_object());
    }
  });
}

TEST(OpenApi, IsMadeOnce) { EXPECT_EQ(&openapi::document(), &openapi::document()); }

TEST(OpenApi, HasEveryRoute) {
  EXPECT_EQ(the_document().operations().size(), routes().size());
  for (const Route& route : routes()) {
    const openapi::Operation operation = route.operation();
    const auto& shown = the_document().operation(operation.id);
    EXPECT_EQ(shown.path, route.path);
    EXPECT_EQ(shown.method, word_of(route.method));
  }
}

TEST(OpenApi, EveryOperationIsWhole) {
  std::set<std::string_view> ids;
  for (const Route& route : routes()) {
    const openapi::Operation operation = route.operation();
    EXPECT_TRUE(ids.insert(operation.id).second) << operation.id;
    EXPECT_FALSE(operation.description.empty()) << operation.id;
    EXPECT_FALSE(route.summary.empty()) << operation.id;
    EXPECT_FALSE(operation.success.meaning.empty()) << operation.id;
    EXPECT_FALSE(operation.success.contents.empty()) << operation.id;
    EXPECT_FALSE(operation.body && operation.body->examples.empty()) << operation.id;
    const bool has_brace = route.path.find('{') != std::string_view::npos;
    ASSERT_EQ(operation.path_parameter.has_value(), has_brace) << operation.id;
    if (!has_brace) continue;
    const std::string named = "{" + std::string(operation.path_parameter->name) + "}";
    EXPECT_NE(route.path.find(named), std::string_view::npos) << operation.id;
  }
}

TEST(OpenApi, EveryTagIsExplained) {
  std::set<std::string> explained;
  for (const json::value& tag : the_document().root().at("tags").as_array()) {
    explained.insert(std::string(tag.at("name").as_string()));
  }
  std::set<std::string> used;
  for (const auto& operation : the_document().operations()) {
    for (const json::value& tag : operation.json->at("tags").as_array()) {
      used.insert(std::string(tag.as_string()));
    }
  }
  EXPECT_EQ(used, explained);
}

TEST(OpenApi, EveryReferenceLeadsSomewhere) {
  std::size_t references = 0;
  test::for_each_object(the_document().root(), [&](const json::object& object) {
    if (!object.contains("$ref")) return;
    ++references;
    EXPECT_NO_THROW(the_document().resolve(object)) << json::serialize(object);
  });
  EXPECT_GT(references, 50U);
}

TEST(OpenApi, EveryMemberIsExplained) {
  std::size_t members = 0;
  test::for_each_object(the_document().root(), [&](const json::object& object) {
    const json::value* properties = object.if_contains("properties");
    if (properties == nullptr) return;
    for (const auto& member : properties->as_object()) {
      ++members;
      EXPECT_TRUE(member.value().as_object().contains("description")) << member.key();
    }
  });
  EXPECT_GT(members, 150U);
}

// Of parameters, bodies and answers: `example` and `examples` stand beside a `schema`.
TEST(OpenApi, EveryExampleFitsItsSchema) {
  std::size_t examples = 0;
  const auto check = [&](const json::object& schema, const json::value& example) {
    ++examples;
    EXPECT_EQ(the_document().misfit(schema, example), "") << json::serialize(example);
  };
  test::for_each_object(the_document().root(), [&](const json::object& object) {
    const json::value* beside = object.if_contains("schema");
    if (beside == nullptr) return;
    const json::object& schema = beside->as_object();
    if (const json::value* one = object.if_contains("example")) check(schema, *one);
    if (const json::value* several = object.if_contains("examples")) {
      for (const auto& each : several->as_object()) check(schema, each.value().at("value"));
    }
  });
  EXPECT_GT(examples, 100U);
}

TEST(OpenApi, EveryLineOfAStreamsExampleFitsItsSchema) {
  for (const auto& operation : the_document().operations()) {
    const json::object& contents =
        operation.json->at("responses").at("200").at("content").as_object();
    for (const auto& content : contents) {
      if (content.key() == "application/json") continue;
      const std::string example(content.value().at("example").as_string());
      EXPECT_EQ(the_document().misfit(operation, 200, std::string(content.key()), example), "");
    }
  }
}

// Those of templates, which readers are tested with as well.
TEST(OpenApi, EveryExampleOfAMemberFitsIt) {
  std::size_t examples = 0;
  for_each_schema([&](const json::object& schema) {
    const json::value* listed = schema.if_contains("examples");
    if (listed == nullptr || !listed->is_array()) return;
    for (const json::value& each : listed->as_array()) {
      ++examples;
      EXPECT_EQ(the_document().misfit(schema, each), "") << json::serialize(each);
    }
  });
  EXPECT_GT(examples, 50U);
}

TEST(OpenApi, RefusesWhatIsUnknown) {
  EXPECT_NE(the_document().misfit("InstanceId", json::value{{"id", "x"}, {"name", "y"}}), "");
  EXPECT_NE(the_document().misfit("InstanceId", json::object()), "");
  EXPECT_NE(the_document().misfit(
                "Error", json::value{{"status", "error"}, {"code", "what"}, {"message", "m"}}),
            "");
}

// The words that end a stream are in its lines, and no status of any call.
TEST(OpenApi, EveryErrorIsOfSomeCall) {
  std::set<std::string> listed;
  test::for_each_object(the_document().root(), [&](const json::object& object) {
    const json::value* examples = object.if_contains("examples");
    if (examples == nullptr || !examples->is_object()) return;
    for (const auto& each : examples->as_object()) listed.insert(std::string(each.key()));
  });
  for (const CodeInfo& code : all_codes()) {
    if (code.code == Code::stream_ended || code.code == Code::too_slow) continue;
    EXPECT_TRUE(listed.contains(std::string(code.word))) << code.word;
  }
}

TEST(OpenApi, EveryErrorIsExplained) {
  const std::string page = readme();
  for (const CodeInfo& code : all_codes()) {
    EXPECT_FALSE(code.meaning.empty()) << code.word;
    const std::string row = "| `" + std::string(code.word) + "` | " + std::to_string(code.status);
    EXPECT_NE(page.find(row), std::string::npos) << row << " is not in README.md";
  }
}

TEST(OpenApi, EveryRouteIsInTheReadme) {
  const std::string page = readme();
  for (const Route& route : routes()) {
    std::string path(route.path);
    for (const auto& [brace, word] :
         {std::pair<std::string, std::string>{"{id}", "ID"}, {"{name}", "NAME"}}) {
      if (const auto at = path.find(brace); at != std::string::npos) {
        path.replace(at, brace.size(), word);
      }
    }
    const std::string row = "| " + std::string(word_of(route.method)) + " | `" + path + "` |";
    EXPECT_NE(page.find(row), std::string::npos) << row << " is not in README.md";
  }
}

}  // namespace
}  // namespace drover::http
