// Idempotency-Key: a deploy that is sent again makes no second instance.
#include <gtest/gtest.h>

#include <future>
#include <set>
#include <string>
#include <vector>

#include "tests/integration/http/master_fixture.h"

namespace drover::test {
namespace {

class RequestKeys : public MasterFixture {
 protected:
  void SetUp() override {
    MasterFixture::SetUp();
    create_template("work");
    create_template("other");
  }
  HttpResponse deploy(const std::string& body, const std::string& key,
                      const std::string& path = "/api/v1/instances") const {
    auto response = connect().post(path, body, "Idempotency-Key: " + key + "\r\n");
    EXPECT_TRUE(response);
    return response ? *response : HttpResponse{};
  }
};

TEST_F(RequestKeys, GiveTheSameAnswerAgain) {
  const HttpResponse first = deploy(R"({"template":"work"})", "k1");
  ASSERT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(deploy(R"({ "template" : "work" })", "k1").body, first.body) << "spaces say nothing";
  EXPECT_NE(deploy(R"({"template":"work"})", "k2").body, first.body);
  EXPECT_EQ(view_->live_instances(), 2U);
}

TEST_F(RequestKeys, AreOneForBothCallsThatDeploy) {
  const HttpResponse first = deploy(R"({"template":"work"})", "k");
  EXPECT_EQ(deploy(R"({"name":"work"})", "k", "/api/task/task_group/deploy").body, first.body);
  EXPECT_EQ(view_->live_instances(), 1U);
}

TEST_F(RequestKeys, AreRefusedForAnotherRequest) {
  ASSERT_EQ(deploy(R"({"template":"work"})", "k").status, 200);
  const HttpResponse other = deploy(R"({"template":"other"})", "k");
  EXPECT_EQ(other.status, 422);
  EXPECT_EQ(other.code(), "idempotency_key_reused");
  EXPECT_EQ(view_->live_instances(), 1U);
}

TEST_F(RequestKeys, AreFreeWhereNothingWasDone) {
  EXPECT_EQ(deploy(R"({"template":"later"})", "k").code(), "unknown_template");
  create_template("later");
  EXPECT_EQ(deploy(R"({"template":"later"})", "k").status, 200);
}

TEST_F(RequestKeys, AreJudged) {
  for (const std::string& key :
       {std::string(), std::string(256, 'k'), std::string("two words"), std::string("caf\xc3\xa9"),
        std::string("k\r\nIdempotency-Key: k")}) {
    const HttpResponse response = deploy(R"({"template":"work"})", key);
    EXPECT_EQ(response.status, 400) << key;
    EXPECT_EQ(response.code(), "invalid_value") << key;
    EXPECT_NE(response.message().find("Idempotency-Key"), std::string::npos);
  }
  EXPECT_EQ(deploy(R"({"template":"work"})", std::string(255, 'k')).status, 200);
  EXPECT_EQ(view_->live_instances(), 1U);
}

TEST_F(RequestKeys, OfManyAtOnceMakeOne) {
  std::vector<std::future<std::string>> answers;
  for (int client = 0; client < 16; ++client) {
    answers.push_back(std::async(std::launch::async,
                                 [this] { return deploy(R"({"template":"work"})", "race").body; }));
  }
  std::set<std::string> bodies;
  for (auto& each : answers) bodies.insert(each.get());
  EXPECT_EQ(bodies.size(), 1U);
  EXPECT_EQ(view_->live_instances(), 1U);
}

}  // namespace
}  // namespace drover::test
