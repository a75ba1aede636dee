#include <gtest/gtest.h>

#include "image/download/verification.h"
#include "support/error.h"

namespace clamproof {
namespace {

// All of these were made by gpg in 2020; the old key was good for a day.
constexpr const char* key = R"(-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEXgvhABYJKwYBBAHaRw8BAQdAuRwBx4Cx3KCFcrZoogiIedKuSYDrg8PhEx17
gIJ2uuq0B0EgaG91c2WIkAQTFggAOBYhBMs7yaJT/aF48DNIx7K+WUiZKw7WBQJe
C+EAAhsDBQsJCAcCBhUKCQgLAgQWAgMBAh4BAheAAAoJELK+WUiZKw7WceYA/3aI
R4hEuma2tIlvTkf+chuECkMSXRdBy/OOMhY4xhCZAP96GdvvE69ttoZoqGOART2U
dPaBCiK+nVniAUBe2VVmCQ==
=Aal8
-----END PGP PUBLIC KEY BLOCK-----
)";
constexpr const char* old_key = R"(-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEXgvhABYJKwYBBAHaRw8BAQdAmvUYH2DLbXlxFYvKBuS6nqi4kXO/YR10vyd+
0HhfMZm0DEFuIG9sZCBob3VzZYiWBBMWCAA+FiEEtE+oOY3jjGf0gfUaFEzLAflf
9o8FAl4L4QACGwMFCQABUYAFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQFEzL
Aflf9o+PPwEA03+yV0devZtcjEEis1MqpT7QN4ikhX1cVUQwXhYkelUBAKZWWSbe
lU1+Qc5vWzaAPPu4bkh/nkNhktwCKecKzGwH
=YsyQ
-----END PGP PUBLIC KEY BLOCK-----
)";
constexpr const char* clear_signed = R"(-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

aaaa  house
-----BEGIN PGP SIGNATURE-----

iHUEARYIAB0WIQTLO8miU/2hePAzSMeyvllImSsO1gUCXgvhAAAKCRCyvllImSsO
1uI9AQC4cZH34Gk5v+4eqHbiZ38aM47fN8/xMNFpdyGwt2sAJgEA9V9/x+NYAww+
l43F76MLgXWPVBWA2sijnB/r6a8q0AM=
=SRgB
-----END PGP SIGNATURE-----
)";
constexpr const char* signed_by_old_key = R"(-----BEGIN PGP SIGNED MESSAGE-----
Hash: SHA256

aaaa  house
-----BEGIN PGP SIGNATURE-----

iHUEARYIAB0WIQS0T6g5jeOMZ/SB9RoUTMsB+V/2jwUCXgvhAAAKCRAUTMsB+V/2
j/FjAQDPj8Ljs27BcDpwbULqt0V0R66kxmxAPlOJkNbK7jIuwwEA50JFgRjQQIrC
4S4RBUQFC/yVGby98Y8zmmCqYCzudwo=
=koI4
-----END PGP SIGNATURE-----
)";
constexpr const char* detached = R"(-----BEGIN PGP SIGNATURE-----

iHUEABYIAB0WIQTLO8miU/2hePAzSMeyvllImSsO1gUCXgvhAAAKCRCyvllImSsO
1uRQAP4wLdXkH0httskhR6Sx9prAdhu32kOBeuKuGY4ZFtJxVAEAjAtmZQNXKWUq
uVlvEaU+R0QKYk4JR2oZpX7wAwfMJQA=
=LmCd
-----END PGP SIGNATURE-----
)";

class SignatureTest : public testing::Test {
  protected:
    SignatureTest() {
        write_file(house_, key);
        write_file(old_house_, old_key);
    }

    static std::string complaint(const SignedText& given, const fs::path& keyring,
                                 const std::vector<std::string>& fingerprints = {}) {
        try {
            verified_text(given, keyring, fingerprints);
            return "";
        } catch (const InfraError& error) {
            return error.what();
        }
    }

    clamproof::TempDir folder_{testing::TempDir(), "keys-"};
    fs::path house_ = folder_.path() / "house.asc", old_house_ = folder_.path() / "old.asc";
};

TEST_F(SignatureTest, OfAClearSignedTextOnlyTheSignedPartCounts) {
    const std::string around = std::string("bbbb  house\n") + clear_signed + "cccc  house\n";
    EXPECT_EQ(verified_text({.text = clear_signed, .where = "sums"}, house_), "aaaa  house\n");
    EXPECT_EQ(verified_text({.text = around, .where = "sums"}, house_), "aaaa  house\n");
}

TEST_F(SignatureTest, ADetachedSignatureIsHeldAgainstTheText) {
    EXPECT_EQ(verified_text({.text = "aaaa  house\n", .where = "sums", .signature = detached}, house_),
              "aaaa  house\n");
    EXPECT_TRUE(complaint({.text = "bbbb  house\n", .where = "sums", .signature = detached}, house_)
                    .starts_with("sums is not the one that key "));
    EXPECT_TRUE(complaint({.text = "aaaa  house\n", .where = "sums", .signature = "nonsense"}, house_)
                    .starts_with("sums is not signed (keyring "));
}

TEST_F(SignatureTest, TellsWhatIsWrong) {
    std::string changed = clear_signed;
    changed.replace(changed.find("aaaa"), 4, "bbbb");
    EXPECT_TRUE(
        complaint({.text = changed, .where = "sums"}, house_).starts_with("sums is not the one that key "));
    EXPECT_TRUE(
        complaint({.text = "aaaa  house\n", .where = "sums"}, house_).starts_with("sums is not signed"));
    EXPECT_NE(
        complaint({.text = signed_by_old_key, .where = "sums"}, house_).find("which the keyring has not"),
        std::string::npos);
    EXPECT_NE(complaint({.text = signed_by_old_key, .where = "sums"}, old_house_).find("which has expired"),
              std::string::npos);
}

TEST_F(SignatureTest, IsByAKeyOfANamedFingerprint) {
    const SignedText given{.text = clear_signed, .where = "sums"};
    const std::string other(40, 'A');
    EXPECT_EQ(complaint(given, house_, {other, "CB3BC9A253FDA178F03348C7B2BE5948992B0ED6"}), "");
    EXPECT_TRUE(
        complaint(given, house_, {other})
            .starts_with(
                "sums is signed by the key CB3BC9A253FDA178F03348C7B2BE5948992B0ED6, whose fingerprint"))
        << complaint(given, house_, {other});
}

TEST_F(SignatureTest, AKeyringIsNeeded) {
    const SignedText given{.text = clear_signed, .where = "sums"};
    EXPECT_TRUE(complaint(given, folder_.path() / "none").starts_with("there is no keyring "));
    write_file(house_, std::string(key).replace(200, 3, "!!!"));
    EXPECT_NE(complaint(given, house_).find("its armour is damaged"), std::string::npos);
    write_file(house_, "not a key");
    EXPECT_NE(complaint(given, house_), "");
}

}  // namespace
}  // namespace clamproof
