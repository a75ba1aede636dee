#include "support/digest.h"

#include <gtest/gtest.h>

#include "support/files.h"

namespace clamproof {
namespace {

// Of "abc", as FIPS 180 has them.
constexpr const char* sha256_abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* sha512_abc =
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd"
    "454d4423643ce80e2a9ac94fa54ca49f";

TEST(Digest, IsCountedPieceByPiece) {
    Digest digest(DigestKind::Sha256);
    digest.add("a");
    digest.add("bc");
    EXPECT_EQ(digest.hex(), sha256_abc);
    Digest longer(DigestKind::Sha512);
    longer.add("abc");
    EXPECT_EQ(longer.hex(), sha512_abc);
}

TEST(Digest, OfAFile) {
    const clamproof::TempDir folder(testing::TempDir(), "digest-");
    write_file(folder.path() / "abc", "abc");
    EXPECT_EQ(digest_file(folder.path() / "abc", DigestKind::Sha512), sha512_abc);
}

TEST(DigestAside, ComesToTheSame) {
    const std::string much(5 << 20, 'x');
    DigestAside digest(DigestKind::Sha256);
    for (std::size_t at = 0; at < much.size(); at += 777777)
        digest.add(std::string_view(much).substr(at, 777777));
    EXPECT_EQ(digest.hex(), sha256(much));
    EXPECT_EQ(DigestAside(DigestKind::Sha256).hex(), sha256(""));
}

TEST(DigestAside, MayBeGivenUp) {
    DigestAside digest(DigestKind::Sha256);
    digest.add(std::string(3 << 20, 'x'));
}

}  // namespace
}  // namespace clamproof
