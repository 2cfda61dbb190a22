#include "common/sha256.h"

#include <openssl/evp.h>

#include "common/check.h"

namespace drover {

std::string sha256(std::string_view bytes) {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  const int done = EVP_Digest(bytes.data(), bytes.size(),
                              static_cast<unsigned char*>(static_cast<void*>(digest.data())), &size,
                              EVP_sha256(), nullptr);
  DROVER_CHECK(done == 1, "SHA-256 of memory cannot fail");
  digest.resize(size);
  return digest;
}

}  // namespace drover
