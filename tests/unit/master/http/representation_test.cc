#include "master/http/representation.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <string>

namespace drover::http {
namespace {

std::string decompressed(const std::string& bytes) {
  z_stream stream{};
  EXPECT_EQ(inflateInit2(&stream, 15 + 16), Z_OK);
  std::string in = bytes;
  std::string out(1 << 20, '\0');
  stream.next_in = static_cast<Bytef*>(static_cast<void*>(in.data()));
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = static_cast<Bytef*>(static_cast<void*>(out.data()));
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(inflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(stream.total_out);
  inflateEnd(&stream);
  return out;
}

class Representation : public testing::Test {
 protected:
  Representation() { head_.method = Method::get; }
  static void set(RequestHead::Header& header, const std::string& value) {
    header.count = 1;
    header.value = value;
  }
  Response of(const std::string& body, int status = 200) const {
    Response response;
    response.status = status;
    response.body = body;
    represent(head_, response);
    return response;
  }

  RequestHead head_;
};

TEST_F(Representation, HasATagOfItsContent) {
  EXPECT_EQ(of("a").etag, of("a").etag);
  EXPECT_NE(of("a").etag, of("b").etag);
  EXPECT_TRUE(of("a").etag.starts_with("W/\""));
}

TEST_F(Representation, IsNotSentAgain) {
  const std::string tag = of("a").etag;
  for (const std::string& list : {tag, "\"x\", " + tag, std::string("*"), tag.substr(2)}) {
    set(head_.make_rare().if_none_match, list);
    const Response response = of("a");
    EXPECT_EQ(response.status, 304) << list;
    EXPECT_EQ(response.text(), "");
    EXPECT_EQ(response.etag, tag);
  }
  set(head_.make_rare().if_none_match, tag);
  EXPECT_EQ(of("b").status, 200);
  EXPECT_EQ(of("a", 404).status, 404) << "a problem is always told";
}

TEST_F(Representation, KeepsTheTagThatItsHandlerGave) {
  set(head_.make_rare().if_none_match, "\"3\"");
  Response response;
  response.etag = "\"3\"";
  response.body = "a";
  represent(head_, response);
  EXPECT_EQ(response.status, 304);
}

TEST_F(Representation, IsCompressedForWhoTakesIt) {
  const std::string body(5000, 'a');
  for (const char* accepted :
       {"gzip", "GZIP", "br, gzip", "gzip;q=0.5", "*", "deflate , gzip ; q=1"}) {
    set(head_.make_rare().accept_encoding, accepted);
    const Response response = of(body);
    ASSERT_TRUE(response.gzip) << accepted;
    EXPECT_LT(response.body.size(), 200U);
    EXPECT_EQ(decompressed(response.body), body);
    EXPECT_TRUE(response.varies);
  }
  for (const char* accepted : {"", "br", "gzip;q=0", "identity", "xgzip", "gzip;q=x"}) {
    set(head_.make_rare().accept_encoding, accepted);
    EXPECT_FALSE(of(body).gzip) << accepted;
  }
}

TEST_F(Representation, LeavesShortAnswersAsTheyAre) {
  set(head_.make_rare().accept_encoding, "gzip");
  EXPECT_FALSE(of("short").gzip);
  EXPECT_FALSE(of("short").varies);
}

TEST_F(Representation, IsOfGetsAlone) {
  head_.method = Method::post;
  EXPECT_EQ(of("a").etag, "");
}

TEST_F(Representation, HasTheSameTagWhicheverWayItIsSent) {
  const std::string body(5000, 'a');
  const std::string plain = of(body).etag;
  set(head_.make_rare().accept_encoding, "gzip");
  EXPECT_EQ(of(body).etag, plain);
}

}  // namespace
}  // namespace drover::http
